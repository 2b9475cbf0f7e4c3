"""The page of the forecast: three methods side by side, targets, what managers say, and who may see what of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.access.models import Role, Team, User
from crm.access.rights import Level
from crm.console.services.field_rules import set_levels
from crm.records.models import Event
from opportunities.forecast import nightly
from opportunities.forecast.page import Ahead
from opportunities.models import (
    CategoryOverride,
    DealScore,
    ForecastFit,
    ForecastSnapshot,
    Opportunity,
    Target,
)
from opportunities.models.targets import months_later
from opportunities.record_types import OPPORTUNITY
from opportunities.sample.seed import seed
from tests.factories import make_deal, make_team, make_user
from tests.people import SignIn

pytestmark = pytest.mark.django_db
URL = "/opportunities/forecast/"


def next_month() -> dt.date:
    return months_later(timezone.localdate(), 1)


def ahead(client: Client, query: str = "") -> Ahead:
    found: Any = client.get(f"{URL}{query}").context["ahead"]
    assert isinstance(found, Ahead)
    return found


def snapshot(**over: Any) -> ForecastSnapshot:
    known: dict[str, Any] = {"day": timezone.localdate(), "month": next_month(), "currency": "EUR", "won": 0}
    return ForecastSnapshot.objects.create(**known | {"weighted": 0, "low": 10, "middle": 20, "high": 30} | over)


def test_each_month_by_odds_by_category_and_as_learned(alice: User, sign_in: SignIn) -> None:
    day = next_month() + dt.timedelta(days=9)
    make_deal(owner=alice, amount=1000, expected_on=day, category="commit")  # 10 % by its stage
    sure = make_deal(owner=alice, amount=600, expected_on=day, probability=50, probability_source="typed")
    make_deal(owner=alice, expected_on=day)
    make_deal(owner=alice, amount=77, expected_on=day + dt.timedelta(days=400))
    fit = ForecastFit.objects.create(before=timezone.localdate(), deals=1, won=1, lost=0, learned={})
    DealScore.objects.create(
        opportunity=sure, fit=fit, scored_on=timezone.localdate(), odds=42, months=[10.5, 20, 1, 0, 0, 0]
    )
    found = ahead(sign_in(alice))
    first, second, *_later = found.lines
    assert (first.sums.deals, first.sums.learned) == (0, Decimal(63))
    assert (second.sums.deals, second.sums.unvalued, second.sums.weighted) == (3, 1, Decimal(400))
    assert {call.category: call.deals for call in second.calls} == {
        "commit": 1000,
        "best": 0,
        "pipeline": 600,
        "omitted": 0,
    }
    assert second.sums.learned == 120
    assert found.total.sums.learned == 63 + 120 + 6


def test_each_figure_leads_to_the_deals_behind_it(alice: User, sign_in: SignIn) -> None:
    for number in range(3):
        make_deal(f"Sure {number}", owner=alice, amount=100, expected_on=next_month(), category="commit")
    make_deal("Unsure", owner=alice, amount=5, expected_on=next_month())
    client = sign_in(alice)
    page = client.get(URL).content.decode()
    days = f"{next_month()},{months_later(next_month(), 1) - dt.timedelta(days=1)}"
    query = f"view=mine&status=open&expected__between={days}&category=commit"
    assert f'href="/opportunities/?{query.replace("&", "&amp;")}"' in page
    rows = client.get(f"/opportunities/?{query}").content.decode()
    assert "Sure 2" in rows
    assert "Unsure" not in rows


def test_a_figure_of_filters_of_which_one_suffices_leads_to_its_deals_too(alice: User, sign_in: SignIn) -> None:
    make_deal("By source", owner=alice, amount=100, expected_on=next_month(), source="Fair")
    make_deal("By campaign", owner=alice, amount=5, expected_on=next_month(), campaign="Spring")
    make_deal("Neither", owner=alice, amount=5, expected_on=next_month())
    make_deal("Another month", owner=alice, amount=5, expected_on=months_later(next_month(), 1), source="Fair")
    client = sign_in(alice)
    response = client.get(f"{URL}?view=mine&source__contains=fair&campaign__contains=spring&any=1")
    line = response.context["ahead"].lines[1]
    assert line.sums.deals == 2
    query = response.context["linked"](status="open", expected__between=line.days)
    rows = client.get(f"/opportunities/?{query}").content.decode()
    assert "By source" in rows
    assert "By campaign" in rows
    assert "Neither" not in rows
    assert "Another month" not in rows


def test_spans_are_shown_only_of_what_is_seen_whole(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    assert alice.team is not None
    make_deal(owner=alice, amount=5, expected_on=next_month())
    for known in ({"owner": alice}, {"owner": charlie}, {"team": alice.team}, {"team": charlie.team}, {}):
        snapshot(**known)

    def has_span(user: User, query: str) -> bool:
        return ahead(sign_in(user), query).lines[1].span is not None

    assert has_span(alice, "?view=mine")
    assert has_span(alice, "?view=team")
    assert has_span(alice, f"?view=all&owner={alice.pk}")
    assert not has_span(alice, "?view=all")
    assert not has_span(alice, f"?view=all&owner={charlie.pk}")
    assert not has_span(alice, f"?view=all&team={charlie.team_id}")
    assert not has_span(alice, "?view=team&source__contains=x")
    manager = make_user("manager", role="sales-manager", team=alice.team)
    assert has_span(manager, "?view=all")
    assert has_span(manager, f"?view=all&team={charlie.team_id}")


def test_targets_stand_beside_with_what_was_won(alice: User, sign_in: SignIn) -> None:
    today = timezone.localdate()
    known: dict[str, Any] = {"user": alice, "period": "month", "currency": "EUR"}
    Target.objects.create(starts_on=today.replace(day=1), amount=1000, **known)
    make_deal(owner=alice, stage="Won", amount=250, won_amount=250, closed_on=today)
    first = ahead(sign_in(alice)).lines[0]
    assert first.attained is not None
    assert (first.attained.target.amount, first.attained.won) == (Decimal(1000), Decimal(250))
    assert ahead(sign_in(alice), "?view=all").lines[0].attained is None


def manager_of(team: Team) -> User:
    return make_user("manager", role="sales-manager", team=team)


def test_a_manager_says_another_sum_and_takes_it_back(alice: User, sign_in: SignIn) -> None:
    assert alice.team is not None
    make_deal(owner=alice, amount=1000, expected_on=next_month(), category="commit")
    client = sign_in(manager_of(alice.team))
    url = f"{URL}{alice.team.pk}/{next_month():%Y-%m}/commit/"
    assert client.post(url, {"amount": "800"}).status_code == 422
    response = client.post(url, {"amount": "800", "comment": "One of them slips"})
    assert response.status_code in (302, 303)
    line = ahead(client, "?view=team").lines[1]
    assert (line.calls[0].deals, line.calls[0].called) == (Decimal(1000), Decimal(800))
    assert "One of them slips" in client.get(f"{URL}?view=team").content.decode()
    event = Event.objects.get(verb="categoryoverride.changed")
    assert event.changeset is not None
    assert client.post(f"/undo/{event.changeset_id}/").status_code in (200, 302, 303)
    assert not CategoryOverride.objects.exists()
    client.post(url, {"amount": "800", "comment": "Again"})
    client.post(url, {"amount": "", "comment": ""})
    assert ahead(client, "?view=team").lines[1].calls[0].called == 1000


def test_what_is_said_of_a_team_counts_for_the_teams_above(sign_in: SignIn) -> None:
    above = make_team("Above")
    below = make_team("Below", parent=above)
    boss = manager_of(above)
    make_deal(owner=boss, team=above, amount=100, expected_on=next_month())
    make_deal(owner=boss, team=below, amount=30, expected_on=next_month())
    known: dict[str, Any] = {"month": next_month(), "category": "pipeline", "currency": "EUR", "by": boss}
    CategoryOverride.objects.create(team=below, amount=50, comment="More is coming", **known)
    client = sign_in(boss)
    call = ahead(client, "?view=team").lines[1].calls[2]
    assert (call.deals, call.called, call.said) == (Decimal(130), Decimal(150), None)
    assert ahead(client, "?view=all").lines[1].calls[2].called == 150
    said = CategoryOverride.objects.create(team=above, amount=200, comment="All in all", **known)
    call = ahead(client, "?view=team").lines[1].calls[2]
    assert (call.called, call.said) == (Decimal(200), said)


def test_only_who_edits_all_deals_of_a_team_speaks_for_it(alice: User, charlie: User, sign_in: SignIn) -> None:
    assert alice.team is not None
    assert charlie.team is not None
    month = f"{next_month():%Y-%m}"
    assert sign_in(alice).get(f"{URL}{alice.team.pk}/{month}/commit/").status_code == 403
    manager = sign_in(manager_of(alice.team))
    assert manager.get(f"{URL}{alice.team.pk}/{month}/commit/").status_code == 200
    assert manager.get(f"{URL}{charlie.team.pk}/{month}/commit/").status_code == 403
    assert manager.get(f"{URL}{alice.team.pk}/1999-01/commit/").status_code == 404
    assert manager.get(f"{URL}{alice.team.pk}/{month}/sure/").status_code == 404


def test_hidden_fields_stay_hidden(alice: User, sign_in: SignIn) -> None:
    make_deal(owner=alice, amount=4321, expected_on=next_month(), category="commit")
    role = Role.objects.get(slug="sales-rep")
    root = make_user("root", role="administrator")
    set_levels(OPPORTUNITY, {(role.pk, "category"): Level.HIDDEN, (role.pk, "probability"): Level.HIDDEN}, by=root)
    page = sign_in(alice).get(URL).content.decode()
    assert "Commit" not in page
    assert "432" not in page
    assert sign_in(alice).get(f"{URL}reasons/").status_code == 403
    set_levels(OPPORTUNITY, {(role.pk, "amount"): Level.HIDDEN}, by=root)
    response = sign_in(alice).get(URL)
    assert response.context["ahead"] is None
    assert "does not see the amounts" in response.content.decode()


def test_what_was_learned_is_told_with_its_reasons(alice: User, sign_in: SignIn) -> None:
    list(seed([alice], 500, 3))
    nightly.run(timezone.localdate())
    client = sign_in(alice)
    found = ahead(client, "?view=mine")
    assert found.is_learned
    assert all(line.span is not None for line in [*found.lines, found.total])
    response = client.get(f"{URL}reasons/?view=mine&month={next_month():%Y-%m}")
    text = response.content.decode()
    assert response.status_code == 200
    assert [factor["label"] for factor in response.context["factors"]] == [
        "Stage",
        "Time in the stage",
        "Age",
        "Expected close",
        "Amount",
        "Source",
    ]
    levels = [each for factor in response.context["factors"] for _words, each in factor["levels"]]
    scored = Opportunity.objects.open().filter(score__isnull=False, base_amount__isnull=False).count()
    assert sum(each.deals for _words, each in response.context["factors"][0]["levels"]) == scored
    assert any(each.reason.won and each.reason.lost for each in levels)
    brings = [deal.brings for deal in response.context["deals"]]
    assert brings == sorted(brings, reverse=True)
    assert response.context["deals"][0].name in text
    assert client.get(f"{URL}reasons/?month=1999-01").status_code == 404


def test_reasons_speak_of_no_deal_that_is_not_seen(alice: User, charlie: User, sign_in: SignIn) -> None:
    fit = ForecastFit.objects.create(before=timezone.localdate(), deals=1, won=1, lost=0, learned={"levels": {}})
    secret = make_deal("Secret", owner=charlie, amount=5)
    DealScore.objects.create(opportunity=secret, fit=fit, scored_on=timezone.localdate(), odds=42, months=[9] * 6)
    response = sign_in(alice).get(f"{URL}reasons/?view=all")
    assert (response.context["deals"], response.context["factors"][0]["levels"]) == ([], [])


@pytest.mark.parametrize("query", ["?view=mine", "?view=team", "?view=all"])
def test_a_dozen_statements_however_many_deals(query: str, alice: User, sign_in: SignIn) -> None:
    assert alice.team is not None
    boss = manager_of(alice.team)
    for place in range(6):
        make_deal(owner=make_user(team=alice.team), amount=5, expected_on=months_later(next_month(), place % 3))
    known: dict[str, Any] = {"month": next_month(), "currency": "EUR", "by": boss, "amount": 3, "comment": "x"}
    CategoryOverride.objects.create(team=alice.team, category="commit", **known)
    Target.objects.create(team=alice.team, period="month", starts_on=next_month(), amount=1000, currency="EUR")
    snapshot(team=alice.team)
    client = sign_in(boss)
    client.get(f"{URL}{query}")
    with CaptureQueriesContext(
        connection,
    ) as told:
        client.get(f"{URL}{query}")
    assert len(told) <= 12, "\n".join(each["sql"][:150] for each in told)
