"""Fields that administrators add to a kind of record without code.

A definition is a row, its slug ("c_budget") is at once the key in the record's `custom` column, the name of the form
field, the column and filter of lists, and the fact of the page. What is not set has no key. Values are plain JSON:
numbers and amounts as text, dates as ISO text, moments as UTC ISO text, people and records by their key.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.rights import kind_of
from crm.history import track
from crm.records.dates import parse_date
from crm.records.numbers import parse_number, parse_yes_no
from crm.records.text import clean_block, clean_line, norm

if TYPE_CHECKING:
    from crm.access.models import User

PREFIX = "c_"
TEXT_MAX = 200
LONG_MAX = 20_000
MOST_NUMBER = Decimal(10) ** 14
DECIMALS = 6
MOST_CHOICES = 200
_CHOICE = "choice-"  # before the number of a choice, so that its value is not taken for another one's label
_UTC = "%Y-%m-%dT%H:%M:%SZ"


@track(exclude=("built", "problem"))
class CustomField(models.Model):
    """One field added to a kind of record. `choices` are pairs [value, label]; a trashed one keeps its values.

    `target` is the kind of record that a link leads to (crm/records/links.py). `is_searchable`: its words are in the
    search entries of its records.

    `built` names the indexes of it that a worker has built (crm/records/custom_indexes.py), `problem` what kept it from
    that: values that are there more than once.
    """

    class Kind(models.TextChoices):
        TEXT = "text", gettext_lazy("Text")
        LONG_TEXT = "long_text", gettext_lazy("Long text")
        NUMBER = "number", gettext_lazy("Number")
        MONEY = "money", gettext_lazy("Amount")
        DATE = "date", gettext_lazy("Date")
        MOMENT = "moment", gettext_lazy("Date and time")
        YES_NO = "yes_no", gettext_lazy("Yes or no")
        CHOICE = "choice", gettext_lazy("Choice")
        CHOICES = "choices", gettext_lazy("Several choices")
        LINK = "link", gettext_lazy("Web address")
        EMAIL = "email", gettext_lazy("E-mail address")
        PHONE = "phone", gettext_lazy("Phone")
        USER = "user", gettext_lazy("User")
        RECORD = "record", gettext_lazy("Record")

    type = models.CharField(gettext_lazy("kind of record"), max_length=40)
    slug = models.CharField(max_length=60, editable=False)
    label = models.CharField(gettext_lazy("name"), max_length=80)
    kind = models.CharField(gettext_lazy("kind of field"), max_length=10, choices=Kind.choices)
    help_text = models.CharField(gettext_lazy("help"), max_length=200, blank=True)
    section = models.CharField(gettext_lazy("section of the page"), max_length=60, blank=True)
    position = models.IntegerField(default=0)
    is_required = models.BooleanField(gettext_lazy("required"), default=False)
    is_unique = models.BooleanField(
        gettext_lazy("each value once"),
        default=False,
        help_text=gettext_lazy("Two records cannot have the same value, whatever its case and accents."),
    )
    is_indexed = models.BooleanField(
        gettext_lazy("quick to sort and to filter"),
        default=False,
        help_text=gettext_lazy("Lists can be sorted by it, and filters by it stay quick with many records."),
    )
    is_searchable = models.BooleanField(
        gettext_lazy("found by the search"),
        default=False,
        help_text=gettext_lazy("The search finds records by the words of this field."),
    )
    target = models.CharField(gettext_lazy("leads to"), max_length=40, blank=True)
    built = models.JSONField(default=list, editable=False)
    problem = models.JSONField(default=list, editable=False)
    default = models.JSONField(gettext_lazy("value of new records"), null=True, blank=True)
    choices = models.JSONField(gettext_lazy("choices"), default=list, blank=True)
    trashed_at = models.DateTimeField(gettext_lazy("in the trash since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = gettext_lazy("custom field")
        verbose_name_plural = gettext_lazy("custom fields")
        ordering = ["type", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["type", "slug"], name="one_custom_field_per_slug")]

    def __str__(self) -> str:
        return self.label

    # ---- Values ----

    def parse(self, typed: Any, region: str = "") -> Any:
        """What was typed as it is kept, None for nothing. Raises ValidationError with a sentence.

        `region` is the country of phones that name none; without it the organisation's is read.
        """
        kind = self.Kind
        if typed is None or typed == "" or typed == []:
            return None
        match self.kind:
            case kind.LONG_TEXT:
                return _within(clean_block(str(typed)), LONG_MAX)
            case kind.NUMBER | kind.MONEY:
                return _number_text(parse_number(typed))
            case kind.DATE:
                day = typed if type(typed) is dt.date else parse_date(typed)
                return day.isoformat() if day else None
            case kind.MOMENT:
                return moment_text(typed) if isinstance(typed, dt.datetime) else _parse_moment(str(typed))
            case kind.YES_NO:
                return parse_yes_no(typed)
            case kind.CHOICE:
                return self._choice(str(typed))
            case kind.CHOICES:
                given = typed if isinstance(typed, list) else re.split(r"\s*[;,\n]\s*", str(typed))
                chosen = {self._choice(str(each)) for each in given if each}
                return [value for value, _label in self.choices if value in chosen] or None
            case kind.USER | kind.RECORD:
                return int(typed)
            case kind.LINK:
                return _parse_link(clean_line(str(typed)))
            case kind.EMAIL:
                address = clean_line(str(typed)).lower()
                validate_email(address)
                return address
            case kind.PHONE:
                return _parse_phone(clean_line(str(typed)), region)
        return _within(clean_line(str(typed)), TEXT_MAX)

    def read(self, raw: Any) -> Any:
        """A kept value in Python: Decimal, date, aware datetime; choices in words, people and records by their key."""
        if raw is None:
            return None
        match self.kind:
            case self.Kind.NUMBER | self.Kind.MONEY:
                return Decimal(raw)
            case self.Kind.DATE:
                return dt.date.fromisoformat(raw)
            case self.Kind.MOMENT:
                return dt.datetime.strptime(raw, _UTC).replace(tzinfo=dt.UTC)
            case self.Kind.CHOICE:
                return self._labels.get(raw, raw)
            case self.Kind.CHOICES:
                return [self._labels.get(each, each) for each in raw]
        return raw

    @property
    def _labels(self) -> dict[str, str]:
        return dict(self.choices)

    def _choice(self, typed: str) -> str:
        if typed in self._labels:  # as a form sends it; a person types the label
            return typed
        for value, label in self.choices:
            if norm(typed) == norm(label):
                return str(value)
        known = ", ".join(label for _value, label in self.choices)
        raise ValidationError(_("“%(value)s” is none of the choices: %(known)s.") % {"value": typed, "known": known})


def choice_pairs(labels: list[str], old: Iterable[Sequence[str]] = ()) -> list[list[str]]:
    """Pairs of value and label for choices. A label that is there keeps its value, so that records keep theirs; so
    does the one in the place of one that is gone, which was renamed."""
    before = [(value, label) for value, label in old]
    by_label = {label: value for value, label in before}
    if len(labels) == len(before):
        for (value, label), now in zip(before, labels, strict=True):
            if label not in labels and now not in by_label:
                by_label[now] = value
    number = max((int(value.removeprefix(_CHOICE)) for value, _label in before), default=0)
    pairs = []
    for label in labels:
        if label not in by_label:
            number += 1
            by_label[label] = f"{_CHOICE}{number}"
        pairs.append([by_label[label], label])
    return pairs


def moment_text(moment: dt.datetime) -> str:
    """An aware moment as it is kept: "2026-11-24T09:30:00Z", which sorts and compares as text."""
    return moment.astimezone(dt.UTC).strftime(_UTC)


def _number_text(number: Decimal | None) -> str | None:
    if number is None:
        return None
    if abs(number) >= MOST_NUMBER or number != round(number, DECIMALS):
        raise ValidationError(_("Enter a number of at most 14 digits and 6 decimals."))
    return f"{number.normalize():f}"


def _within(text: str, limit: int) -> str | None:
    if len(text) > limit:
        raise ValidationError(_("Enter at most %(limit)d characters.") % {"limit": limit})
    return text or None


def _parse_moment(typed: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(typed.strip())
    except ValueError as wrong:
        raise ValidationError(_("Enter a date and a time.")) from wrong
    if not 1000 <= moment.year <= 9000:
        raise ValidationError(_("Enter a date and a time."))
    return moment_text(moment if moment.tzinfo else timezone.make_aware(moment))


def _parse_link(typed: str) -> str | None:
    address = typed if "://" in typed else f"https://{typed}"
    if len(address) > TEXT_MAX:
        raise ValidationError(_("A web address has at most 200 characters."))
    try:
        URLValidator(["http", "https"])(address)
    except ValidationError as wrong:
        message = _("“%(value)s” is no web address: it should look like www.example.com.")
        raise ValidationError(message % {"value": typed}) from wrong
    return address


def _parse_phone(typed: str, region: str) -> str:
    from crm.records.models import Organisation  # which has fields of this module's kind

    region = region or Organisation.current().country
    try:
        number = phonenumbers.parse(typed, region)
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass  # said below, as for what is no possible number
    message = _("“%(value)s” is no phone number of %(region)s: check its digits, or begin with + and the country code.")
    raise ValidationError(message % {"value": typed, "region": region})


# ---- Definitions, read once per process until one changes ----

_kept: tuple[str, list[CustomField]] = ("", [])


def custom_fields(model: Any, user: User) -> list[CustomField]:
    """The live fields of a kind of record that the user may see, in order.

    No statement unless one was changed since the last time.
    """
    hidden = user.rights.hidden(kind_of(model))
    return [each for each in live_fields(model, user) if each.slug not in hidden]


def live_fields(model: Any, user: User) -> list[CustomField]:
    """The live fields of a kind of record, also those that the user may not see: what is done behind the page."""
    return [each for each in every_field(user) if each.type == model._meta.model_name and each.trashed_at is None]


def custom_field(model: Any, slug: str, user: User) -> CustomField | None:
    """One live field that the user may see; None if there is none of that slug."""
    return next((each for each in custom_fields(model, user) if each.slug == slug), None)


def every_field(user: User) -> list[CustomField]:
    """All definitions, trashed ones too. Their version came with the user's rights (crm/access/rights.py)."""
    global _kept
    version = user.rights.fields_version
    if _kept[0] != version:
        _kept = (version, list(CustomField.objects.all()) if version else [])
    return _kept[1]


def is_custom(name: str) -> bool:
    """Whether a field's name is that of an added field."""
    return name.startswith(PREFIX)


def with_value(custom: dict[str, Any], slug: str, value: Any) -> dict[str, Any]:
    """A record's values with one replaced; None takes it away."""
    rest = {key: kept for key, kept in custom.items() if key != slug}
    return rest if value is None else {**rest, slug: value}


def set_value(rows: Any, slug: str, value: Any) -> int:
    """Give many rows the same value of an added field, None to take it away; how many had another one."""
    if value is None:
        others, custom = rows.filter(custom__has_key=slug), RawSQL("custom - %s", [slug])
    else:
        given = json.dumps({slug: value})
        others = rows.exclude(custom__contains={slug: value})
        custom = RawSQL("custom || %s::jsonb", [given])
    return int(others.update(custom=custom, updated_at=timezone.now()))
