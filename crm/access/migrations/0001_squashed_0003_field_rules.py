import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models



class Migration(migrations.Migration):
    """All tables at once, for new databases; those that are there already go on by the steps it replaces."""

    replaces = [('access', '0001_initial'), ('access', '0002_fewer_indexes'), ('access', '0003_field_rules')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=60, verbose_name='French name')),
                ('name_en', models.CharField(max_length=60, verbose_name='English name')),
                ('slug', models.SlugField(unique=True, verbose_name='identifier')),
                ('requires_second_factor', models.BooleanField(default=False, verbose_name='requires a second factor')),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('group', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='team', to='auth.group')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='access.team', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='FieldRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='kind of record')),
                ('field', models.CharField(max_length=60, verbose_name='field')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Hidden'), (1, 'Read only')], verbose_name='what the role may do')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='field_rules', to='access.role')),
            ],
            options={
                'verbose_name': 'field rule',
                'verbose_name_plural': 'field rules',
                'constraints': [models.UniqueConstraint(fields=('role', 'kind', 'field'), name='one_rule_per_field')],
            },
        ),
        migrations.CreateModel(
            name='Right',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='kind of record')),
                ('act', models.CharField(choices=[('see', 'See'), ('create', 'Create'), ('edit', 'Edit'), ('delete', 'Delete'), ('export', 'Export')], max_length=10, verbose_name='act')),
                ('scope', models.PositiveSmallIntegerField(choices=[(0, 'Nobody’s'), (1, 'Own'), (2, 'The team’s'), (3, 'All')], default=0, verbose_name='whose')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rights', to='access.role')),
            ],
            options={
                'verbose_name': 'right',
                'verbose_name_plural': 'rights',
                'constraints': [models.UniqueConstraint(fields=('role', 'kind', 'act'), name='one_scope_per_act')],
            },
        ),
        migrations.CreateModel(
            name='RoleVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=60, null=True, verbose_name='French name')),
                ('name_en', models.CharField(max_length=60, null=True, verbose_name='English name')),
                ('slug', models.SlugField(db_index=False, null=True, verbose_name='identifier')),
                ('requires_second_factor', models.BooleanField(default=False, null=True, verbose_name='requires a second factor')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='access.role')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='access_role_pgh_con_d7260f_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='access_role_pgh_obj_09eae6_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "access_roleversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='259dad15b3cf43aff60fd0f88011d9953004b985', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_075b7', referencing='REFERENCING NEW TABLE AS new_values ', table='access_role', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_roleversion" ("id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_second_factor", "slug") SELECT old_values."id", old_values."name_en", old_values."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."requires_second_factor", old_values."slug" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ebd6b53d8c20206ac24ae49b9b7cd078d87293dc', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_94533', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='access_role', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_roleversion" ("id", "name_en", "name_fr", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_second_factor", "slug") SELECT old_values."id", old_values."name_en", old_values."name_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."requires_second_factor", old_values."slug" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='84ff2ab1a505b35c480f703b5bf540284833f420', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_29682', referencing='REFERENCING OLD TABLE AS old_values ', table='access_role', when='AFTER')),
        ),
        migrations.CreateModel(
            name='TeamVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('group', models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.team', verbose_name='part of')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='access.team')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='access_team_pgh_con_d8c217_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='access_team_pgh_obj_a739c0_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='group_comes_back', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO auth_group (id, name) VALUES (NEW.group_id, NEW.name) ON CONFLICT DO NOTHING;\n    RETURN NEW;\n', hash='d3152db347009a2a427bbc2d92ae46abfe30c8b9', operation='INSERT', pgid='pgtrigger_group_comes_back_6f4ae', table='access_team', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='group_follows_name', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    UPDATE auth_group SET name = NEW.name WHERE id = NEW.group_id;\n    RETURN NULL;\n', hash='a97c3474021dcf85a825c98daae4f1c5b1826639', operation='UPDATE OF "name"', pgid='pgtrigger_group_follows_name_3888b', table='access_team', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='group_goes', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    DELETE FROM auth_group WHERE id = OLD.group_id;\n    RETURN NULL;\n', hash='a97119003c70c52e8354d2e1d5062d07d2832f65', operation='DELETE', pgid='pgtrigger_group_goes_ed29d', table='access_team', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "access_teamversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='e360082189734f3da7fcedaecc5964600bad6cdc', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_17862', referencing='REFERENCING NEW TABLE AS new_values ', table='access_team', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_teamversion" ("group_id", "id", "name", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."group_id", old_values."id", old_values."name", old_values."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f999a50b1682ed49b4fe64e3a90b79de528defa6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9e17d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='access_team', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_teamversion" ("group_id", "id", "name", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."group_id", old_values."id", old_values."name", old_values."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='7245731e06b725ef6d419d3e8676179a24b4415c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7e9c5', referencing='REFERENCING OLD TABLE AS old_values ', table='access_team', when='AFTER')),
        ),
        migrations.CreateModel(
            name='RightVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=60, null=True, verbose_name='kind of record')),
                ('act', models.CharField(choices=[('see', 'See'), ('create', 'Create'), ('edit', 'Edit'), ('delete', 'Delete'), ('export', 'Export')], max_length=10, null=True, verbose_name='act')),
                ('scope', models.PositiveSmallIntegerField(choices=[(0, 'Nobody’s'), (1, 'Own'), (2, 'The team’s'), (3, 'All')], default=0, null=True, verbose_name='whose')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='access.right')),
                ('role', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.role')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='access_righ_pgh_con_898c34_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='access_righ_pgh_obj_9e65dc_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='right',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "access_rightversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='91d20fa6e87f3a2699e7e59b877b5c4d3cf01328', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_29cc0', referencing='REFERENCING NEW TABLE AS new_values ', table='access_right', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='right',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_rightversion" ("act", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "scope") SELECT old_values."act", old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."role_id", old_values."scope" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='28a8c0e18496fc735439ba2b7e0d66a1989740dc', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_513af', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='access_right', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='right',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_rightversion" ("act", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "scope") SELECT old_values."act", old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."role_id", old_values."scope" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c0a832ce7ee0548cafc94a82fe43d46ba93cfe2a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_73392', referencing='REFERENCING OLD TABLE AS old_values ', table='access_right', when='AFTER')),
        ),
        migrations.CreateModel(
            name='FieldRuleVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=60, null=True, verbose_name='kind of record')),
                ('field', models.CharField(max_length=60, null=True, verbose_name='field')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Hidden'), (1, 'Read only')], null=True, verbose_name='what the role may do')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='access.fieldrule')),
                ('role', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.role')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='access_fiel_pgh_con_25f394_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='access_fiel_pgh_obj_f8eaab_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fieldrule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "access_fieldruleversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='c25ab6752d077617bc4a7c7a6f05218a6d04deed', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_072b3', referencing='REFERENCING NEW TABLE AS new_values ', table='access_fieldrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fieldrule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_fieldruleversion" ("field", "id", "kind", "level", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id") SELECT old_values."field", old_values."id", old_values."kind", old_values."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."role_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='21c54f5d2f70dd2921537fd72896395244ca5bc6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a860a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='access_fieldrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fieldrule',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_fieldruleversion" ("field", "id", "kind", "level", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id") SELECT old_values."field", old_values."id", old_values."kind", old_values."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."role_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1a2599c4ff2fc96a9c4b63f86567a704d2ab7fed', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4ab51', referencing='REFERENCING OLD TABLE AS old_values ', table='access_fieldrule', when='AFTER')),
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name='e-mail address')),
                ('first_name', models.CharField(blank=True, max_length=80, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=80, verbose_name='last name')),
                ('phone', models.CharField(blank=True, max_length=32, verbose_name='phone')),
                ('photo', models.ImageField(blank=True, upload_to='photos/users/', verbose_name='photo')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=5, verbose_name='language')),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=64, verbose_name='time zone')),
                ('theme', models.CharField(blank=True, choices=[('', 'As the system'), ('light', 'Light'), ('dark', 'Dark')], default='', max_length=5, verbose_name='theme')),
                ('single_keys', models.BooleanField(default=True, verbose_name='single-key shortcuts')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('groups', models.ManyToManyField(blank=True, editable=False, related_name='user_set', to='auth.group')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='access.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'ordering': ['last_name', 'first_name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_user_per_email')],
            },
        ),
        migrations.CreateModel(
            name='UserRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.role')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'role'), name='one_role_once_a_user')],
            },
        ),
        migrations.CreateModel(
            name='UserVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('email', models.EmailField(blank=True, max_length=254, null=True, verbose_name='e-mail address')),
                ('first_name', models.CharField(blank=True, max_length=80, null=True, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=80, null=True, verbose_name='last name')),
                ('phone', models.CharField(blank=True, max_length=32, null=True, verbose_name='phone')),
                ('photo', models.ImageField(blank=True, null=True, upload_to='photos/users/', verbose_name='photo')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=5, null=True, verbose_name='language')),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=64, null=True, verbose_name='time zone')),
                ('is_active', models.BooleanField(default=True, null=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, null=True, verbose_name='created')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.team', verbose_name='team')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='access_user_pgh_con_5e688e_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='access_user_pgh_obj_a30b33_idx')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='UserRoleVersion',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='access.userrole')),
                ('role', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='access.role')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['pgh_context_id'], name='access_user_pgh_con_75a48a_idx'), models.Index(fields=['pgh_obj', 'pgh_id'], name='access_user_pgh_obj_60c03d_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userrole',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "access_userroleversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='4445426135d0b2e683d7b58a2b6238f345757f5a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6f075', referencing='REFERENCING NEW TABLE AS new_values ', table='access_userrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userrole',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_userroleversion" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "user_id") SELECT old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."role_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e5e6568aece081feaea33228a41bdf71c6cc1359', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3b258', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='access_userrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userrole',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_userroleversion" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "user_id") SELECT old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."role_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='59be1bce9ed63f3c2384f91b3acdaf547599016c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_97db0', referencing='REFERENCING OLD TABLE AS old_values ', table='access_userrole', when='AFTER')),
        ),
        migrations.AddField(
            model_name='user',
            name='roles',
            field=models.ManyToManyField(blank=True, related_name='users', through='access.UserRole', to='access.role', verbose_name='roles'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='groups_follow_team', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    DELETE FROM access_user_groups WHERE user_id = NEW.id;\n    INSERT INTO access_user_groups (user_id, group_id)\n        SELECT NEW.id, t.group_id FROM access_team t WHERE t.id = NEW.team_id;\n    RETURN NULL;\n', hash='b692e937d95c22ca9b05f0c04656e684e9ecfa32', operation='INSERT OR UPDATE OF "team_id"', pgid='pgtrigger_groups_follow_team_73f5d', table='access_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "access_userversion" (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, "id") SELECT NOW(), \'insert\', new_values."id", NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\')::UUID, new_values."id" FROM new_values; RETURN NULL;', hash='3bddb1118056414d7ce566c4987546050f3dd372', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b2fac', referencing='REFERENCING NEW TABLE AS new_values ', table='access_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_userversion" ("created_at", "email", "first_name", "id", "is_active", "language", "last_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "photo", "team_id", "time_zone") SELECT old_values."created_at", old_values."email", old_values."first_name", old_values."id", old_values."is_active", old_values."language", old_values."last_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."phone", old_values."photo", old_values."team_id", old_values."time_zone" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."first_name" IS DISTINCT FROM (new_values."first_name") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."language" IS DISTINCT FROM (new_values."language") OR old_values."last_name" IS DISTINCT FROM (new_values."last_name") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."photo" IS DISTINCT FROM (new_values."photo") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."time_zone" IS DISTINCT FROM (new_values."time_zone")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fca7e9bf9d053e37acaa9f9f55c2333849d990c6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5efde', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='access_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "access_userversion" ("created_at", "email", "first_name", "id", "is_active", "language", "last_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "photo", "team_id", "time_zone") SELECT old_values."created_at", old_values."email", old_values."first_name", old_values."id", old_values."is_active", old_values."language", old_values."last_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."phone", old_values."photo", old_values."team_id", old_values."time_zone" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='3fb8048199cf54dd4566da5f2a53788e914c0aea', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_dea43', referencing='REFERENCING OLD TABLE AS old_values ', table='access_user', when='AFTER')),
        ),
    ]
