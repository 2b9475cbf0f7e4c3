"""Custom fields made while the columns of a file are mapped, each called as its column, by those who administer."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.console.services.fields import create_field
from crm.records.custom import MOST_CHOICES, CustomField, choice_pairs
from crm.records.text import clean_line
from integrations.models import ImportRun
from integrations.staging import open_run
from integrations.states import MODELS

NEW = "+"
Kind = CustomField.Kind
# A column alone cannot tell several choices from a text with commas, nor whom a record is about.
OFFERED = (
    *(Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.MOMENT, Kind.YES_NO, Kind.CHOICE),
    *(Kind.LINK, Kind.EMAIL, Kind.PHONE),
)


def new_choices(by: User) -> list[tuple[str, str]]:
    """Return the kinds of fields that somebody may make here: value of the control and label; none for most people."""
    return [(NEW + kind.value, str(kind.label)) for kind in OFFERED] if by.is_administrator else []


def new_field(run: ImportRun, column: int, chosen: str) -> CustomField:
    """Return the field to be made for a column, not saved yet. Raises `ValidationError` for what cannot be one."""
    label = clean_line(run.headers[column])
    field = CustomField(type=str(MODELS[run.kind]._meta.model_name), label=label, kind=chosen.removeprefix(NEW))
    limit = CustomField._meta.get_field("label").max_length or 0
    if not label or len(label) > limit:
        message = _("A field needs a name of at most %(limit)d characters: give the column one in the file.")
        raise ValidationError(message % {"limit": limit})
    if CustomField.objects.filter(type=field.type, label__iexact=label, trashed_at__isnull=True).exists():
        raise ValidationError(_("There is a field of this name already: choose it in the list."))
    if field.kind == Kind.CHOICE:
        field.choices = choice_pairs(_values(run, column))
    return field


def _values(run: ImportRun, column: int) -> list[str]:
    """Return the different values of a column, in the order of the file. Raises `ValidationError` for too many."""
    found: dict[str, None] = {}
    with open_run(run) as table:
        for row in table.rows():
            if column < len(row.cells) and (text := clean_line(str(row.cells[column]))[:80]):
                found[text] = None
            if len(found) > MOST_CHOICES:
                message = _("This column has more than %(count)d different values: make it a text.")
                raise ValidationError(message % {"count": MOST_CHOICES})
    return list(found)


def make_fields(run: ImportRun, mapping: list[str], made: dict[int, CustomField]) -> list[str]:
    """Add the new fields, each an act of its own that can be undone; returns the mapping with their slugs."""
    if not made:
        return mapping
    with transaction.atomic():
        for field in made.values():
            create_field(field, by=run.by)
    run.by = User.objects.get(pk=run.by_id)  # who knows the new fields
    return [made[column].slug if column in made else slug for column, slug in enumerate(mapping)]
