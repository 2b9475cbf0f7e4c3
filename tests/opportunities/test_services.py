"""The life of a deal: opened, moved, won, lost, reopened, cloned, undone; and what its dated rows say of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from crm.access.models import User
from crm.records import services as records
from crm.records.models import Organisation
from crm.records.services import Refused
from crm.records.undo import undo
from opportunities import people, services
from opportunities.models import (
    CoOwner,
    DealChange,
    DealContact,
    ExchangeRate,
    LostReason,
    Opportunity,
    Pipeline,
    Stage,
    StageChange,
)
from opportunities.services import Closing, Missing
from tests.factories import make_company, make_contact, make_deal, make_stage

pytestmark = pytest.mark.django_db


def opened(by: User, **over: Any) -> Opportunity:
    return services.open_deal(Opportunity(name="Solar roof", owner=by, team=by.team, **over), by=by)


def steps(deal: Opportunity) -> list[tuple[str | None, str]]:
    rows = StageChange.objects.filter(opportunity=deal).select_related("stage", "from_stage")
    return [(row.from_stage.name_en if row.from_stage else None, row.stage.name_en) for row in rows]


def test_a_deal_begins_in_the_first_stage_and_is_dated_from_its_opening(alice: User) -> None:
    day = timezone.localdate() - dt.timedelta(days=40)
    deal = opened(alice, amount=Decimal(100), opened_on=day)
    assert (deal.stage.name_en, deal.status, deal.currency) == ("Prospecting", "open", "EUR")
    (change,) = StageChange.objects.filter(opportunity=deal)
    assert (change.from_stage, change.stage, change.amount, change.by) == (None, deal.stage, Decimal(100), alice)
    assert timezone.localdate(change.effective_at) == day


def test_moving_winning_and_reopening_leave_their_rows(alice: User) -> None:
    deal = opened(alice, amount=Decimal(1000), opened_on=timezone.localdate())
    services.move_to_stage(deal, make_stage("Proposal"), by=alice)
    services.move_to_stage(deal, make_stage("Won"), by=alice, closing=Closing(amount=Decimal(900)))
    deal.refresh_from_db()
    assert (deal.status, deal.won_amount, deal.closed_on) == ("won", Decimal(900), timezone.localdate())
    assert deal.base_amount == Decimal(900)
    services.move_to_stage(deal, make_stage("Negotiation"), by=alice)
    deal.refresh_from_db()
    assert (deal.status, deal.won_amount, deal.closed_on, deal.base_amount) == ("open", None, None, Decimal(1000))
    assert steps(deal) == [
        (None, "Prospecting"),
        ("Prospecting", "Proposal"),
        ("Proposal", "Won"),
        ("Won", "Negotiation"),
    ]
    assert StageChange.objects.get(opportunity=deal, stage__status="won").amount == Decimal(900)


def test_a_loss_has_a_reason_and_a_stage_what_it_requires(alice: User) -> None:
    deal = opened(alice)
    with pytest.raises(Missing) as caught:
        services.move_to_stage(deal, make_stage("Lost"), by=alice)
    assert caught.value.names == ["lost_reason"]
    stage = make_stage("Proposal")
    stage.required = ["amount", "contact"]
    stage.save()
    with pytest.raises(Missing) as caught:
        services.move_to_stage(deal, stage, by=alice)
    assert caught.value.names == ["amount", "contact"]
    assert steps(deal) == [(None, "Prospecting")], "a refused move leaves nothing"
    Opportunity.objects.filter(pk=deal.pk).update(amount=5)
    DealContact.objects.create(opportunity=deal, contact=make_contact())
    assert services.move_to_stage(deal, stage, by=alice)
    reason = LostReason.objects.all()[0]
    assert services.move_to_stage(deal, make_stage("Lost"), by=alice, closing=Closing(reason=reason, text="Too dear"))
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.lost_text) == ("lost", reason, "Too dear")


def test_a_deal_is_not_closed_before_it_was_opened(alice: User) -> None:
    deal = opened(alice, opened_on=timezone.localdate())
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    with pytest.raises(Refused, match="before the day it was opened"):
        services.move_to_stage(deal, make_stage("Won"), by=alice, closing=Closing(on=yesterday))


def test_an_edit_is_dated_and_undo_takes_row_and_edit_back(alice: User) -> None:
    deal = opened(alice, amount=Decimal(100), expected_on=dt.date(2026, 12, 1))
    saved = records.save_edit(deal, {"amount": Decimal(80), "expected_on": dt.date(2027, 1, 15)}, by=alice)
    (change,) = DealChange.objects.filter(opportunity=deal)
    assert (sorted(change.fields), change.amount, change.expected_on) == (
        ["amount", "expected_on"],
        Decimal(80),
        dt.date(2027, 1, 15),
    )
    assert saved.changeset
    undo(saved.changeset, by=alice)
    deal.refresh_from_db()
    assert (deal.amount, DealChange.objects.count()) == (Decimal(100), 0)


def test_an_undone_move_puts_the_deal_back_as_it_was(alice: User) -> None:
    deal = opened(alice, amount=Decimal(100))
    changeset = services.move_to_stage(deal, make_stage("Won"), by=alice)
    assert changeset
    undo(changeset, by=alice)
    deal.refresh_from_db()
    assert (deal.stage.name_en, deal.status, deal.closed_on, deal.won_amount) == ("Prospecting", "open", None, None)
    assert steps(deal) == [(None, "Prospecting")]


def test_assigning_many_is_dated_too(alice: User, bob: User) -> None:
    deals = [opened(alice), opened(alice)]
    records.assign(Opportunity.objects.filter(pk__in=[deal.pk for deal in deals]), bob, by=alice)
    assert DealChange.objects.filter(owner=bob).count() == 2
    assert all(change.fields == ["owner"] for change in DealChange.objects.all())


def test_the_database_keeps_status_pipeline_and_value_with_the_stage(alice: User) -> None:
    other = Pipeline.objects.create(name_fr="Export", name_en="Export", position=1)
    won = Stage.objects.create(pipeline=other, name_fr="Signé", name_en="Signed", status="won", probability=100)
    deal = make_deal(amount=Decimal(50))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE opportunities_opportunity SET stage_id = %s, closed_on = '2026-01-05' WHERE id = %s",
            [won.pk, deal.pk],
        )
    deal.refresh_from_db()
    assert (deal.pipeline, deal.status) == (other, "won")
    with pytest.raises(IntegrityError, match="deal_closed_has_its_day"), transaction.atomic():
        Opportunity.objects.filter(pk=deal.pk).update(closed_on=None)


def test_values_follow_dated_rates(alice: User) -> None:
    deal = make_deal(amount=Decimal("10.05"), currency="USD")
    assert deal.base_amount is None, "no rate is known"
    ExchangeRate.objects.create(currency="USD", base="EUR", since=dt.date(2026, 1, 1), rate=Decimal("0.9"))
    ExchangeRate.objects.create(currency="USD", base="EUR", since=dt.date(2026, 6, 1), rate=Decimal("0.8"))
    deal.refresh_from_db()
    assert deal.base_amount == Decimal("8.04")
    won = make_deal(
        stage="Won", amount=Decimal(10), won_amount=Decimal(20), currency="USD", closed_on=dt.date(2026, 3, 1)
    )
    assert won.base_amount == Decimal("18.00"), "what was signed, at the rate of the day it was closed"
    ExchangeRate.objects.all().delete()
    won.refresh_from_db()
    assert won.base_amount is None
    Organisation.objects.filter(pk=1).update(currency="USD")
    won.refresh_from_db()
    assert won.base_amount == Decimal("20.00")


def test_a_co_owner_sees_and_edits_as_the_owner_does(alice: User, charlie: User) -> None:
    deal = make_deal(owner=alice)
    assert not Opportunity.objects.visible_to(charlie).exists()
    people.co_owner(deal, charlie, 30).save()
    charlie = User.objects.get(pk=charlie.pk)
    assert list(Opportunity.objects.visible_to(charlie)) == [deal]
    assert list(Opportunity.objects.editable_by(charlie)) == [deal]
    assert not Opportunity.objects.deletable_by(charlie).exists()
    assert list(Opportunity.objects.visible_of(charlie, "all")) == [deal]


def test_a_clone_is_open_again_and_brings_its_people(alice: User, bob: User) -> None:
    deal = opened(alice, amount=Decimal(100), company=make_company(owner=alice))
    contact = make_contact()
    DealContact.objects.create(opportunity=deal, contact=contact, part="decider")
    people.co_owner(deal, bob, 20).save()
    services.move_to_stage(deal, make_stage("Won"), by=alice)
    deal.refresh_from_db()
    copy = services.clone(deal, by=alice)
    copy.refresh_from_db()
    assert (copy.name, copy.status, copy.amount, copy.company) == (
        "Solar roof (copy)",
        "open",
        Decimal(100),
        deal.company,
    )
    assert [(part.contact, part.part) for part in copy.parts.all()] == [(contact, "decider")]
    assert [(row.user, row.per_cent) for row in CoOwner.objects.filter(content_object=copy)] == [(bob, 20)]
    assert deal.parts.count() == 1
    assert steps(copy) == [(None, "Prospecting")]


def test_deals_are_found_by_name_company_and_reference(alice: User) -> None:
    company = make_company("Méca Atlantique", owner=alice)
    deal = make_deal("Ombrières parking", owner=alice, company=company, reference="AF-204")
    for typed in ("ombri", "atlantique meca", "af-204", "parking méca"):
        assert list(Opportunity.objects.search(typed, alice)) == [deal], typed
    company.name = "Tanguy & Fils"
    company.save()
    assert list(Opportunity.objects.search("tanguy", alice)) == [deal]
    assert not Opportunity.objects.search("atlantique", alice).exists()


def test_a_win_told_late_is_still_the_last_thing_that_happened(alice: User) -> None:
    today = timezone.localdate()
    deal = opened(alice, amount=Decimal(100), opened_on=today - dt.timedelta(days=30))
    services.move_to_stage(deal, make_stage("Proposal"), by=alice)
    services.move_to_stage(
        deal, make_stage("Won"), by=alice, closing=Closing(on=today - dt.timedelta(days=4), amount=Decimal(90))
    )
    deal.refresh_from_db()
    assert deal.closed_on == today - dt.timedelta(days=4)
    assert [step for _before, step in steps(deal)] == ["Prospecting", "Proposal", "Won"]


def test_a_deal_may_go_back_without_what_the_stage_requires(alice: User) -> None:
    deal = opened(alice)
    services.move_to_stage(deal, make_stage("Negotiation"), by=alice)
    stage = make_stage("Proposal")
    stage.required = ["amount"]
    stage.save()
    assert services.move_to_stage(deal, stage, by=alice)
