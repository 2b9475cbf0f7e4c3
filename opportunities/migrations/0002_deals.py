from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# A deal has some eight entries, which lie side by side (contacts/migrations/0015_entries_of_a_record.py).
ENTRIES = "ALTER TABLE opportunities_opportunityentry ALTER COLUMN record_id SET (n_distinct = -0.12)"


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial"), ("contacts", "0012_words")]

    operations = [
        migrations.RunSQL((SQL / "deals.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "search.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(ENTRIES, migrations.RunSQL.noop),
    ]
