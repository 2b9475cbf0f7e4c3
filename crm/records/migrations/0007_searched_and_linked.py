from pathlib import Path

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

SEARCHABLE = (Path(__file__).resolve().parent.parent / "sql" / "searchable.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0006_custom_indexes'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='customfield',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='customfield',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='customfield',
            name='is_searchable',
            field=models.BooleanField(default=False, help_text='The search finds records by the words of this field.', verbose_name='found by the search'),
        ),
        migrations.AddField(
            model_name='customfield',
            name='target',
            field=models.CharField(blank=True, max_length=40, verbose_name='leads to'),
        ),
        migrations.AddField(
            model_name='customfieldversion',
            name='is_searchable',
            field=models.BooleanField(default=False, help_text='The search finds records by the words of this field.', null=True, verbose_name='found by the search'),
        ),
        migrations.AddField(
            model_name='customfieldversion',
            name='target',
            field=models.CharField(blank=True, max_length=40, null=True, verbose_name='leads to'),
        ),
        migrations.AlterField(
            model_name='customfield',
            name='kind',
            field=models.CharField(choices=[('text', 'Text'), ('long_text', 'Long text'), ('number', 'Number'), ('money', 'Amount'), ('date', 'Date'), ('moment', 'Date and time'), ('yes_no', 'Yes or no'), ('choice', 'Choice'), ('choices', 'Several choices'), ('link', 'Web address'), ('email', 'E-mail address'), ('phone', 'Phone'), ('user', 'User'), ('record', 'Record')], max_length=10, verbose_name='kind of field'),
        ),
        migrations.AlterField(
            model_name='customfieldversion',
            name='kind',
            field=models.CharField(choices=[('text', 'Text'), ('long_text', 'Long text'), ('number', 'Number'), ('money', 'Amount'), ('date', 'Date'), ('moment', 'Date and time'), ('yes_no', 'Yes or no'), ('choice', 'Choice'), ('choices', 'Several choices'), ('link', 'Web address'), ('email', 'E-mail address'), ('phone', 'Phone'), ('user', 'User'), ('record', 'Record')], max_length=10, null=True, verbose_name='kind of field'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customfield',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_customfieldversion" ("choices", "default", "help_text", "id", "is_indexed", "is_required", "is_searchable", "is_unique", "kind", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "section", "slug", "target", "trashed_at", "type") SELECT old_values."choices", old_values."default", old_values."help_text", old_values."id", old_values."is_indexed", old_values."is_required", old_values."is_searchable", old_values."is_unique", old_values."kind", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."position", old_values."section", old_values."slug", old_values."target", old_values."trashed_at", old_values."type" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."choices" IS DISTINCT FROM (new_values."choices") OR old_values."default" IS DISTINCT FROM (new_values."default") OR old_values."help_text" IS DISTINCT FROM (new_values."help_text") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_indexed" IS DISTINCT FROM (new_values."is_indexed") OR old_values."is_required" IS DISTINCT FROM (new_values."is_required") OR old_values."is_searchable" IS DISTINCT FROM (new_values."is_searchable") OR old_values."is_unique" IS DISTINCT FROM (new_values."is_unique") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."label" IS DISTINCT FROM (new_values."label") OR old_values."position" IS DISTINCT FROM (new_values."position") OR old_values."section" IS DISTINCT FROM (new_values."section") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."target" IS DISTINCT FROM (new_values."target") OR old_values."trashed_at" IS DISTINCT FROM (new_values."trashed_at") OR old_values."type" IS DISTINCT FROM (new_values."type")) ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='05cf6eb6e054923880eb891b5dde2a183323e237', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5905e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='records_customfield', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customfield',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "records_customfieldversion" ("choices", "default", "help_text", "id", "is_indexed", "is_required", "is_searchable", "is_unique", "kind", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "section", "slug", "target", "trashed_at", "type") SELECT old_values."choices", old_values."default", old_values."help_text", old_values."id", old_values."is_indexed", old_values."is_required", old_values."is_searchable", old_values."is_unique", old_values."kind", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."position", old_values."section", old_values."slug", old_values."target", old_values."trashed_at", old_values."type" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a47401ae9365946dcf8496b91d12f1300eec9e6f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b323b', referencing='REFERENCING OLD TABLE AS old_values ', table='records_customfield', when='AFTER')),
        ),
        migrations.RunSQL(SEARCHABLE, migrations.RunSQL.noop),
    ]
