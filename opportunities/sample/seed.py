"""Many invented deals over 36 months, the same for the same seed and last day, of which the truth is known.

**The truth.** A deal goes through the open stages of the pipeline one after the other. In each it goes on, or is lost.

- It goes on from stage i with the probability `logistic(logit(GOES_ON[i]) + EFFECT)`, where EFFECT adds up
  `PER_SLIP` for each time its expected close was put off so far, `SIZES` for its class of amount (`size_of`), and
  `SOURCES` for where it came from.
- *Slips.* On entering any stage the close is put off with the probability `SLIPS`, whatever the deal; this is known
  an hour after it entered. Nothing else moves the expected close.
- *Age.* How long it stays in stage i is log-normal with the median `DAYS[i]` and the spread `SPREAD` if it goes on, and
  with a median `LOSERS_LINGER` times as long if it is lost: the longer it has been there, the less likely it is won.
- Source, class of amount and opening day are drawn independently; owners and companies mean nothing. An amount may
  change by a tenth, never out of its class. What was signed is nine tenths or more of the amount.

`win_probability` gives the chance that follows from all that, exactly, for a deal as it is known on a day. Deals opened
from `MONTHS` months before the last day on; what would happen after that day has not happened: they are open.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from statistics import NormalDist

from django.db.models import Min
from django.utils import timezone

from contacts.models import Company
from contacts.sample.bulk import refer
from contacts.sample.rows import Rows, Value, reserve
from crm.access.models import User
from crm.records.changes import changes, record_event, within
from crm.records.models import Changeset, Organisation
from opportunities.models import LostReason, Opportunity, Stage
from opportunities.services import default_pipeline

MONTHS, CHUNK = 36, 10_000
# The five open stages of the first pipeline (opportunities/defaults.py).
GOES_ON = (0.60, 0.65, 0.70, 0.75, 0.90)
DAYS = (14.0, 18.0, 16.0, 14.0, 6.0)
SPREAD, LOSERS_LINGER = 0.6, 2.0
SLIPS, PER_SLIP = 0.3, -0.5
SLIP_DAYS, FIRST_GUESS = 30, 90
# From how much on (in the company's currency) an amount is of a class, and what that does to the odds.
SIZES = ((0, 0.35), (5_000, 0.0), (50_000, -0.45))
SOURCES = {"Recommandation": 0.5, "Client existant": 0.4, "Site web": 0.0, "Salon": -0.2, "Prospection": -0.6}
SOURCE_WEIGHTS = (15, 25, 30, 15, 15)

_NORMAL = NormalDist()
_SUBJECTS = ("Toiture", "Ombrières", "Bornes", "Stockage", "Maintenance", "Étude", "Extension", "Rénovation")
_STATE = ("effective_at", "by_id", "stage_id", "owner_id", "team_id", "amount", "currency", "expected_on", "category")
Moment = dt.datetime


class DealRows(Rows):
    """Deals and their dated rows on their way into the database."""

    columns = {
        "opportunities_opportunity": (
            *("id", "owner_id", "team_id", "created_at", "updated_at", "touched_at", "name", "reference", "company_id"),
            *("pipeline_id", "stage_id", "status", "stage_since", "position", "amount", "won_amount", "currency"),
            *("category", "opened_on", "expected_on", "closed_on", "lost_reason_id", "lost_text", "source", "campaign"),
            *("competitors", "next_step", "next_step_on", "notes"),
        ),
        "opportunities_stagechange": ("opportunity_id", "from_stage_id", *_STATE),
        "opportunities_dealchange": ("opportunity_id", "fields", *_STATE),
    }


def size_of(amount: float) -> int:
    """The class of an amount: small, usual or large."""
    return bisect_right([limit for limit, _effect in SIZES], amount) - 1


def goes_on(stage: int, slips: int, size: int, source: str) -> float:
    """The chance that a deal leaves a stage for the next one, and is not lost."""
    plain = math.log(GOES_ON[stage] / (1 - GOES_ON[stage]))
    return 1 / (1 + math.exp(-(plain + PER_SLIP * slips + SIZES[size][1] + SOURCES[source])))


@cache
def _on_entering(stage: int, slips: int, size: int, source: str) -> float:
    """The chance to be won on entering a stage, before it is known whether the close is put off."""
    if stage == len(GOES_ON):
        return 1.0
    return sum(
        chance * goes_on(stage, slips + more, size, source) * _on_entering(stage + 1, slips + more, size, source)
        for more, chance in ((0, 1 - SLIPS), (1, SLIPS))
    )


def win_probability(stage: int, age: float, slips: int, amount: float, source: str) -> float:
    """The true chance to be won of a deal that has been in a stage (0 is the first) for so many days."""
    size = size_of(amount)
    on = goes_on(stage, slips, size, source)
    winners, losers = on * _stays(age, DAYS[stage]), (1 - on) * _stays(age, DAYS[stage] * LOSERS_LINGER)
    still = winners / (winners + losers) if winners + losers else 0.0
    return still * _on_entering(stage + 1, slips, size, source)


def _stays(age: float, median: float) -> float:
    """How likely one stays longer than so many days where half stay longer than the median."""
    return 1 - _NORMAL.cdf(math.log(age / median) / SPREAD) if age > 0 else 1.0


def seed(owners: list[User], count: int, seed: int, until: dt.date | None = None) -> Iterator[int]:
    """Write `count` deals of these owners that began in the 36 months up to a day; yields the rows of each chunk."""
    rng, by = random.Random(seed), owners[0]  # noqa: S311 invented, not secret
    seeder = Seeder(rng, owners, until or timezone.localdate())
    with changes(by, Changeset.Source.IMPORT, f"seed {count} × opportunity") as changeset:
        event = record_event("opportunity.imported", by=by, changeset=changeset, count=count)
    for start in range(0, count, CHUNK):
        size, rows = min(CHUNK, count - start), DealRows()
        first = reserve("opportunities_opportunity", size)
        for pk in range(first, first + size):
            seeder.draw(rows, pk)
        with within(changeset):
            written = rows.copy()
            refer(event, "opportunities.opportunity", first, size)
        yield written


def seed_past(owners: list[User], count: int, seed: int, until: dt.date) -> None:
    """Write those of `count` such deals that had ended by a day, in one import."""
    rng = random.Random(seed)  # noqa: S311 invented, not secret
    seeder, rows = Seeder(rng, owners, until), DealRows()
    first = reserve("opportunities_opportunity", count)
    ended = 0
    for _deal in range(count):
        drawn = DealRows()
        if seeder.draw(drawn, first + ended):
            ended += 1
            for table, lines in drawn.lines.items():
                rows.lines[table] += lines
    with changes(owners[0], Changeset.Source.IMPORT, "Reprise de l’historique des ventes") as changeset:
        event = record_event("opportunity.imported", by=owners[0], changeset=changeset, count=ended)
    with within(changeset):
        rows.copy()
        refer(event, "opportunities.opportunity", first, ended)


class Seeder:
    """Draws deals one by one."""

    def __init__(self, rng: random.Random, owners: list[User], until: dt.date) -> None:
        self.rng = rng
        self.owners = owners
        self.until = timezone.make_aware(dt.datetime.combine(until, dt.time(18)))
        pipeline = default_pipeline()
        stages = list(pipeline.stages.all())
        self.pipeline = pipeline.pk
        self.open = [stage.pk for stage in stages if stage.status == Stage.Status.OPEN]
        if len(self.open) != len(GOES_ON):
            raise ValueError("The default pipeline has other stages than the truth of the seed speaks of.")
        self.won = next(stage.pk for stage in stages if stage.status == Stage.Status.WON)
        self.lost = next(stage.pk for stage in stages if stage.status == Stage.Status.LOST)
        self.reasons = list(LostReason.objects.values_list("pk", flat=True))
        self.companies = list(Company.objects.order_by("pk").values_list("pk", flat=True)[:50_000])
        self.currency = Organisation.current().currency
        self.top = Opportunity._base_manager.aggregate(top=Min("position"))["top"] or 0.0

    def draw(self, rows: DealRows, pk: int) -> bool:
        """Draw the life of a deal and write its rows; whether it ended."""
        rng = self.rng
        owner = rng.choice(self.owners)
        opened = self.until - dt.timedelta(days=rng.random() * MONTHS * 30.44)
        source = rng.choices(list(SOURCES), SOURCE_WEIGHTS)[0]
        life = _Life(self, rows, pk, owner, opened, rng.lognormvariate(9.6, 1.1))
        life.run(source)
        self.top -= 1
        company = rng.choice(self.companies) if self.companies else None
        name = f"{rng.choice(_SUBJECTS)} {pk}"
        made, closed = opened.isoformat(), life.closed
        rows.add(
            "opportunities_opportunity",
            *(pk, owner.pk, owner.team_id, made, life.last.isoformat(), life.last.isoformat(), name, f"S{pk}", company),
            *(self.pipeline, life.stage, life.status, life.since.isoformat(), f"{self.top}", _cents(life.amount)),
            *(_cents(life.signed), self.currency, "pipeline", _day(opened), life.expected.isoformat()),
            *(_day(closed) if closed else None, life.reason, "", source, "", "", "", None, ""),
        )
        return closed is not None


class _Life:
    """What becomes of one deal; writes its dated rows on the way."""

    def __init__(self, seeder: Seeder, rows: DealRows, pk: int, owner: User, opened: Moment, amount: float) -> None:
        self.seeder, self.rows, self.pk, self.owner = seeder, rows, pk, owner
        self.amount, self.size = round(amount, 2), size_of(amount)
        self.expected = timezone.localdate(opened) + dt.timedelta(days=FIRST_GUESS)
        self.since = self.last = opened
        self.stage, self.status = seeder.open[0], "open"
        self.signed: float | None = None
        self.closed: Moment | None = None
        self.reason: int | None = None
        self.slips = 0

    def run(self, source: str) -> None:
        rng, seeder = self.seeder.rng, self.seeder
        for place in range(len(seeder.open)):
            self._enter(seeder.open[place], self.since, place == 0)
            if rng.random() < SLIPS:
                self._put_off()
            goes = rng.random() < goes_on(place, self.slips, self.size, source)
            days = rng.lognormvariate(math.log(DAYS[place] * (1 if goes else LOSERS_LINGER)), SPREAD)
            left = self.since + dt.timedelta(days=days)
            self._change_amount(left)
            if left > seeder.until:
                return
            self.since = left
            if not goes:
                self._end(seeder.lost, "lost")
                return
        self._end(seeder.won, "won")

    def _enter(self, stage: int, at: Moment, is_new: bool) -> None:
        before = None if is_new else self.stage
        self.stage, self.last = stage, at
        self.rows.add("opportunities_stagechange", self.pk, before, *self._state(at))

    def _put_off(self) -> None:
        at = self.since + dt.timedelta(hours=1)
        if at <= self.seeder.until:
            self.slips += 1
            self.expected += dt.timedelta(days=SLIP_DAYS)
            self.last = at
            self.rows.add("opportunities_dealchange", self.pk, '["expected_on"]', *self._state(at))

    def _change_amount(self, left: Moment) -> None:
        """Change the amount of some deals half-way through a stage, by a tenth at most and within its class."""
        rng = self.seeder.rng
        change, wanted = rng.random(), round(self.amount * rng.uniform(0.9, 1.1), 2)
        at = self.since + (left - self.since) / 2
        if change < 0.06 and size_of(wanted) == self.size and self.last < at <= self.seeder.until:
            self.amount, self.last = wanted, at
            self.rows.add("opportunities_dealchange", self.pk, '["amount"]', *self._state(at))

    def _end(self, stage: int, status: str) -> None:
        rng = self.seeder.rng
        self.status, self.closed = status, self.since
        if status == "won":
            self.signed = round(self.amount * rng.uniform(0.9, 1.0), 2)
        else:
            self.reason = rng.choice(self.seeder.reasons) if self.seeder.reasons else None
        self._enter(stage, self.since, is_new=False)

    def _state(self, at: Moment) -> list[Value]:
        worth = self.amount if self.signed is None else self.signed
        return [
            *(at.isoformat(), self.owner.pk, self.stage, self.owner.pk, self.owner.team_id, _cents(worth)),
            *(self.seeder.currency, self.expected.isoformat(), "pipeline"),
        ]


def _cents(amount: float | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _day(moment: Moment) -> str:
    return timezone.localdate(moment).isoformat()
