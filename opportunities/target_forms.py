"""The table of targets: whose, by period, each an amount; typed and saved together."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crm.access.models import Team, User
from crm.records.models import Organisation
from crm.ui.forms import NumberField
from opportunities.models import Target
from opportunities.targets import Attainment, Key, attainments, key_of


@dataclass(frozen=True)
class Cell:
    """One amount of the table, the name of its period, and what was won against it."""

    field: forms.BoundField
    label: str
    attained: Attainment | None


@dataclass(frozen=True)
class Line:
    """What one user or team is to win, period by period."""

    who: User | Team
    is_team: bool
    cells: list[Cell]


class TargetsForm(forms.Form):
    """Whose × period → amount. Of amounts that were left as they were drawn, nothing is written."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        period: str,
        days: list[dt.date],
        labels: list[str],
        teams: list[Team],
        users: list[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.days, self.labels = days, labels
        self.whose: list[tuple[str, Team | User]]
        self.whose = [*(("team", each) for each in teams), *(("user", each) for each in users)]
        currency = Organisation.current().currency
        rows = Target.objects.filter(period=period, currency=currency, starts_on__in=days)
        self.known: dict[Key, Target] = {key_of(each): each for each in rows}
        for kind, who in self.whose:
            for day, label in zip(days, labels, strict=True):
                target = self.known.get((kind, who.pk, day))
                self.fields[_name(kind, who.pk, day)] = NumberField(
                    label=_("%(name)s, %(period)s") % {"name": who, "period": label},
                    required=False,
                    min_value=0,
                    max_digits=16,
                    decimal_places=2,
                    initial=target.amount if target else None,
                )
        self.now = {name: _text(field.initial) for name, field in self.fields.items() if name != "read"}
        self.initial["read"] = json.dumps({name: value for name, value in self.now.items() if value})

    def clean_read(self) -> dict[str, str]:
        """What the form was drawn from; a broken value means: as it is now."""
        try:
            read = json.loads(self.cleaned_data["read"] or "{}")
        except (ValueError, RecursionError):
            return dict(self.now)
        return read if isinstance(read, dict) else dict(self.now)

    def clean(self) -> dict[str, Any] | None:
        """Say where somebody else changed the same amount meanwhile; saving again then replaces it."""
        data = super().clean()
        read = self.cleaned_data.get("read", {})
        clashes = [
            name
            for name in self._typed(read)
            if self.now[name] != str(read.get(name, "")) and self.now[name] != _text(self.cleaned_data[name])
        ]
        for name in clashes:
            text = _("Somebody changed this to “%(value)s” in the meantime. Save again to replace it with yours.")
            self.add_error(name, text % {"value": self.now[name] or _("nothing")})
        if clashes:
            self.data = {**self.data, "read": self.initial["read"]}
        return data

    def _typed(self, read: dict[str, str]) -> list[str]:
        """The amounts that are not as they were drawn."""
        clean = self.cleaned_data
        return [name for name in self.now if name in clean and _text(clean[name]) != str(read.get(name, ""))]

    def amounts(self) -> dict[Key, Decimal | None]:
        """What was changed."""
        return {_key(name): self.cleaned_data[name] for name in self._typed(self.cleaned_data["read"])}

    def lines(self) -> list[Line]:
        """The table, with what was won of each target. Two statements beyond the form's own."""
        attained = {key_of(each.target): each for each in attainments(self.known.values())}
        return [
            Line(
                who,
                kind == "team",
                [
                    Cell(self[_name(kind, who.pk, day)], label, attained.get((kind, who.pk, day)))
                    for day, label in zip(self.days, self.labels, strict=True)
                ],
            )
            for kind, who in self.whose
        ]


def _name(kind: str, key: int, day: dt.date) -> str:
    return f"{kind}:{key}:{day:%Y-%m}"


def _key(name: str) -> Key:
    kind, key, month = name.split(":")
    return kind, int(key), dt.date.fromisoformat(f"{month}-01")


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"
