from pathlib import Path

from django.db import migrations

SEARCH = (Path(__file__).resolve().parent.parent / "sql" / "search.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0017_by_owner_and_team")]

    operations = [migrations.RunSQL(SEARCH, migrations.RunSQL.noop)]
