from pathlib import Path

from django.db import migrations

DUPLICATES = (Path(__file__).resolve().parent.parent / "sql" / "duplicates.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0013_order_by_creation")]

    operations = [migrations.RunSQL(DUPLICATES, migrations.RunSQL.noop)]
