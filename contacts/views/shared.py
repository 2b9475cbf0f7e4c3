"""What the pages of contacts, companies and groups have in common."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from crm.lists.fields import Label, RecordType
from crm.records.models import Record


def record_page(record_type: RecordType, record: Record) -> dict[str, Any]:
    """Names and addresses that the page of any record shows (templates/contacts/record.html)."""
    return {
        "record": record,
        "record_type": record_type,
        "list_name": record_type.url("list"),
        "list_label": record_type.plural,
        "edit_name": record_type.url("edit"),
        "trash_name": record_type.url("trash"),
        "restore_name": record_type.url("restore"),
    }


def record_form_page(record_type: RecordType, form: Any, record: Record | None, new: Label) -> dict[str, Any]:
    """The form that creates a record, or edits all of one (templates/contacts/record_form.html)."""
    key = record.pk if record else "new"
    return {
        "form": form,
        "heading": str(record) if record else new,
        "draft": f"{record_type.slug}-{key}",
        "cancel_url": record.get_absolute_url() if record else reverse(record_type.url("list")),
    }
