"""How likely a deal is: by its stage, as learned with reasons, or typed; which of them counts is always said."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.access.models import Role, User
from crm.access.rights import Level
from crm.console.services.field_rules import set_levels
from crm.records.models import Event
from opportunities.forecast import factors
from opportunities.models import DealScore, ForecastFit, Opportunity
from opportunities.record_types import OPPORTUNITY
from tests.factories import make_deal, make_user
from tests.people import SignIn

pytestmark = pytest.mark.django_db


def level(effect: float, won: int, lost: int) -> dict[str, Any]:
    return {"effects": [0.0, effect / 2, -effect / 2], "deals": won + lost + 1, "won": won, "lost": lost}


def score(deal: Opportunity, odds: int = 42) -> DealScore:
    """A score of a deal that was put off twice, where that lowers the odds to a quarter."""
    levels = {factor: {"none": level(0, 30, 40)} for factor in factors.OWN}
    levels[factors.STAGE] = {str(deal.stage_id): level(0, 30, 40)}
    levels[factors.STAGE_AGE] = levels[factors.DEAL_AGE] = {"0": level(0, 30, 40)}
    levels[factors.SLIPS] = {"0": level(0.7, 20, 10), "2": level(-0.7, 10, 30)}
    levels[factors.SIZE] = {"1000": level(0, 30, 40)}
    fit = ForecastFit.objects.create(before=timezone.localdate(), deals=71, won=30, lost=40, learned={"levels": levels})
    own = {factor: next(iter(found)) for factor, found in levels.items()} | {factors.SLIPS: "2"}
    return DealScore.objects.create(
        opportunity=deal, fit=fit, scored_on=timezone.localdate(), odds=odds, months=[1] * 6, levels=own
    )


def panel(client: Client, deal: Opportunity) -> str:
    url = f"/opportunities/{deal.pk}/odds/"
    return client.get(url, headers={"HX-Request": "true", "HX-Target": "div#panel-odds"}).content.decode()


def head(client: Client, deal: Opportunity) -> str:
    text = client.get(deal.get_absolute_url()).content.decode()
    return text[text.index('<dl class="facts">') : text.index("Expected close")]


def test_the_learned_odds_of_a_deal_stand_with_their_reasons(alice: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice, amount=1500)
    score(deal)
    text = panel(sign_in(alice), deal)
    assert "42%" in text
    assert "Put off 2 times" in text
    assert "of 41 opportunities: 10 won, 30 lost" in text
    assert text.index("Put off 2 times") < text.index("Time in the stage")  # The strongest first.
    assert "× 0.55" in text


def test_one_chooses_which_counts_and_the_head_says_which(alice: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice, amount=1500)
    score(deal)
    client = sign_in(alice)
    assert "Of the stage" in head(client, deal)
    assert client.post(f"/opportunities/{deal.pk}/odds/choose/", {"source": "learned"}).status_code in (204, 302, 303)
    assert "Learned" in head(client, deal)
    assert "42%" in head(client, deal)
    event = Event.objects.filter(verb="opportunity.changed").latest("pk")
    assert client.post(f"/undo/{event.changeset_id}/").status_code in (200, 204, 302, 303)
    assert "Of the stage" in head(client, deal)
    client.post(f"/opportunities/{deal.pk}/fields/probability/", {"probability": "77"})
    assert "Typed" in head(client, deal)
    client.post(f"/opportunities/{deal.pk}/odds/choose/", {"source": "stage"})
    deal.refresh_from_db()
    assert (deal.probability, deal.probability_source) == (None, "stage")
    assert client.post(f"/opportunities/{deal.pk}/odds/choose/", {"source": "typed"}).status_code == 404


def test_where_nothing_was_learned_the_stage_counts_and_that_is_said(alice: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice, probability_source="learned")
    client = sign_in(alice)
    assert "Of the stage" in head(client, deal)
    assert "until it is worked out in the night" in panel(client, deal)


def test_what_a_role_hides_is_no_reason(alice: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice, amount=1500)
    score(deal)
    role = Role.objects.get(slug="sales-rep")
    root = make_user("root", role="administrator")
    set_levels(OPPORTUNITY, {(role.pk, "expected_on"): Level.HIDDEN}, by=root)
    assert "Put off" not in panel(sign_in(alice), deal)
    set_levels(OPPORTUNITY, {(role.pk, "probability"): Level.READ}, by=root)
    client = sign_in(alice)
    assert "Let it count" not in panel(client, deal)
    assert client.post(f"/opportunities/{deal.pk}/odds/choose/", {"source": "learned"}).status_code == 403
    set_levels(OPPORTUNITY, {(role.pk, "probability"): Level.HIDDEN}, by=root)
    assert sign_in(alice).get(f"/opportunities/{deal.pk}/odds/").status_code == 404


def test_few_statements(alice: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice, amount=1500)
    score(deal)
    client = sign_in(alice)
    panel(client, deal)
    with CaptureQueriesContext(connection) as told:
        panel(client, deal)
    assert len(told) <= 6, "\n".join(each["sql"][:150] for each in told)
