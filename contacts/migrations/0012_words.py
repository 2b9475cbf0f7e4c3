from pathlib import Path

from django.db import migrations

SEARCH = (Path(__file__).resolve().parent.parent / "sql" / "search.sql").read_text(encoding="utf-8")
# Write all entries anew, and with them the vocabulary; in parts, so that memory stays flat.
AGAIN = """
DO $$
DECLARE ids bigint[]; last bigint;
BEGIN
    FOR last IN SELECT DISTINCT id / 20000 FROM contacts_company LOOP
        SELECT array_agg(id) INTO ids FROM contacts_company WHERE id >= last * 20000 AND id < (last + 1) * 20000;
        PERFORM contacts_reindex_companies(ids);
    END LOOP;
    FOR last IN SELECT DISTINCT id / 20000 FROM contacts_contact LOOP
        SELECT array_agg(id) INTO ids FROM contacts_contact WHERE id >= last * 20000 AND id < (last + 1) * 20000;
        PERFORM contacts_reindex_contacts(ids);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0011_parents"), ("records", "0005_words")]

    operations = [
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
