from pathlib import Path

from django.db import migrations

LINES = (Path(__file__).resolve().parent.parent / "sql" / "lines.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0002_deals")]

    operations = [migrations.RunSQL(LINES, migrations.RunSQL.noop)]
