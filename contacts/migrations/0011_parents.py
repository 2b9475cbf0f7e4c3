"""No loops of parent companies, whatever writes them."""

from pathlib import Path

from django.db import migrations

PARENTS = (Path(__file__).resolve().parent.parent / "sql" / "parents.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0010_duplicates")]

    operations = [migrations.RunSQL(PARENTS, migrations.RunSQL.noop)]
