from pathlib import Path

from django.db import migrations

SEARCH = (Path(__file__).resolve().parent.parent / "sql" / "search.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0015_entries_of_a_record"), ("records", "0007_searched_and_linked")]

    operations = [migrations.RunSQL(SEARCH, migrations.RunSQL.noop)]
