"""The demo's chapter of sales: the catalogue, and some forty deals from the first call to the signature."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from contacts.models import Company, Contact
from contacts.sample import cast as firms
from crm.access.models import Team, User
from crm.records import services as records
from opportunities import people, services
from opportunities.changes import taking_effect
from opportunities.models import DealContact, DealLine, LostReason, Opportunity, Price, Product, Stage, Target
from opportunities.sample.cast import LOST, PRODUCTS, STORIES, TARGETS, TEAM_TARGETS, WON, Story
from opportunities.sample.seed import seed_past
from opportunities.services import Closing, moment_of
from opportunities.targets import Key, period_of, set_targets

if TYPE_CHECKING:
    from contacts.sample.demo import Act, Demo

NINE = 9 * 60
# Deals of the years before, of which those that had ended so many days ago are kept: enough to learn from.
PAST_DEALS, PAST_SEED, PAST_ENDS = 420, 2024, 60


def tell(demo: Demo, days: int) -> dict[int, list[Act]]:
    """The acts of this chapter, by the day they are done, counted back; older ones are done on the first day."""
    acts: dict[int, list[Act]] = defaultdict(list)
    acts[days].append((NINE - 90, partial(take_over_past, demo)))
    acts[days].append((NINE - 60, partial(keep_catalogue, demo.users["Inès"])))
    acts[days].append((NINE - 60, partial(aim, demo.users)))
    for place, story in enumerate(STORIES):
        teller = Teller(story, demo, place)
        for order, (ago, act) in enumerate(teller.acts()):
            minute = NINE + order if ago >= days else NINE + (place * 11 + order) % 480
            acts[min(ago, days)].append((minute, act))
    acts[1].append((24 * 60 - 1, learn))
    return acts


def take_over_past(demo: Demo) -> None:
    """Bring along what had been won and lost in the years before."""
    sellers = [demo.users[name] for name in dict.fromkeys(story.owner for story in STORIES)]
    seed_past(sellers, PAST_DEALS, PAST_SEED, timezone.localdate() - dt.timedelta(days=PAST_ENDS))


def learn() -> None:
    """Learn from all that, as every night."""
    from opportunities.forecast import nightly  # Loads the statistics.

    nightly.run(timezone.localdate())


def keep_catalogue(by: User) -> None:
    """Put the products on sale."""
    for name, code, family, unit, price, vat, recurring in PRODUCTS:
        product = Product(
            name=name, code=code, family=family, unit=unit, vat_rate=Decimal(vat), is_recurring=recurring, owner=by
        )
        product.team_id = by.team_id
        records.create(product, by=by, children=[Price(product=product, currency="EUR", amount=Decimal(price))])


def aim(users: dict[str, User]) -> None:
    """Set the targets of the present quarter."""
    quarter = period_of(timezone.localdate(), Target.Period.QUARTER)
    teams = dict(Team.objects.values_list("name", "pk"))
    amounts: dict[Key, Decimal | None] = {("user", users[name].pk, quarter): Decimal(n) for name, n in TARGETS.items()}
    amounts |= {("team", teams[name], quarter): Decimal(n) for name, n in TEAM_TARGETS.items()}
    set_targets(Target.Period.QUARTER, amounts, by=users["Paul"])


class Teller:
    """Writes the life of one deal as its owner would have."""

    def __init__(self, story: Story, demo: Demo, place: int) -> None:
        self.story = story
        self.owner = demo.users[story.owner]
        self.colleagues = demo.users
        self.place = place
        self.today = timezone.localdate()
        self.deal: Opportunity

    def acts(self) -> list[tuple[int, Callable[[], object]]]:
        """What was done, with the day it was, counted back; in order."""
        story = self.story
        told: list[tuple[int, Callable[[], object]]] = [(story.opened, self.open)]
        told += [(ago, partial(self.move, stage, ago)) for stage, ago in story.path]
        told += [(ago, partial(self.put_off, close, ago)) for ago, close in story.slips]
        return sorted(told, key=lambda each: -each[0])

    def day(self, ahead: int) -> dt.date:
        return self.today + dt.timedelta(days=ahead)

    def open(self) -> None:
        story, ended = self.story, self.story.path and self.story.path[-1][0] in {WON, LOST}
        deal = Opportunity(
            name=story.name,
            company=self._company(),
            owner=self.owner,
            team=self.owner.team,
            opened_on=self.day(-story.opened),
            expected_on=self._first_guess(),
            source=story.source,
            competitors=story.competitors,
            next_step="" if ended else story.step[0],
            next_step_on=None if ended or story.step[1] is None else self.day(story.step[1]),
        )
        deal.category = story.category or deal.category
        children: list[models.Model] = [*self._lines(deal), *self._parts(deal)]
        if story.co_owner:
            colleague, per_cent = story.co_owner
            children.append(people.co_owner(deal, self.colleagues[colleague], per_cent))
        self.deal = services.open_deal(deal, by=self.owner, children=children)

    def _first_guess(self) -> dt.date | None:
        """When it was expected to close at first; what had ended was expected a little later than it did."""
        story = self.story
        if story.slips:
            return self.day(story.slips[0][1] - 15)
        if story.path and story.path[-1][0] in {WON, LOST}:
            return self.day(7 - story.path[-1][1])
        return self.day(story.close) if story.close else None

    def _company(self) -> Company | None:
        """The company of the story; where it names none, one of the owner's own."""
        names = {key: name for key, name, *_rest in firms.COMPANIES}
        if self.story.company:
            return Company.objects.get(name=names[self.story.company])
        own = Company.objects.filter(owner=self.owner, trashed_at__isnull=True).exclude(name__in=names.values())
        keys = list(own.order_by("pk").values_list("pk", flat=True))
        return Company.objects.get(pk=keys[self.place % len(keys)]) if keys else None

    def _lines(self, deal: Opportunity) -> list[DealLine]:
        products = {product.code: product for product in Product.objects.prefetch_related("prices")}
        lines = []
        for place, (code, quantity, discount) in enumerate(self.story.lines):
            product = products[code]
            lines.append(
                DealLine(
                    opportunity=deal,
                    product=product,
                    label=product.name,
                    unit=product.unit,
                    quantity=Decimal(quantity),
                    price=product.prices.all()[0].amount,
                    discount=Decimal(discount),
                    vat_rate=product.vat_rate,
                    is_recurring=product.is_recurring,
                    position=place,
                )
            )
        deal.amount = Decimal(self.story.amount) or None
        if lines:
            deal.amount = sum((_total(line) for line in lines), Decimal(0))
            deal.amount_source = Opportunity.AmountSource.LINES
        return lines

    def _parts(self, deal: Opportunity) -> list[DealContact]:
        people = Contact.objects.filter(trashed_at__isnull=True).order_by("pk")
        found = [(people.filter(last_name=name).first(), part) for name, part in self.story.parts]
        return [DealContact(opportunity=deal, contact=person, part=part) for person, part in found if person]

    def move(self, stage: str, ago: int) -> None:
        """Enter a stage on a day; a deal that is lost says why."""
        closing = None
        if stage in {WON, LOST}:
            reason = LostReason.objects.get(name_en=self.story.reason) if stage == LOST else None
            closing = Closing(on=self.day(-ago), reason=reason, text=self.story.said)
        wanted = Stage.objects.get(pipeline=self.deal.pipeline_id, name_en=stage)
        services.move_to_stage(self.deal, wanted, by=self.owner, closing=closing, at=moment_of(self.day(-ago)))

    def put_off(self, close: int, ago: int) -> None:
        """Expect it to close on another day than before."""
        with taking_effect(moment_of(self.day(-ago))):
            deal = Opportunity.objects.get(pk=self.deal.pk)
            records.save_edit(deal, {"expected_on": self.day(close)}, by=self.owner)


def _total(line: DealLine) -> Decimal:
    return (line.quantity * line.price * (100 - line.discount) / 100).quantize(Decimal("0.01"))
