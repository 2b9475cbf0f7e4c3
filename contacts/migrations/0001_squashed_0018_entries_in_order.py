from pathlib import Path

import crm.records.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import CreateExtension, TrigramExtension
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
PARENTS = (SQL / "parents.sql").read_text(encoding="utf-8")
DUPLICATES = (SQL / "duplicates.sql").read_text(encoding="utf-8")
SEARCH = (SQL / "search.sql").read_text(encoding="utf-8")
# A record has some eight entries, which a sample of pages takes for seven times as many: the entries of one record lie
# side by side. Plans that look up a record's entries would then read the index of words instead.
ENTRIES = """
ALTER TABLE contacts_contactentry ALTER COLUMN record_id SET (n_distinct = -0.12);
ALTER TABLE contacts_companyentry ALTER COLUMN record_id SET (n_distinct = -0.12);
"""


class Migration(migrations.Migration):
    """All tables at once, for new databases; those that are there already go on by the steps it replaces."""

    replaces = [('contacts', '0001_initial'), ('contacts', '0002_search'), ('contacts', '0003_alter_company_website_alter_companyversion_website_and_more'), ('contacts', '0004_alter_companytag_options_and_more'), ('contacts', '0005_search_later'), ('contacts', '0006_civility'), ('contacts', '0007_fewer_indexes'), ('contacts', '0008_merged'), ('contacts', '0009_custom_fields'), ('contacts', '0010_duplicates'), ('contacts', '0011_parents'), ('contacts', '0012_words'), ('contacts', '0013_order_by_creation'), ('contacts', '0014_duplicates_while_typing'), ('contacts', '0015_entries_of_a_record'), ('contacts', '0016_searched_fields'), ('contacts', '0017_by_owner_and_team'), ('contacts', '0018_entries_in_order')]

    initial = True

    dependencies = [
        ('access', '0001_squashed_0003_field_rules'),
        ('access', '0001_squashed_0003_field_rules'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('records', '0001_squashed_0008_beginnings'),
    ]

    operations = [
        TrigramExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name='DuplicateKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('record_id', models.BigIntegerField()),
                ('words', models.TextField(db_collation='C')),
                ('spoken', models.TextField(db_collation='C')),
                ('sounds', models.TextField(db_collation='C')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'spoken'], name='duplicates_by_sound')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'record_id'), name='one_duplicate_key_per_record')],
            },
        ),
        migrations.CreateModel(
            name='DuplicateSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('status', models.CharField(choices=[('running', 'Under way'), ('done', 'Done'), ('cancelled', 'Stopped'), ('failed', 'Failed')], default='running', max_length=10, verbose_name='status')),
                ('step', models.PositiveSmallIntegerField(default=0)),
                ('found', models.PositiveIntegerField(null=True, verbose_name='found')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'search for duplicates',
                'verbose_name_plural': 'searches for duplicates',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['kind', '-id'], name='searches_by_kind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('kind',), name='one_search_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False, verbose_name='custom fields')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=1000, verbose_name='description')),
                ('colour', models.CharField(default='blue', max_length=6, verbose_name='colour')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=crm.records.search.Norm(models.F('name')), output_field=models.CharField(db_collation='C', max_length=200))),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged', to='contacts.group', verbose_name='merged into')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'group',
                'verbose_name_plural': 'groups',
                'ordering': ['sort_name', 'id'],
                'indexes': [models.Index(fields=['sort_name', 'id'], name='group_by_name'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='group_merged')],
            },
        ),
        migrations.CreateModel(
            name='DuplicateHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.BigIntegerField()),
                ('two', models.BigIntegerField()),
                ('reason', models.IntegerField()),
                ('search', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='contacts.duplicatesearch')),
            ],
        ),
        migrations.CreateModel(
            name='GroupTeamShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_shares', to='contacts.group')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'verbose_name': 'shared with the team',
                'verbose_name_plural': 'shares',
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='GroupUserShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='user_shares', to='contacts.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'shared with',
                'verbose_name_plural': 'shares',
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='GroupVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True, verbose_name='created')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False, null=True, verbose_name='custom fields')),
                ('name', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=1000, null=True, verbose_name='description')),
                ('colour', models.CharField(default='blue', max_length=6, null=True, verbose_name='colour')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.group', verbose_name='merged into')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.group')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_gr_pgh_con_f4e0bc_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_gr_pgh_obj_056dd0_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='group',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_groupversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='61e530c45d07c0c7ccfa475c471d82aed229acb9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_607ce', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_group', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='group',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_groupversion" ("colour", "created_at", "custom", "description", "id", "merged_into_id", "name", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "trashed_at") SELECT old_values."colour", old_values."created_at", old_values."custom", old_values."description", old_values."id", old_values."merged_into_id", old_values."name", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."team_id", old_values."trashed_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."colour" IS DISTINCT FROM (new_values."colour") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."custom" IS DISTINCT FROM (new_values."custom") OR old_values."description" IS DISTINCT FROM (new_values."description") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."trashed_at" IS DISTINCT FROM (new_values."trashed_at")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='252185b590038ffa42563ddd1c46accdc5941c68', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_0a551', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_group', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='group',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_groupversion" ("colour", "created_at", "custom", "description", "id", "merged_into_id", "name", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "trashed_at") SELECT old_values."colour", old_values."created_at", old_values."custom", old_values."description", old_values."id", old_values."merged_into_id", old_values."name", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."team_id", old_values."trashed_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='da9e538971634423fb55650d5e1a4e6d92348b02', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f74bd', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_group', when='AFTER')),
        ),
        migrations.CreateModel(
            name='GroupTeamShareVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('content_object', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.group')),
                ('group', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('permission', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.groupteamshare')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_gr_pgh_con_687f51_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_gr_pgh_obj_622d90_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupteamshare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_groupteamshareversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='ddeb1cacea086d72a6a1cd35786c0492f02882a6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4c98c', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_groupteamshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupteamshare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_groupteamshareversion" ("content_object_id", "group_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."content_object_id", old_values."group_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='02a28695a0af22ba7703be85e94a2e01c757a28e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_dd822', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_groupteamshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupteamshare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_groupteamshareversion" ("content_object_id", "group_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."content_object_id", old_values."group_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8593c96040cf7b90858081c3a0a3821071d10b87', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6562d', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_groupteamshare', when='AFTER')),
        ),
        migrations.CreateModel(
            name='GroupUserShareVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('content_object', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.group')),
                ('permission', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.groupusershare')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_gr_pgh_con_8ee00b_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_gr_pgh_obj_67d02d_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupusershare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_groupusershareversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='b5bb532ee8660bdbb37737ce82f92349a985642f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_8d30f', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_groupusershare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupusershare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_groupusershareversion" ("content_object_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."content_object_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='da114cf9b78085723388dbaa506f6b01f5617c76', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3b5a7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_groupusershare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupusershare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_groupusershareversion" ("content_object_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."content_object_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='3a71e9ce68ba321f0f52c95722951c56a4ccaef1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_360df', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_groupusershare', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False, verbose_name='custom fields')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('trade_name', models.CharField(blank=True, max_length=200, verbose_name='trade name')),
                ('siren', models.CharField(blank=True, max_length=9, verbose_name='SIREN')),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                ('vat_number', models.CharField(blank=True, max_length=20, verbose_name='VAT number')),
                ('legal_id', models.CharField(blank=True, max_length=40, verbose_name='other legal identifier')),
                ('sector', models.CharField(blank=True, max_length=80, verbose_name='sector')),
                ('size', models.PositiveIntegerField(blank=True, null=True, verbose_name='employees')),
                ('turnover', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='turnover')),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='founded')),
                ('website', models.CharField(blank=True, max_length=500, verbose_name='website')),
                ('domains', models.JSONField(blank=True, default=list, verbose_name='mail domains')),
                ('notes', models.TextField(blank=True, max_length=20000, verbose_name='notes')),
                ('touched_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last activity')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=crm.records.search.Norm(models.F('name')), output_field=models.CharField(db_collation='C', max_length=400))),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged', to='contacts.company', verbose_name='merged into')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subsidiaries', to='contacts.company', verbose_name='parent company')),
                ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'company',
                'verbose_name_plural': 'companies',
                'indexes': [models.Index(fields=['sort_name', 'id'], name='company_by_name'), models.Index(fields=['owner', 'sort_name', 'id'], name='company_by_owner_name'), models.Index(fields=['team', 'sort_name', 'id'], name='company_by_team_name'), models.Index(fields=['touched_at', 'id'], name='company_by_touch'), models.Index(fields=['owner', 'touched_at', 'id'], name='company_by_owner_touch'), models.Index(fields=['team', 'touched_at', 'id'], name='company_by_team_touch'), models.Index(fields=['created_at', 'id'], name='company_by_creation'), models.Index(fields=['owner', 'created_at', 'id'], name='company_by_owner_creation'), models.Index(fields=['team', 'created_at', 'id'], name='company_by_team_creation'), models.Index(condition=models.Q(('siren', ''), _negated=True), fields=['siren'], name='company_by_siren'), models.Index(fields=['owner', 'team'], name='company_by_owner_team'), models.Index(condition=models.Q(('trashed_at__isnull', False)), fields=['trashed_at'], name='company_in_trash'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='company_merged')],
            },
        ),
        migrations.CreateModel(
            name='CompanyApart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.company', verbose_name='company')),
                ('two', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.company', verbose_name='other company')),
            ],
            options={
                'verbose_name': '“not the same”',
                'verbose_name_plural': 'marks “not the same”',
                'constraints': [models.UniqueConstraint(fields=('one', 'two'), name='companies_apart_once')],
            },
        ),
        migrations.CreateModel(
            name='CompanyEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('t', models.TextField(db_collation='C')),
                ('owner', models.BigIntegerField(db_column='owner_id', null=True)),
                ('team', models.BigIntegerField(db_column='team_id')),
                ('record', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contacts.company')),
            ],
            options={
                'indexes': [models.Index(fields=['team', 't'], include=('record', 'owner'), name='company_entry')],
            },
        ),
        migrations.CreateModel(
            name='CompanyPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.IntegerField(verbose_name='reasons')),
                ('certainty', models.PositiveSmallIntegerField(verbose_name='certainty')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='found')),
                ('one', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.company')),
                ('two', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.company')),
            ],
            options={
                'verbose_name': 'likely duplicate company',
                'verbose_name_plural': 'likely duplicate companies',
                'indexes': [models.Index(fields=['certainty', 'id'], name='company_pair_by_certainty')],
                'constraints': [models.UniqueConstraint(fields=('one', 'two'), name='one_pair_of_company')],
            },
        ),
        migrations.CreateModel(
            name='CompanyTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tag_links', to='contacts.company')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.tag')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'constraints': [models.UniqueConstraint(fields=('company', 'tag'), name='tag_once_a_company')],
            },
        ),
        migrations.CreateModel(
            name='CompanyTeamShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_shares', to='contacts.company')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'verbose_name': 'shared with the team',
                'verbose_name_plural': 'shares',
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='CompanyUserShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='user_shares', to='contacts.company')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'shared with',
                'verbose_name_plural': 'shares',
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='CompanyVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True, verbose_name='created')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False, null=True, verbose_name='custom fields')),
                ('name', models.CharField(max_length=200, null=True, verbose_name='name')),
                ('trade_name', models.CharField(blank=True, max_length=200, null=True, verbose_name='trade name')),
                ('siren', models.CharField(blank=True, max_length=9, null=True, verbose_name='SIREN')),
                ('siret', models.CharField(blank=True, max_length=14, null=True, verbose_name='SIRET')),
                ('vat_number', models.CharField(blank=True, max_length=20, null=True, verbose_name='VAT number')),
                ('legal_id', models.CharField(blank=True, max_length=40, null=True, verbose_name='other legal identifier')),
                ('sector', models.CharField(blank=True, max_length=80, null=True, verbose_name='sector')),
                ('size', models.PositiveIntegerField(blank=True, null=True, verbose_name='employees')),
                ('turnover', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='turnover')),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='founded')),
                ('website', models.CharField(blank=True, max_length=500, null=True, verbose_name='website')),
                ('domains', models.JSONField(blank=True, default=list, null=True, verbose_name='mail domains')),
                ('notes', models.TextField(blank=True, max_length=20000, null=True, verbose_name='notes')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company', verbose_name='merged into')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company', verbose_name='parent company')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.company')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_05cbd3_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_9d6bd2_idx')],
            },
        ),
        migrations.CreateModel(
            name='CompanyApartVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('one', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company', verbose_name='company')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.companyapart')),
                ('two', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company', verbose_name='other company')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_53c9c7_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_fedb99_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyapart',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_companyapartversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='3690aa2f96839030c2729aa1ceaefa9fcf858182', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_53146', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_companyapart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyapart',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyapartversion" ("id", "one_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_id") SELECT old_values."id", old_values."one_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."two_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f0e2e983cfa57f3ba8513edc916208d7974f04b1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_214a2', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_companyapart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyapart',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyapartversion" ("id", "one_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_id") SELECT old_values."id", old_values."one_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."two_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e1aa6a982bf5c52e8fff0a2d731bbef359ad8fa3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_1dbf3', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_companyapart', when='AFTER')),
        ),
        migrations.CreateModel(
            name='CompanyTagVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('company', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.companytag')),
                ('tag', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='records.tag')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_6b2e2b_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_a513bd_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companytag',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_companytagversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='e76b8ffdf465133a4a9b94dd39ef6167239a117d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e6f0e', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_companytag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companytag',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companytagversion" ("company_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") SELECT old_values."company_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."tag_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='80339acb2ad49134a1411fd94fbcf9fb9d7d6d70', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3c994', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_companytag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companytag',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companytagversion" ("company_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") SELECT old_values."company_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."tag_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='456c16671883e60ec065b63acfc57e47b5a7843f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_21763', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_companytag', when='AFTER')),
        ),
        migrations.CreateModel(
            name='CompanyTeamShareVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('content_object', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('group', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('permission', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.companyteamshare')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_185a5b_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_5069cd_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyteamshare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_companyteamshareversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='90b69e26291dc39f49453dbfd31622c5615289b1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c52ae', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_companyteamshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyteamshare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyteamshareversion" ("content_object_id", "group_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."content_object_id", old_values."group_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='0055e4bfaeec29676eebef2b68f9a0aa4de35f0e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e33da', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_companyteamshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyteamshare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyteamshareversion" ("content_object_id", "group_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."content_object_id", old_values."group_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c52e31e8a640b5e040b6713fa7b1194fa3cc6582', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a93eb', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_companyteamshare', when='AFTER')),
        ),
        migrations.CreateModel(
            name='CompanyUserShareVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('content_object', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('permission', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.companyusershare')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_cfe4f4_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_f63970_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyusershare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_companyusershareversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='2249c8b0565e5d9c52f95ecc8c3bdf85e3d546c0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ad8b6', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_companyusershare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyusershare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyusershareversion" ("content_object_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."content_object_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4a72e0843855a0020d90beecb6608b8d0892b066', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2eb45', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_companyusershare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyusershare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyusershareversion" ("content_object_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."content_object_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='33c3f54cf41c113cf4c3dd2cf9d796d95f548dd5', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ac238', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_companyusershare', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False, verbose_name='custom fields')),
                ('civility', models.CharField(blank=True, choices=[('ms', 'Ms'), ('mr', 'Mr'), ('dr', 'Dr'), ('pr', 'Prof.'), ('me', 'Maître'), ('mx', 'Mx')], max_length=2, verbose_name='civility')),
                ('first_name', models.CharField(blank=True, max_length=100, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=100, verbose_name='last name')),
                ('job_title', models.CharField(blank=True, max_length=150, verbose_name='job title')),
                ('department', models.CharField(blank=True, max_length=100, verbose_name='department')),
                ('birthday', models.DateField(blank=True, null=True, verbose_name='birthday')),
                ('language', models.CharField(blank=True, choices=[('fr', 'French'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('lifecycle', models.CharField(choices=[('lead', 'Lead'), ('prospect', 'Prospect'), ('customer', 'Customer'), ('former', 'Former customer'), ('partner', 'Partner'), ('supplier', 'Supplier')], default='lead', max_length=10, verbose_name='lifecycle')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='source')),
                ('consent', models.CharField(blank=True, choices=[('', 'Not asked'), ('given', 'Given'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='mailing consent')),
                ('consent_on', models.DateField(blank=True, null=True, verbose_name='consent dated')),
                ('consent_basis', models.CharField(blank=True, choices=[('consent', 'Consent'), ('contract', 'Contract'), ('interest', 'Legitimate interest'), ('law', 'Legal obligation')], max_length=10, verbose_name='legal basis')),
                ('do_not_call', models.BooleanField(default=False, verbose_name='do not call')),
                ('notes', models.TextField(blank=True, max_length=20000, verbose_name='notes')),
                ('photo', models.ImageField(blank=True, upload_to='photos/contacts/', verbose_name='photo')),
                ('touched_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last activity')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=crm.records.search.Norm(django.db.models.functions.text.Trim(django.db.models.functions.text.Concat(models.F('last_name'), models.Value(' '), models.F('first_name')))), output_field=models.CharField(db_collation='C', max_length=410))),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged', to='contacts.contact', verbose_name='merged into')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'indexes': [models.Index(fields=['sort_name', 'id'], name='contact_by_name'), models.Index(fields=['owner', 'sort_name', 'id'], name='contact_by_owner_name'), models.Index(fields=['team', 'sort_name', 'id'], name='contact_by_team_name'), models.Index(fields=['touched_at', 'id'], name='contact_by_touch'), models.Index(fields=['owner', 'touched_at', 'id'], name='contact_by_owner_touch'), models.Index(fields=['team', 'touched_at', 'id'], name='contact_by_team_touch'), models.Index(fields=['created_at', 'id'], name='contact_by_creation'), models.Index(fields=['owner', 'created_at', 'id'], name='contact_by_owner_creation'), models.Index(fields=['team', 'created_at', 'id'], name='contact_by_team_creation'), models.Index(fields=['owner', 'team'], name='contact_by_owner_team'), models.Index(condition=models.Q(('trashed_at__isnull', False)), fields=['trashed_at'], name='contact_in_trash'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='contact_merged')],
            },
        ),
        migrations.CreateModel(
            name='Affiliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, max_length=150, verbose_name='role')),
                ('started_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ('is_primary', models.BooleanField(default=False, verbose_name='primary')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affiliations', to='contacts.company')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affiliations', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'affiliation',
                'verbose_name_plural': 'affiliations',
                'ordering': ['-is_primary', models.OrderBy(models.F('ended_on'), descending=True, nulls_first=True), 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('contact',), name='one_primary_affiliation_a_contact'), models.CheckConstraint(condition=models.Q(('started_on__isnull', True), ('ended_on__isnull', True), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='affiliation_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='ContactApart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact', verbose_name='contact')),
                ('two', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact', verbose_name='other contact')),
            ],
            options={
                'verbose_name': '“not the same”',
                'verbose_name_plural': 'marks “not the same”',
                'constraints': [models.UniqueConstraint(fields=('one', 'two'), name='contacts_apart_once')],
            },
        ),
        migrations.CreateModel(
            name='ContactEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('t', models.TextField(db_collation='C')),
                ('owner', models.BigIntegerField(db_column='owner_id', null=True)),
                ('team', models.BigIntegerField(db_column='team_id')),
                ('record', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contacts.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['team', 't'], include=('record', 'owner'), name='contact_entry')],
            },
        ),
        migrations.CreateModel(
            name='ContactPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.IntegerField(verbose_name='reasons')),
                ('certainty', models.PositiveSmallIntegerField(verbose_name='certainty')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='found')),
                ('one', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact')),
                ('two', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'likely duplicate contact',
                'verbose_name_plural': 'likely duplicate contacts',
                'indexes': [models.Index(fields=['certainty', 'id'], name='contact_pair_by_certainty')],
                'constraints': [models.UniqueConstraint(fields=('one', 'two'), name='one_pair_of_contact')],
            },
        ),
        migrations.CreateModel(
            name='ContactTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tag_links', to='contacts.contact')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.tag')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'constraints': [models.UniqueConstraint(fields=('contact', 'tag'), name='tag_once_a_contact')],
            },
        ),
        migrations.CreateModel(
            name='ContactTeamShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_shares', to='contacts.contact')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'verbose_name': 'shared with the team',
                'verbose_name_plural': 'shares',
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='ContactUserShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='user_shares', to='contacts.contact')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'shared with',
                'verbose_name_plural': 'shares',
                'abstract': False,
                'unique_together': {('user', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='ContactVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True, verbose_name='created')),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in the trash since')),
                ('custom', models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, editable=False, null=True, verbose_name='custom fields')),
                ('civility', models.CharField(blank=True, choices=[('ms', 'Ms'), ('mr', 'Mr'), ('dr', 'Dr'), ('pr', 'Prof.'), ('me', 'Maître'), ('mx', 'Mx')], max_length=2, null=True, verbose_name='civility')),
                ('first_name', models.CharField(blank=True, max_length=100, null=True, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=100, null=True, verbose_name='last name')),
                ('job_title', models.CharField(blank=True, max_length=150, null=True, verbose_name='job title')),
                ('department', models.CharField(blank=True, max_length=100, null=True, verbose_name='department')),
                ('birthday', models.DateField(blank=True, null=True, verbose_name='birthday')),
                ('language', models.CharField(blank=True, choices=[('fr', 'French'), ('en', 'English')], max_length=2, null=True, verbose_name='language')),
                ('lifecycle', models.CharField(choices=[('lead', 'Lead'), ('prospect', 'Prospect'), ('customer', 'Customer'), ('former', 'Former customer'), ('partner', 'Partner'), ('supplier', 'Supplier')], default='lead', max_length=10, null=True, verbose_name='lifecycle')),
                ('source', models.CharField(blank=True, max_length=80, null=True, verbose_name='source')),
                ('consent', models.CharField(blank=True, choices=[('', 'Not asked'), ('given', 'Given'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], max_length=10, null=True, verbose_name='mailing consent')),
                ('consent_on', models.DateField(blank=True, null=True, verbose_name='consent dated')),
                ('consent_basis', models.CharField(blank=True, choices=[('consent', 'Consent'), ('contract', 'Contract'), ('interest', 'Legitimate interest'), ('law', 'Legal obligation')], max_length=10, null=True, verbose_name='legal basis')),
                ('do_not_call', models.BooleanField(default=False, null=True, verbose_name='do not call')),
                ('notes', models.TextField(blank=True, max_length=20000, null=True, verbose_name='notes')),
                ('photo', models.ImageField(blank=True, null=True, upload_to='photos/contacts/', verbose_name='photo')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact', verbose_name='merged into')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.contact')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_a5375e_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_45896d_idx')],
            },
        ),
        migrations.CreateModel(
            name='Email',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(choices=[('work', 'Work'), ('mobile', 'Mobile'), ('home', 'Home'), ('fax', 'Fax'), ('billing', 'Billing'), ('delivery', 'Delivery'), ('other', 'Other')], default='work', max_length=8, verbose_name='kind')),
                ('is_primary', models.BooleanField(default=False, verbose_name='primary')),
                ('address', models.CharField(max_length=254, verbose_name='e-mail address')),
                ('company', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'e-mail address',
                'verbose_name_plural': 'e-mail addresses',
                'ordering': ['-is_primary', 'id'],
                'abstract': False,
                'indexes': [models.Index(fields=['address'], name='email_by_address')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='email_has_one_owner'), models.UniqueConstraint(condition=models.Q(('contact__isnull', False), ('is_primary', True)), fields=('contact',), name='one_primary_email_a_contact'), models.UniqueConstraint(condition=models.Q(('company__isnull', False), ('is_primary', True)), fields=('company',), name='one_primary_email_a_company'), models.UniqueConstraint(condition=models.Q(('contact__isnull', False)), fields=('contact', 'address'), name='email_once_a_contact'), models.UniqueConstraint(condition=models.Q(('company__isnull', False)), fields=('company', 'address'), name='email_once_a_company')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='title')),
                ('url', models.CharField(max_length=500, verbose_name='web address')),
                ('company', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'link',
                'verbose_name_plural': 'links',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='contacts.contact')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='contacts.group')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='membership_has_one_member'), models.UniqueConstraint(fields=('group', 'contact'), name='contact_once_a_group'), models.UniqueConstraint(fields=('group', 'company'), name='company_once_a_group')],
            },
        ),
        migrations.CreateModel(
            name='Phone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(choices=[('work', 'Work'), ('mobile', 'Mobile'), ('home', 'Home'), ('fax', 'Fax'), ('billing', 'Billing'), ('delivery', 'Delivery'), ('other', 'Other')], default='work', max_length=8, verbose_name='kind')),
                ('is_primary', models.BooleanField(default=False, verbose_name='primary')),
                ('number', models.CharField(max_length=32, verbose_name='number')),
                ('digits', models.CharField(blank=True, editable=False, max_length=60)),
                ('company', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'phone',
                'verbose_name_plural': 'phones',
                'ordering': ['-is_primary', 'id'],
                'abstract': False,
                'indexes': [models.Index(fields=['number'], name='phone_by_number')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='phone_has_one_owner'), models.UniqueConstraint(condition=models.Q(('contact__isnull', False), ('is_primary', True)), fields=('contact',), name='one_primary_phone_a_contact'), models.UniqueConstraint(condition=models.Q(('company__isnull', False), ('is_primary', True)), fields=('company',), name='one_primary_phone_a_company'), models.UniqueConstraint(condition=models.Q(('contact__isnull', False)), fields=('contact', 'number'), name='phone_once_a_contact'), models.UniqueConstraint(condition=models.Q(('company__isnull', False)), fields=('company', 'number'), name='phone_once_a_company')],
            },
        ),
        migrations.CreateModel(
            name='PostalAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(choices=[('work', 'Work'), ('mobile', 'Mobile'), ('home', 'Home'), ('fax', 'Fax'), ('billing', 'Billing'), ('delivery', 'Delivery'), ('other', 'Other')], default='work', max_length=8, verbose_name='kind')),
                ('is_primary', models.BooleanField(default=False, verbose_name='primary')),
                ('street', models.TextField(blank=True, max_length=300, verbose_name='street')),
                ('postcode', models.CharField(blank=True, max_length=16, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=100, verbose_name='city')),
                ('region', models.CharField(blank=True, max_length=100, verbose_name='region')),
                ('country', models.CharField(blank=True, max_length=80, verbose_name='country')),
                ('company', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='contacts.contact')),
            ],
            options={
                'verbose_name': 'postal address',
                'verbose_name_plural': 'postal addresses',
                'ordering': ['-is_primary', 'id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='address_has_one_owner'), models.UniqueConstraint(condition=models.Q(('contact__isnull', False), ('is_primary', True)), fields=('contact',), name='one_primary_address_a_contact'), models.UniqueConstraint(condition=models.Q(('company__isnull', False), ('is_primary', True)), fields=('company',), name='one_primary_address_a_company')],
            },
        ),
        migrations.CreateModel(
            name='AffiliationVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(blank=True, max_length=150, null=True, verbose_name='role')),
                ('started_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ('is_primary', models.BooleanField(default=False, null=True, verbose_name='primary')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.affiliation')),
                ('company', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('contact', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_af_pgh_con_516490_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_af_pgh_obj_f1ec0b_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='affiliation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_affiliationversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='a0f2975a19ab442b2755238a972c7d9ecd0508ae', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_983f2', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_affiliation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='affiliation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_affiliationversion" ("company_id", "contact_id", "ended_on", "id", "is_primary", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "started_on") SELECT old_values."company_id", old_values."contact_id", old_values."ended_on", old_values."id", old_values."is_primary", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."role", old_values."started_on" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a51d3e0fe2a8f3024cf43935ce9e6599da44ca61', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2f535', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_affiliation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='affiliation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_affiliationversion" ("company_id", "contact_id", "ended_on", "id", "is_primary", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "started_on") SELECT old_values."company_id", old_values."contact_id", old_values."ended_on", old_values."id", old_values."is_primary", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."role", old_values."started_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6cb6a6214de89a3d5fc946e76e35552c2457ff66', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_046f5', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_affiliation', when='AFTER')),
        ),
        migrations.CreateModel(
            name='ContactApartVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('one', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact', verbose_name='contact')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.contactapart')),
                ('two', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact', verbose_name='other contact')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_9cee8e_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_e5af10_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactapart',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_contactapartversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='6d4e61f397cfea842fdc8e62a4dcf166aa09cea3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_dd21d', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_contactapart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactapart',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactapartversion" ("id", "one_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_id") SELECT old_values."id", old_values."one_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."two_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8f99e44255c3d96062e7a7341031ca90c8171cc6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_13558', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_contactapart', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactapart',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactapartversion" ("id", "one_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "two_id") SELECT old_values."id", old_values."one_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."two_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c5ad5a77ad38a6d81603c98a0b66b1940afbea7e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_3e3cf', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_contactapart', when='AFTER')),
        ),
        migrations.CreateModel(
            name='ContactTagVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('contact', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.contacttag')),
                ('tag', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='records.tag')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_e360b9_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_f6849f_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contacttag',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_contacttagversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='a985d9cdd60ae7428d399e0187306af52dfb7c5b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b7e4d', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_contacttag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contacttag',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contacttagversion" ("contact_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") SELECT old_values."contact_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."tag_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1560d9781123d4274803f873002b11c2c62cb306', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c036f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_contacttag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contacttag',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contacttagversion" ("contact_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") SELECT old_values."contact_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."tag_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='97a42420955fec0ce8546092510382f6f61298f0', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_260db', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_contacttag', when='AFTER')),
        ),
        migrations.CreateModel(
            name='ContactTeamShareVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('content_object', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('group', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('permission', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.contactteamshare')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_bb6ece_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_8d8e9f_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactteamshare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_contactteamshareversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='ddfbe8ef3e8b9ca9b3bbb0a84e2dfaf8b99ffa0d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_220ec', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_contactteamshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactteamshare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactteamshareversion" ("content_object_id", "group_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."content_object_id", old_values."group_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ff60d1897040c959ab3c17e5731139fd498134a7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4a9b5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_contactteamshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactteamshare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactteamshareversion" ("content_object_id", "group_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."content_object_id", old_values."group_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='20ca9668d8ecba66a80065d20721005fa3ac93fd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_07e23', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_contactteamshare', when='AFTER')),
        ),
        migrations.CreateModel(
            name='ContactUserShareVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('content_object', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('permission', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.contactusershare')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_co_pgh_con_02afb9_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_co_pgh_obj_b7bc46_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactusershare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_contactusershareversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='19cd70c328b175f1c0260076b29f1f4b2a16631f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_43703', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_contactusershare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactusershare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactusershareversion" ("content_object_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."content_object_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='63eb3ff673b27a75069d1aaf52bc3865ed49d849', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_77ad1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_contactusershare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactusershare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactusershareversion" ("content_object_id", "id", "permission_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."content_object_id", old_values."id", old_values."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6690ef66773724ed6e17ba51ad962d830a5498a1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b2aa3', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_contactusershare', when='AFTER')),
        ),
        migrations.CreateModel(
            name='EmailVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('label', models.CharField(choices=[('work', 'Work'), ('mobile', 'Mobile'), ('home', 'Home'), ('fax', 'Fax'), ('billing', 'Billing'), ('delivery', 'Delivery'), ('other', 'Other')], default='work', max_length=8, null=True, verbose_name='kind')),
                ('is_primary', models.BooleanField(default=False, null=True, verbose_name='primary')),
                ('address', models.CharField(max_length=254, null=True, verbose_name='e-mail address')),
                ('company', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.email')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_em_pgh_con_0feb24_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_em_pgh_obj_e061a6_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='email',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_emailversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='67bb0930587be116fa4f53948554dbdbb7360366', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_15798', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_email', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='email',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_emailversion" ("address", "company_id", "contact_id", "id", "is_primary", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."address", old_values."company_id", old_values."contact_id", old_values."id", old_values."is_primary", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b480991b637c956922a291337eac98903a926356', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_91a52', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_email', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='email',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_emailversion" ("address", "company_id", "contact_id", "id", "is_primary", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."address", old_values."company_id", old_values."contact_id", old_values."id", old_values."is_primary", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='898b9390a4722ed038f04d8732b7d7fdade7ff43', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9117e', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_email', when='AFTER')),
        ),
        migrations.CreateModel(
            name='LinkVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(blank=True, max_length=60, null=True, verbose_name='title')),
                ('url', models.CharField(max_length=500, null=True, verbose_name='web address')),
                ('company', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.link')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_li_pgh_con_1bdb22_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_li_pgh_obj_be2bbc_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='link',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_linkversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='ddeeaa660a79a0a180e725e2fd5a5da29b0a7294', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b849e', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_link', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='link',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_linkversion" ("company_id", "contact_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "url") SELECT old_values."company_id", old_values."contact_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."title", old_values."url" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4d4ef3727d26a96829144d4c164bfb69433bbc43', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_95752', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_link', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='link',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_linkversion" ("company_id", "contact_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "url") SELECT old_values."company_id", old_values."contact_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."title", old_values."url" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='3df490a08904fce736757050227f1da6ad6970fa', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_cd8b7', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_link', when='AFTER')),
        ),
        migrations.CreateModel(
            name='MembershipVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('company', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('group', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.group')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.membership')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_me_pgh_con_0947cd_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_me_pgh_obj_ae4c32_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_membershipversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='91362a378fb15a2fd1cc7635ec155469991fdbfb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b1d29', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_membershipversion" ("company_id", "contact_id", "group_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."company_id", old_values."contact_id", old_values."group_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8faf34473194eaae8801c6db4a42609b1ebb421a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_213df', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_membershipversion" ("company_id", "contact_id", "group_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."company_id", old_values."contact_id", old_values."group_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='08a5cb0072f6d33ca0f0858ad146675396cdcaeb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_97e1d', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_membership', when='AFTER')),
        ),
        migrations.CreateModel(
            name='PhoneVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('label', models.CharField(choices=[('work', 'Work'), ('mobile', 'Mobile'), ('home', 'Home'), ('fax', 'Fax'), ('billing', 'Billing'), ('delivery', 'Delivery'), ('other', 'Other')], default='work', max_length=8, null=True, verbose_name='kind')),
                ('is_primary', models.BooleanField(default=False, null=True, verbose_name='primary')),
                ('number', models.CharField(max_length=32, null=True, verbose_name='number')),
                ('digits', models.CharField(blank=True, editable=False, max_length=60, null=True)),
                ('company', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.phone')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_ph_pgh_con_6bc8c1_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_ph_pgh_obj_c06649_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phone',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_phoneversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='12084fec7af6ca382b88780c436310381f46fa2d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e89d2', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_phone', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phone',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_phoneversion" ("company_id", "contact_id", "digits", "id", "is_primary", "label", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."company_id", old_values."contact_id", old_values."digits", old_values."id", old_values."is_primary", old_values."label", old_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='51517655db08f905b4f9a5a78ea60e361a85d160', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_dd12a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_phone', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phone',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_phoneversion" ("company_id", "contact_id", "digits", "id", "is_primary", "label", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."company_id", old_values."contact_id", old_values."digits", old_values."id", old_values."is_primary", old_values."label", old_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c1213152d8486c21eed233a0159aa2eae59367ca', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e4c14', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_phone', when='AFTER')),
        ),
        migrations.CreateModel(
            name='PostalAddressVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('label', models.CharField(choices=[('work', 'Work'), ('mobile', 'Mobile'), ('home', 'Home'), ('fax', 'Fax'), ('billing', 'Billing'), ('delivery', 'Delivery'), ('other', 'Other')], default='work', max_length=8, null=True, verbose_name='kind')),
                ('is_primary', models.BooleanField(default=False, null=True, verbose_name='primary')),
                ('street', models.TextField(blank=True, max_length=300, null=True, verbose_name='street')),
                ('postcode', models.CharField(blank=True, max_length=16, null=True, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=100, null=True, verbose_name='city')),
                ('region', models.CharField(blank=True, max_length=100, null=True, verbose_name='region')),
                ('country', models.CharField(blank=True, max_length=80, null=True, verbose_name='country')),
                ('company', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.contact')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='contacts.postaladdress')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='contacts_po_pgh_con_6bcaac_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='contacts_po_pgh_obj_88b767_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postaladdress',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_postaladdressversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='56308bdad19f8d1d70c2411b7322b8feddc31948', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ffe88', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_postaladdress', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postaladdress',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_postaladdressversion" ("city", "company_id", "contact_id", "country", "id", "is_primary", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "region", "street") SELECT old_values."city", old_values."company_id", old_values."contact_id", old_values."country", old_values."id", old_values."is_primary", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."postcode", old_values."region", old_values."street" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='043a58523ab44e2d53ea65efba1397290c87b069', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_bcda1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_postaladdress', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postaladdress',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_postaladdressversion" ("city", "company_id", "contact_id", "country", "id", "is_primary", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "region", "street") SELECT old_values."city", old_values."company_id", old_values."contact_id", old_values."country", old_values."id", old_values."is_primary", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."postcode", old_values."region", old_values."street" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fd2e9b7806b239800f0101c376e56a86ae5e47f6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_fb65a', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_postaladdress', when='AFTER')),
        ),
        migrations.AddField(
            model_name='company',
            name='tags',
            field=models.ManyToManyField(related_name='+', through='contacts.CompanyTag', to='records.tag', verbose_name='categories'),
        ),
        migrations.AddField(
            model_name='contact',
            name='tags',
            field=models.ManyToManyField(related_name='+', through='contacts.ContactTag', to='records.tag', verbose_name='categories'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_companyversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='a027c2f7b4ee1a7d64e5e48c5902f4c64a4822ef', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2026b', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyversion" ("created_at", "custom", "domains", "founded", "id", "legal_id", "merged_into_id", "name", "notes", "owner_id", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector", "siren", "siret", "size", "team_id", "trade_name", "trashed_at", "turnover", "vat_number", "website") SELECT old_values."created_at", old_values."custom", old_values."domains", old_values."founded", old_values."id", old_values."legal_id", old_values."merged_into_id", old_values."name", old_values."notes", old_values."owner_id", old_values."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."sector", old_values."siren", old_values."siret", old_values."size", old_values."team_id", old_values."trade_name", old_values."trashed_at", old_values."turnover", old_values."vat_number", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."custom" IS DISTINCT FROM (new_values."custom") OR old_values."domains" IS DISTINCT FROM (new_values."domains") OR old_values."founded" IS DISTINCT FROM (new_values."founded") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."legal_id" IS DISTINCT FROM (new_values."legal_id") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."notes" IS DISTINCT FROM (new_values."notes") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."parent_id" IS DISTINCT FROM (new_values."parent_id") OR old_values."sector" IS DISTINCT FROM (new_values."sector") OR old_values."siren" IS DISTINCT FROM (new_values."siren") OR old_values."siret" IS DISTINCT FROM (new_values."siret") OR old_values."size" IS DISTINCT FROM (new_values."size") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."trade_name" IS DISTINCT FROM (new_values."trade_name") OR old_values."trashed_at" IS DISTINCT FROM (new_values."trashed_at") OR old_values."turnover" IS DISTINCT FROM (new_values."turnover") OR old_values."vat_number" IS DISTINCT FROM (new_values."vat_number") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c3b51a8e16d458686aa079521ec8fe38808d5c6b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_bed97', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_companyversion" ("created_at", "custom", "domains", "founded", "id", "legal_id", "merged_into_id", "name", "notes", "owner_id", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector", "siren", "siret", "size", "team_id", "trade_name", "trashed_at", "turnover", "vat_number", "website") SELECT old_values."created_at", old_values."custom", old_values."domains", old_values."founded", old_values."id", old_values."legal_id", old_values."merged_into_id", old_values."name", old_values."notes", old_values."owner_id", old_values."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."sector", old_values."siren", old_values."siret", old_values."size", old_values."team_id", old_values."trade_name", old_values."trashed_at", old_values."turnover", old_values."vat_number", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1ffd0944862ba99567186fdc0b51d31f9fbff23a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_59965', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_contactversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='d34a092d01c779e6f9b995bdbfae8b13c57b24f9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_60225', referencing='REFERENCING NEW TABLE AS new_values ', table='contacts_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactversion" ("birthday", "civility", "consent", "consent_basis", "consent_on", "created_at", "custom", "department", "do_not_call", "first_name", "id", "job_title", "language", "last_name", "lifecycle", "merged_into_id", "notes", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "photo", "source", "team_id", "trashed_at") SELECT old_values."birthday", old_values."civility", old_values."consent", old_values."consent_basis", old_values."consent_on", old_values."created_at", old_values."custom", old_values."department", old_values."do_not_call", old_values."first_name", old_values."id", old_values."job_title", old_values."language", old_values."last_name", old_values."lifecycle", old_values."merged_into_id", old_values."notes", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."photo", old_values."source", old_values."team_id", old_values."trashed_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."birthday" IS DISTINCT FROM (new_values."birthday") OR old_values."civility" IS DISTINCT FROM (new_values."civility") OR old_values."consent" IS DISTINCT FROM (new_values."consent") OR old_values."consent_basis" IS DISTINCT FROM (new_values."consent_basis") OR old_values."consent_on" IS DISTINCT FROM (new_values."consent_on") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."custom" IS DISTINCT FROM (new_values."custom") OR old_values."department" IS DISTINCT FROM (new_values."department") OR old_values."do_not_call" IS DISTINCT FROM (new_values."do_not_call") OR old_values."first_name" IS DISTINCT FROM (new_values."first_name") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."job_title" IS DISTINCT FROM (new_values."job_title") OR old_values."language" IS DISTINCT FROM (new_values."language") OR old_values."last_name" IS DISTINCT FROM (new_values."last_name") OR old_values."lifecycle" IS DISTINCT FROM (new_values."lifecycle") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."notes" IS DISTINCT FROM (new_values."notes") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."photo" IS DISTINCT FROM (new_values."photo") OR old_values."source" IS DISTINCT FROM (new_values."source") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."trashed_at" IS DISTINCT FROM (new_values."trashed_at")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='26af3b9feba76e631838bad2c556955f1aaf7509', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7498c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='contacts_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "contacts_contactversion" ("birthday", "civility", "consent", "consent_basis", "consent_on", "created_at", "custom", "department", "do_not_call", "first_name", "id", "job_title", "language", "last_name", "lifecycle", "merged_into_id", "notes", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "photo", "source", "team_id", "trashed_at") SELECT old_values."birthday", old_values."civility", old_values."consent", old_values."consent_basis", old_values."consent_on", old_values."created_at", old_values."custom", old_values."department", old_values."do_not_call", old_values."first_name", old_values."id", old_values."job_title", old_values."language", old_values."last_name", old_values."lifecycle", old_values."merged_into_id", old_values."notes", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."photo", old_values."source", old_values."team_id", old_values."trashed_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='499f53e576509a18ded734d9f2b9342de040f7dc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e2e36', referencing='REFERENCING OLD TABLE AS old_values ', table='contacts_contact', when='AFTER')),
        ),
        migrations.RunSQL(PARENTS, migrations.RunSQL.noop),
        migrations.RunSQL(DUPLICATES, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(ENTRIES, migrations.RunSQL.noop),
    ]
