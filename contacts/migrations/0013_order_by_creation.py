from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0012_words")]

    operations = [
        migrations.AddIndex(
            model_name=kind,
            index=models.Index(fields=[column, "created_at", "id"], name=f"{kind}_by_{column}_creation"),
        )
        for kind in ("company", "contact")
        for column in ("owner", "team")
    ]
