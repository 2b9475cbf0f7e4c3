from pathlib import Path

from django.db import migrations

SEARCH = (Path(__file__).resolve().parent.parent / "sql" / "search.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_alter_companytag_options_and_more")]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS search_words(text[]), search_split(text)", migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(
            "SELECT contacts_reindex_contacts(array_agg(id)) FROM contacts_contact HAVING count(*) > 0; "
            "SELECT contacts_reindex_companies(array_agg(id)) FROM contacts_company HAVING count(*) > 0",
            migrations.RunSQL.noop,
        ),
    ]
