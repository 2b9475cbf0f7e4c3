import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models



class Migration(migrations.Migration):
    """All tables at once, for new databases; those that are there already go on by the steps it replaces."""

    replaces = [('lists', '0001_initial'), ('lists', '0002_saved_views'), ('lists', '0003_bulk_runs')]

    initial = True

    dependencies = [
        ('access', '0001_squashed_0003_field_rules'),
        ('access', '0001_squashed_0003_field_rules'),
        ('records', '0001_squashed_0008_beginnings'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.GenericIPAddressField(null=True)),
                ('type', models.CharField(max_length=40)),
                ('act', models.CharField(max_length=40)),
                ('choice', models.TextField(blank=True)),
                ('title', models.CharField(max_length=300, verbose_name='what is done')),
                ('query', models.TextField(blank=True)),
                ('back', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('gathering', 'Being prepared'), ('running', 'Under way'), ('done', 'Done'), ('cancelled', 'Stopped'), ('failed', 'Failed'), ('undoing', 'Being undone'), ('undone', 'Undone')], default='gathering', max_length=10, verbose_name='status')),
                ('total', models.PositiveIntegerField(default=0)),
                ('seen', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('left', models.JSONField(default=dict)),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('changeset', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bulk_run', to='records.changeset')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'bulk act',
                'verbose_name_plural': 'bulk acts',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['by', '-id'], name='bulk_by_person'), models.Index(condition=models.Q(('status__in', ['gathering', 'running', 'undoing'])), fields=['moved_at'], name='bulk_at_work')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('query', models.TextField(blank=True, verbose_name='filters and order')),
                ('columns', models.JSONField(default=list, verbose_name='columns')),
                ('sharing', models.CharField(blank=True, choices=[('', 'Nobody: only I see it'), ('team', 'A team, with the teams below it'), ('everyone', 'Everyone')], max_length=8, verbose_name='shared with')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['name', 'id'],
                'indexes': [models.Index(fields=['type', 'owner'], name='view_by_list')],
            },
        ),
        migrations.CreateModel(
            name='BulkChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('is_done', models.BooleanField(default=False)),
                ('left', models.JSONField(default=list)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='lists.bulkrun')),
            ],
            options={
                'verbose_name': 'part of a bulk act',
                'verbose_name_plural': 'parts of bulk acts',
                'indexes': [models.Index(condition=models.Q(('is_done', False)), fields=['run', 'number'], name='bulk_chunks_to_do')],
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='one_chunk_per_number')],
            },
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField(default=0)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='pins', to='lists.savedview')),
            ],
            options={
                'verbose_name': 'pinned view',
                'verbose_name_plural': 'pinned views',
                'constraints': [models.UniqueConstraint(fields=('user', 'view'), name='one_pin_per_view')],
            },
        ),
        migrations.CreateModel(
            name='ListPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=40)),
                ('columns', models.JSONField(default=list)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='lists.savedview')),
            ],
            options={
                'verbose_name': 'list preference',
                'verbose_name_plural': 'list preferences',
                'constraints': [models.UniqueConstraint(fields=('user', 'type'), name='one_preference_per_list')],
            },
        ),
        migrations.CreateModel(
            name='SavedViewVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('type', models.CharField(max_length=40, null=True)),
                ('name', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('query', models.TextField(blank=True, null=True, verbose_name='filters and order')),
                ('columns', models.JSONField(default=list, null=True, verbose_name='columns')),
                ('sharing', models.CharField(blank=True, choices=[('', 'Nobody: only I see it'), ('team', 'A team, with the teams below it'), ('everyone', 'Everyone')], max_length=8, null=True, verbose_name='shared with')),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True)),
                ('owner', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='lists.savedview')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='lists_saved_pgh_con_e2cbcd_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='lists_saved_pgh_obj_4b45bb_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedview',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "lists_savedviewversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='704a04cb426c0e8de493cb33f6578110ae107e31', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5d268', referencing='REFERENCING NEW TABLE AS new_values ', table='lists_savedview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedview',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "lists_savedviewversion" ("columns", "created_at", "id", "name", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "sharing", "team_id", "type") SELECT old_values."columns", old_values."created_at", old_values."id", old_values."name", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."query", old_values."sharing", old_values."team_id", old_values."type" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."columns" IS DISTINCT FROM (new_values."columns") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."query" IS DISTINCT FROM (new_values."query") OR old_values."sharing" IS DISTINCT FROM (new_values."sharing") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."type" IS DISTINCT FROM (new_values."type")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1935762039f657571f4b98cf40c60f4481a74c27', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_06eb2', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='lists_savedview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedview',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "lists_savedviewversion" ("columns", "created_at", "id", "name", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "sharing", "team_id", "type") SELECT old_values."columns", old_values."created_at", old_values."id", old_values."name", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."query", old_values."sharing", old_values."team_id", old_values."type" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5dbe705aa3988e7e7f334c11ea01b9459eac2fa1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_575ce', referencing='REFERENCING OLD TABLE AS old_values ', table='lists_savedview', when='AFTER')),
        ),
    ]
