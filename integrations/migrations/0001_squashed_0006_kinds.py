import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import integrations.models
from django.conf import settings
from django.db import migrations, models



class Migration(migrations.Migration):
    """All tables at once, for new databases; those that are there already go on by the steps it replaces."""

    replaces = [('integrations', '0001_imports'), ('integrations', '0002_looks'), ('integrations', '0003_faster_imports'), ('integrations', '0004_remembered_mappings'), ('integrations', '0005_exports'), ('integrations', '0006_kinds')]

    initial = True

    dependencies = [
        ('access', '0001_squashed_0003_field_rules'),
        ('records', '0001_squashed_0008_beginnings'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contacts', 'Contacts'), ('companies', 'Companies'), ('opportunities', 'Opportunities'), ('products', 'Products'), ('users', 'Users')], max_length=13, verbose_name='what it holds')),
                ('status', models.CharField(choices=[('mapping', 'To be mapped'), ('planning', 'Being checked'), ('planned', 'Ready'), ('committing', 'Being imported'), ('paused', 'Paused'), ('done', 'Imported'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('cancelled', 'Cancelled'), ('failed', 'Failed')], default='mapping', max_length=10, verbose_name='status')),
                ('file', models.FileField(blank=True, upload_to=integrations.models.import_path, verbose_name='file')),
                ('file_name', models.CharField(max_length=200, verbose_name='file name')),
                ('choices', models.JSONField(default=dict)),
                ('headers', models.JSONField(default=list)),
                ('preset', models.CharField(default='generic', max_length=40)),
                ('look', models.JSONField(default=dict)),
                ('mapping', models.JSONField(default=list)),
                ('rules', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict)),
                ('rows_read', models.PositiveIntegerField(default=0)),
                ('rows_done', models.PositiveIntegerField(default=0)),
                ('rows_before', models.PositiveIntegerField(default=0)),
                ('cursor', models.PositiveIntegerField(default=0)),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('changeset', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_run', to='records.changeset')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['by', '-id'], name='import_by_person'), models.Index(condition=models.Q(('status__in', ['planning', 'committing', 'undoing'])), fields=['moved_at'], name='import_at_work')],
            },
        ),
        migrations.CreateModel(
            name='RememberedMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contacts', 'Contacts'), ('companies', 'Companies'), ('opportunities', 'Opportunities'), ('products', 'Products'), ('users', 'Users')], max_length=13, verbose_name='what it holds')),
                ('headers', models.CharField(max_length=64)),
                ('fields', models.JSONField(default=list)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'remembered columns',
                'verbose_name_plural': 'remembered columns',
                'constraints': [models.UniqueConstraint(fields=('kind', 'headers'), name='one_mapping_per_headers')],
            },
        ),
        migrations.CreateModel(
            name='ExportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.GenericIPAddressField(null=True)),
                ('type', models.CharField(max_length=40, verbose_name='what it holds')),
                ('query', models.TextField(blank=True)),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('file_format', models.CharField(max_length=5, verbose_name='format')),
                ('columns', models.JSONField(default=list)),
                ('options', models.JSONField(default=dict)),
                ('rights', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('working', 'Being made'), ('done', 'Ready'), ('failed', 'Failed'), ('gone', 'Deleted')], default='working', max_length=7, verbose_name='status')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='records')),
                ('file', models.FileField(blank=True, upload_to=integrations.models.export_path, verbose_name='file')),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['by', '-id'], name='export_by_person'), models.Index(condition=models.Q(('status', 'working')), fields=['moved_at'], name='export_at_work')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('raw', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('cleaned', models.JSONField(default=dict)),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), default=list, size=None)),
                ('action', models.CharField(choices=[('create', 'Created'), ('update', 'Updated'), ('same', 'Identical'), ('skip', 'Skipped'), ('fail', 'Failed')], max_length=6)),
                ('record_id', models.BigIntegerField(null=True)),
                ('diff', models.JSONField(default=dict)),
                ('errors', models.JSONField(default=list)),
                ('step', models.PositiveSmallIntegerField(choices=[(0, 'staged'), (1, 'written'), (2, 'finished')], default=0)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='integrations.importrun')),
            ],
            options={
                'verbose_name': 'imported row',
                'verbose_name_plural': 'imported rows',
                'ordering': ['run', 'number'],
                'indexes': [models.Index(fields=['run', 'action', 'number'], name='import_rows_by_action'), models.Index(condition=models.Q(('step', 1)), fields=['run', 'number'], name='import_rows_to_link'), models.Index(condition=models.Q(('errors', []), _negated=True), fields=['run', 'number'], name='import_rows_to_tell')],
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='one_row_per_number')],
            },
        ),
    ]
