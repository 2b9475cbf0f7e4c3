"""What the page of the forecast shows: the coming months of the deals that its filter lets through, for web workers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.text import capfirst

from crm.access.models import Team, User
from crm.lists.state import ListState, group_of, in_group
from crm.records.models import Organisation
from crm.ui import formatting
from opportunities.forecast.factors import MONTHS
from opportunities.forecast.months import Part, Sums, months_of, parts_ahead, together
from opportunities.forecast.rolling import Call, calls_of
from opportunities.forecast.whose import Whose, snapshots_of, whose_of
from opportunities.models import Category, ForecastSnapshot, Target
from opportunities.models.targets import months_later
from opportunities.targets import Attainment, attainments, period_of, teams_below


@dataclass(frozen=True)
class Line:
    """A month (its first day) or, without one, all of them: sums, the calls by category, and beside them what was
    worked out for all of somebody's deals, where the viewer sees these: the span as learned, and a target.
    """

    month: dt.date | None
    # Its days, as "between" has them in an address.
    days: str
    sums: Sums
    calls: list[Call]
    span: ForecastSnapshot | None = None
    attained: Attainment | None = None

    @property
    def label(self) -> str:
        """The month in words: “December 2026”."""
        return str(capfirst(formatting.month_text(self.month))) if self.month else ""

    @property
    def key(self) -> str:
        return f"{self.month:%Y-%m}" if self.month else ""


@dataclass(frozen=True)
class Row:
    """What the deals of a team or a person come to in all the months, and the parameters that narrow to them."""

    who: Team | User | None
    sums: Sums
    span: ForecastSnapshot | None
    narrowed: str

    @property
    def amounts(self) -> list[tuple[str, Decimal]]:
        """By category, in words, what the deals come to."""
        sums = self.sums.categories
        return [(str(label), sums.get(value, Decimal(0))) for value, label in Category.choices]


@dataclass(frozen=True)
class Ahead:
    """The page: its lines, the targets of the quarter and the year, and who the deals belong to."""

    whose: Whose | None
    today: dt.date
    currency: str
    lines: list[Line]
    total: Line
    attained: list[Attainment]
    rows: list[Row]
    computed_on: dt.date | None

    @property
    def has_targets(self) -> bool:
        """Whether a month has one of its own."""
        return any(line.attained for line in self.lines)

    @property
    def is_learned(self) -> bool:
        return self.total.sums.learned is not None


def look_ahead(state: ListState, today: dt.date) -> Ahead:
    """Read the forecast of what a list shows. At most nine statements."""
    below = teams_below()
    whose = whose_of(state, below)
    parts = parts_ahead(state.rows(), today)
    spans = snapshots_of(whose) if whose else {}
    attained = attainments(_targets(whose, today), below) if whose else []
    calls = calls_of(whose, parts, below, months_of(today))
    of_month = {each.target.starts_on: each for each in attained if each.target.period == Target.Period.MONTH}
    lines = [
        Line(
            month,
            days_of(month, today),
            together(part for part in parts if part.month == month),
            calls[month],
            spans.get(month),
            of_month.get(month),
        )
        for month in months_of(today)
    ]
    added = [_added(lines, place) for place in range(len(Category))]
    total = Line(None, days_of(None, today), together(parts), added, spans.get(None))
    return Ahead(
        whose=whose,
        today=today,
        currency=Organisation.current().currency,
        lines=lines,
        total=total,
        attained=[each for each in attained if _is_now(each.target, today)],
        rows=_rows(state, whose, parts, below),
        computed_on=spans[None].day if None in spans else None,
    )


def _added(lines: list[Line], place: int) -> Call:
    """The calls of one category over all months."""
    calls = [line.calls[place] for line in lines]
    deals, called = sum((each.deals for each in calls), Decimal(0)), sum((each.called for each in calls), Decimal(0))
    return Call(calls[0].category, deals, called)


def _targets(whose: Whose | None, today: dt.date) -> list[Target]:
    """The targets of a team or a person that have to do with these months, the shortest period first."""
    if whose is None or whose == Whose():
        return []
    first = period_of(today, Target.Period.YEAR)
    rows = Target.objects.filter(
        team=whose.team,
        user=whose.owner,
        currency=Organisation.current().currency,
        starts_on__gte=first,
        starts_on__lt=months_later(today, MONTHS),
    )
    return sorted(rows, key=lambda each: (each.months, each.starts_on))


def _is_now(target: Target, today: dt.date) -> bool:
    return target.starts_on <= today < target.ends_before and target.period != Target.Period.MONTH


def _rows(state: ListState, whose: Whose | None, parts: list[Part], below: Mapping[int, frozenset[int]]) -> list[Row]:
    """Whose deals they are: teams with those below them where all is shown, else people."""
    if whose is not None and whose.owner:
        return []
    if whose == Whose():
        return _team_rows(parts, below)
    users = User.objects.in_bulk({part.owner for part in parts if part.owner})
    found = [
        Row(user, together(part for part in parts if part.owner == user.pk), None, f"owner={user.pk}")
        for user in users.values()
    ]
    if any(part.owner is None for part in parts):
        found.append(Row(None, together(part for part in parts if part.owner is None), None, "owner=none"))
    return _largest_first(found)


def _team_rows(parts: list[Part], below: Mapping[int, frozenset[int]]) -> list[Row]:
    latest = ForecastSnapshot.objects.filter(month=None, team__isnull=False).order_by("-day", "team")[: len(below)]
    spans = {row.team_id: row for row in latest if row.day == latest[0].day}
    found = []
    for team in Team.objects.all():
        chosen = [part for part in parts if part.team in below[team.pk]]
        if chosen:
            keys = ",".join(str(key) for key in sorted(below[team.pk]))
            found.append(Row(team, together(chosen), spans.get(team.pk), f"team={keys}"))
    return found


def _largest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.sums.learned or row.sums.weighted, reverse=True)


def linked(state: ListState) -> Callable[..., str]:
    """A function that gives the query of the list narrowed further, whatever filters there are: `status="open"`.

    "" where no query says that: what suffices one by one would have to stand in a group, and these are taken.
    """
    params = {name: value for name, value in state.params().items() if name not in ("sort", "by")}
    if state.is_any and len(state.filters) > 1:
        if any(group_of(name) for name in state.filters):
            return lambda **_more: ""
        params = {in_group("1", name) if name in {*state.filters, "any"} else name: v for name, v in params.items()}

    def query(**more: str) -> str:
        is_taken = any(name in params for name in more)
        group = (state.free_group if "1.any" not in params else "2") if is_taken else ""
        if is_taken and not group:
            return ""
        return urlencode(params | {in_group(group, name): value for name, value in more.items()}, safe=",")

    return query


def days_of(month: dt.date | None, today: dt.date) -> str:
    """The days of a month, or of all of them, as "between" has it in an address."""
    first = month or months_of(today)[0]
    after = months_later(first, 1 if month else MONTHS)
    return f"{first.isoformat()},{(after - dt.timedelta(days=1)).isoformat()}"
