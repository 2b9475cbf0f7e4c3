from pathlib import Path

import crm.records.models
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
NORM = (SQL / "norm.sql").read_text(encoding="utf-8")
WORDS = (SQL / "words.sql").read_text(encoding="utf-8")
SEARCHABLE = (SQL / "searchable.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """All tables at once, for new databases; those that are there already go on by the steps it replaces."""

    replaces = [('records', '0001_initial'), ('records', '0002_event_address'), ('records', '0003_fewer_indexes'), ('records', '0004_custom_fields'), ('records', '0005_words'), ('records', '0006_custom_indexes'), ('records', '0007_searched_and_linked'), ('records', '0008_beginnings')]

    initial = True

    dependencies = [
        ('access', '0001_squashed_0003_field_rules'),
    ]

    operations = [
        migrations.RunSQL(NORM, migrations.RunSQL.noop),
        TrigramExtension(),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Sillage', max_length=120, verbose_name='company name')),
                ('logo', models.ImageField(blank=True, upload_to='logos/', verbose_name='logo')),
                ('legal_mentions', models.TextField(blank=True, max_length=2000, verbose_name='legal mentions')),
                ('country', models.CharField(default='FR', help_text='How phone numbers are read.', max_length=2, verbose_name='country')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('fiscal_year_start', models.PositiveSmallIntegerField(choices=[(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 9), (10, 10), (11, 11), (12, 12)], default=1, verbose_name='first month of the fiscal year')),
                ('day_starts_at', models.TimeField(default='09:00', verbose_name='working day from')),
                ('day_ends_at', models.TimeField(default='18:00', verbose_name='to')),
                ('working_days', models.JSONField(default=crm.records.models.default_working_days, verbose_name='working days')),
                ('languages', models.JSONField(default=crm.records.models.default_languages, verbose_name='languages')),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=64, verbose_name='time zone')),
                ('trash_days', models.PositiveSmallIntegerField(default=30, verbose_name='days in the trash')),
                ('undo_days', models.PositiveSmallIntegerField(default=30, verbose_name='days an act can be undone')),
                ('upload_limit_mb', models.PositiveIntegerField(default=1024, verbose_name='largest file, in megabytes')),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'settings',
                'verbose_name_plural': 'settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('colour', models.CharField(choices=[('blue', 'blue'), ('teal', 'teal'), ('green', 'green'), ('amber', 'amber'), ('orange', 'orange'), ('rose', 'rose'), ('plum', 'plum'), ('gray', 'gray')], default='gray', max_length=6, verbose_name='colour')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='one_tag_per_name')],
            },
        ),
        migrations.CreateModel(
            name='WordEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('word', models.TextField(db_collation='C')),
            ],
            options={
                'indexes': [models.Index(fields=['word'], name='word_entry'), django.contrib.postgres.indexes.GinIndex(fields=['word'], name='word_trigrams', opclasses=['gin_trgm_ops'])],
            },
        ),
        migrations.CreateModel(
            name='Beginning',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=100)),
                ('text', models.CharField(db_collation='C', max_length=8)),
                ('entries', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'text'), name='one_of_each_beginning')],
            },
        ),
        migrations.CreateModel(
            name='Changeset',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('create', 'Creation'), ('edit', 'Edit'), ('bulk', 'Bulk edit'), ('import', 'Import'), ('merge', 'Merge'), ('trash', 'Deletion'), ('restore', 'Restoration'), ('share', 'Sharing'), ('handover', 'Hand-over'), ('settings', 'Settings'), ('undo', 'Undo'), ('automation', 'Automation')], max_length=12)),
                ('status', models.CharField(choices=[('open', 'Under way'), ('done', 'Done'), ('undone', 'Undone')], default='open', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undoes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='records.changeset')),
            ],
            options={
                'verbose_name': 'changeset',
                'verbose_name_plural': 'changesets',
                'indexes': [models.Index(fields=['-created_at', 'id'], name='records_cha_created_ad69d2_idx'), models.Index(fields=['actor', '-created_at'], name='records_cha_actor_i_1b16a2_idx')],
            },
        ),
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=40, verbose_name='kind of record')),
                ('slug', models.CharField(editable=False, max_length=60)),
                ('label', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('long_text', 'Long text'), ('number', 'Number'), ('money', 'Amount'), ('date', 'Date'), ('moment', 'Date and time'), ('yes_no', 'Yes or no'), ('choice', 'Choice'), ('choices', 'Several choices'), ('link', 'Web address'), ('email', 'E-mail address'), ('phone', 'Phone'), ('user', 'User'), ('record', 'Record')], max_length=10, verbose_name='kind of field')),
                ('help_text', models.CharField(blank=True, max_length=200, verbose_name='help')),
                ('section', models.CharField(blank=True, max_length=60, verbose_name='section of the page')),
                ('position', models.IntegerField(default=0)),
                ('is_required', models.BooleanField(default=False, verbose_name='required')),
                ('is_unique', models.BooleanField(default=False, help_text='Two records cannot have the same value, whatever its case and accents.', verbose_name='each value once')),
                ('is_indexed', models.BooleanField(default=False, help_text='Lists can be sorted by it, and filters by it stay quick with many records.', verbose_name='quick to sort and to filter')),
                ('is_searchable', models.BooleanField(default=False, help_text='The search finds records by the words of this field.', verbose_name='found by the search')),
                ('target', models.CharField(blank=True, max_length=40, verbose_name='leads to')),
                ('built', models.JSONField(default=list, editable=False)),
                ('problem', models.JSONField(default=list, editable=False)),
                ('default', models.JSONField(blank=True, null=True, verbose_name='value of new records')),
                ('choices', models.JSONField(blank=True, default=list, verbose_name='choices')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
            ],
            options={
                'verbose_name': 'custom field',
                'verbose_name_plural': 'custom fields',
                'ordering': ['type', 'position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('type', 'slug'), name='one_custom_field_per_slug')],
            },
        ),
        migrations.CreateModel(
            name='CustomFieldVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('type', models.CharField(max_length=40, null=True, verbose_name='kind of record')),
                ('slug', models.CharField(editable=False, max_length=60, null=True)),
                ('label', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('long_text', 'Long text'), ('number', 'Number'), ('money', 'Amount'), ('date', 'Date'), ('moment', 'Date and time'), ('yes_no', 'Yes or no'), ('choice', 'Choice'), ('choices', 'Several choices'), ('link', 'Web address'), ('email', 'E-mail address'), ('phone', 'Phone'), ('user', 'User'), ('record', 'Record')], max_length=10, null=True, verbose_name='kind of field')),
                ('help_text', models.CharField(blank=True, max_length=200, null=True, verbose_name='help')),
                ('section', models.CharField(blank=True, max_length=60, null=True, verbose_name='section of the page')),
                ('position', models.IntegerField(default=0, null=True)),
                ('is_required', models.BooleanField(default=False, null=True, verbose_name='required')),
                ('is_unique', models.BooleanField(default=False, help_text='Two records cannot have the same value, whatever its case and accents.', null=True, verbose_name='each value once')),
                ('is_indexed', models.BooleanField(default=False, help_text='Lists can be sorted by it, and filters by it stay quick with many records.', null=True, verbose_name='quick to sort and to filter')),
                ('is_searchable', models.BooleanField(default=False, help_text='The search finds records by the words of this field.', null=True, verbose_name='found by the search')),
                ('target', models.CharField(blank=True, max_length=40, null=True, verbose_name='leads to')),
                ('default', models.JSONField(blank=True, null=True, verbose_name='value of new records')),
                ('choices', models.JSONField(blank=True, default=list, null=True, verbose_name='choices')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='records.customfield')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='records_cus_pgh_con_da9d38_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='records_cus_pgh_obj_d94453_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customfield',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "records_customfieldversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='e9bce9bcd5ed8e8d5370d639f4cd3d0f09f19af1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_172b6', referencing='REFERENCING NEW TABLE AS new_values ', table='records_customfield', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customfield',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_customfieldversion" ("choices", "default", "help_text", "id", "is_indexed", "is_required", "is_searchable", "is_unique", "kind", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "section", "slug", "target", "trashed_at", "type") SELECT old_values."choices", old_values."default", old_values."help_text", old_values."id", old_values."is_indexed", old_values."is_required", old_values."is_searchable", old_values."is_unique", old_values."kind", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."position", old_values."section", old_values."slug", old_values."target", old_values."trashed_at", old_values."type" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."choices" IS DISTINCT FROM (new_values."choices") OR old_values."default" IS DISTINCT FROM (new_values."default") OR old_values."help_text" IS DISTINCT FROM (new_values."help_text") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_indexed" IS DISTINCT FROM (new_values."is_indexed") OR old_values."is_required" IS DISTINCT FROM (new_values."is_required") OR old_values."is_searchable" IS DISTINCT FROM (new_values."is_searchable") OR old_values."is_unique" IS DISTINCT FROM (new_values."is_unique") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."label" IS DISTINCT FROM (new_values."label") OR old_values."position" IS DISTINCT FROM (new_values."position") OR old_values."section" IS DISTINCT FROM (new_values."section") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."target" IS DISTINCT FROM (new_values."target") OR old_values."trashed_at" IS DISTINCT FROM (new_values."trashed_at") OR old_values."type" IS DISTINCT FROM (new_values."type")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='05cf6eb6e054923880eb891b5dde2a183323e237', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5905e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='records_customfield', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customfield',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_customfieldversion" ("choices", "default", "help_text", "id", "is_indexed", "is_required", "is_searchable", "is_unique", "kind", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "section", "slug", "target", "trashed_at", "type") SELECT old_values."choices", old_values."default", old_values."help_text", old_values."id", old_values."is_indexed", old_values."is_required", old_values."is_searchable", old_values."is_unique", old_values."kind", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."position", old_values."section", old_values."slug", old_values."target", old_values."trashed_at", old_values."type" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a47401ae9365946dcf8496b91d12f1300eec9e6f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b323b', referencing='REFERENCING OLD TABLE AS old_values ', table='records_customfield', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=60)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('address', models.GenericIPAddressField(blank=True, null=True)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changeset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='records.changeset')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'indexes': [models.Index(fields=['-at', '-id'], name='records_eve_at_7343f4_idx'), models.Index(fields=['verb', '-at'], name='records_eve_verb_77d9b2_idx')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(default='Sillage', max_length=120, null=True, verbose_name='company name')),
                ('logo', models.ImageField(blank=True, null=True, upload_to='logos/', verbose_name='logo')),
                ('legal_mentions', models.TextField(blank=True, max_length=2000, null=True, verbose_name='legal mentions')),
                ('country', models.CharField(default='FR', help_text='How phone numbers are read.', max_length=2, null=True, verbose_name='country')),
                ('currency', models.CharField(default='EUR', max_length=3, null=True, verbose_name='currency')),
                ('fiscal_year_start', models.PositiveSmallIntegerField(choices=[(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 9), (10, 10), (11, 11), (12, 12)], default=1, null=True, verbose_name='first month of the fiscal year')),
                ('day_starts_at', models.TimeField(default='09:00', null=True, verbose_name='working day from')),
                ('day_ends_at', models.TimeField(default='18:00', null=True, verbose_name='to')),
                ('working_days', models.JSONField(default=crm.records.models.default_working_days, null=True, verbose_name='working days')),
                ('languages', models.JSONField(default=crm.records.models.default_languages, null=True, verbose_name='languages')),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=64, null=True, verbose_name='time zone')),
                ('trash_days', models.PositiveSmallIntegerField(default=30, null=True, verbose_name='days in the trash')),
                ('undo_days', models.PositiveSmallIntegerField(default=30, null=True, verbose_name='days an act can be undone')),
                ('upload_limit_mb', models.PositiveIntegerField(default=1024, null=True, verbose_name='largest file, in megabytes')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='records.organisation')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='records_org_pgh_con_70b6d3_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='records_org_pgh_obj_97dd76_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "records_organisationversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='73e75e8fb4f20f2521807c452ed273c8bdd6f5a6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_1e1d3', referencing='REFERENCING NEW TABLE AS new_values ', table='records_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_organisationversion" ("country", "currency", "day_ends_at", "day_starts_at", "fiscal_year_start", "id", "languages", "legal_mentions", "logo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "trash_days", "undo_days", "upload_limit_mb", "working_days") SELECT old_values."country", old_values."currency", old_values."day_ends_at", old_values."day_starts_at", old_values."fiscal_year_start", old_values."id", old_values."languages", old_values."legal_mentions", old_values."logo", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."time_zone", old_values."trash_days", old_values."undo_days", old_values."upload_limit_mb", old_values."working_days" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."currency" IS DISTINCT FROM (new_values."currency") OR old_values."day_ends_at" IS DISTINCT FROM (new_values."day_ends_at") OR old_values."day_starts_at" IS DISTINCT FROM (new_values."day_starts_at") OR old_values."fiscal_year_start" IS DISTINCT FROM (new_values."fiscal_year_start") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."languages" IS DISTINCT FROM (new_values."languages") OR old_values."legal_mentions" IS DISTINCT FROM (new_values."legal_mentions") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."time_zone" IS DISTINCT FROM (new_values."time_zone") OR old_values."trash_days" IS DISTINCT FROM (new_values."trash_days") OR old_values."undo_days" IS DISTINCT FROM (new_values."undo_days") OR old_values."upload_limit_mb" IS DISTINCT FROM (new_values."upload_limit_mb") OR old_values."working_days" IS DISTINCT FROM (new_values."working_days")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a81607bbaa126be2168d301461a11002d5dca0eb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a7e98', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='records_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_organisationversion" ("country", "currency", "day_ends_at", "day_starts_at", "fiscal_year_start", "id", "languages", "legal_mentions", "logo", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "trash_days", "undo_days", "upload_limit_mb", "working_days") SELECT old_values."country", old_values."currency", old_values."day_ends_at", old_values."day_starts_at", old_values."fiscal_year_start", old_values."id", old_values."languages", old_values."legal_mentions", old_values."logo", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."time_zone", old_values."trash_days", old_values."undo_days", old_values."upload_limit_mb", old_values."working_days" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8893672afb7393a0c406f806b4b065e8111a6d9a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7e002', referencing='REFERENCING OLD TABLE AS old_values ', table='records_organisation', when='AFTER')),
        ),
        migrations.CreateModel(
            name='TagVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=40, null=True, verbose_name='name')),
                ('colour', models.CharField(choices=[('blue', 'blue'), ('teal', 'teal'), ('green', 'green'), ('amber', 'amber'), ('orange', 'orange'), ('rose', 'rose'), ('plum', 'plum'), ('gray', 'gray')], default='gray', max_length=6, null=True, verbose_name='colour')),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='records.tag')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='records_tag_pgh_con_fbb6be_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='records_tag_pgh_obj_9410c6_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tag',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "records_tagversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='d84c18b2a7bd000acafe0d5eb50e892ac9488bfb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4a920', referencing='REFERENCING NEW TABLE AS new_values ', table='records_tag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tag',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_tagversion" ("colour", "created_at", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."colour", old_values."created_at", old_values."id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='84596ca0bbe1726bc38561d852c2eef9ec08bfc4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6c583', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='records_tag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tag',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_tagversion" ("colour", "created_at", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."colour", old_values."created_at", old_values."id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f12e4e382652fb370d7fb9422f74f678be25f990', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_098ed', referencing='REFERENCING OLD TABLE AS old_values ', table='records_tag', when='AFTER')),
        ),
        migrations.CreateModel(
            name='EventRef',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=60)),
                ('record_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='refs', to='records.event')),
            ],
            options={
                'indexes': [models.Index(fields=['type', 'record_id', '-at', '-event'], name='event_by_record')],
                'constraints': [models.UniqueConstraint(fields=('event', 'type', 'record_id'), name='one_ref_per_record')],
            },
        ),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCHABLE, migrations.RunSQL.noop),
    ]
