from pathlib import Path

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

WORDS = (Path(__file__).resolve().parent.parent / "sql" / "words.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("records", "0004_custom_fields")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="WordEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("word", models.TextField(db_collation="C")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["word"], name="word_entry"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="word_trigrams", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
