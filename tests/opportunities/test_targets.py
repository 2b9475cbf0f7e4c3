"""Targets of users and teams, and what was won against them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.access.models import FieldRule, Role, User
from crm.access.rights import Level
from crm.records.models import Organisation
from opportunities import people
from opportunities.models import Opportunity, Target
from opportunities.targets import attainments, period_of, set_targets, targets_for, won_by, won_parts
from tests.factories import make_deal, make_team, make_user
from tests.pages import undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db
PAGE = reverse("opportunities:target_list")
JANUARY = dt.date(2026, 1, 1)


def won(owner: User, amount: str, day: str, **over: Any) -> Opportunity:
    closed = dt.date.fromisoformat(day)
    return make_deal(stage="Won", owner=owner, won_amount=Decimal(amount), closed_on=closed, **over)


def make_target(amount: str = "1000", period: str = "quarter", starts_on: dt.date = JANUARY, **whose: Any) -> Target:
    return Target.objects.create(amount=Decimal(amount), period=period, starts_on=starts_on, currency="EUR", **whose)


def test_attainment_counts_what_was_signed_in_the_period(alice: User, bob: User) -> None:
    won(alice, "100.10", "2026-01-01")
    won(alice, "200", "2026-03-31")
    won(alice, "400", "2026-04-01")
    won(bob, "800", "2026-02-01")
    make_deal(owner=alice, amount=Decimal(1600), expected_on=dt.date(2026, 2, 1))
    make_deal(stage="Lost", owner=alice, amount=Decimal(3200), closed_on=dt.date(2026, 2, 1))
    won(alice, "6400", "2026-02-01", currency="USD")
    trashed = won(alice, "12800", "2026-02-01")
    Opportunity.objects.filter(pk=trashed.pk).update(trashed_at="2026-01-01T00:00Z")
    quarter, month, team = attainments(
        [make_target(user=alice), make_target("0", "month", user=alice), make_target(team=alice.team)]
    )
    assert (quarter.won, quarter.share, quarter.missing) == (Decimal("300.10"), Decimal("0.3001"), Decimal("699.90"))
    assert (month.won, month.share, month.missing) == (Decimal("100.10"), None, Decimal(0))
    assert team.won == Decimal("1100.10")


def test_co_owners_have_their_share_also_for_their_team(alice: User, bob: User, charlie: User) -> None:
    deal = won(alice, "100.01", "2026-01-15")
    people.co_owner(deal, bob, 20).save()
    people.co_owner(deal, charlie, 33).save()
    parts = won_parts(JANUARY, dt.date(2026, 2, 1))
    shares = [won_by(parts, JANUARY, dt.date(2026, 2, 1), user=user.pk) for user in (alice, bob, charlie)]
    assert shares == [Decimal("47.00"), Decimal("20.00"), Decimal("33.00")]
    assert sum(part.amount for part in parts) == Decimal("100.01"), "nothing is lost, nothing counted twice"
    west, east = attainments([make_target(team=alice.team), make_target(team=charlie.team)])
    assert (west.won, east.won) == (Decimal("67.01"), Decimal("33.00"))


def test_a_teams_target_holds_the_teams_below(alice: User) -> None:
    below = make_team("Brittany", parent=alice.team)
    won(make_user(team=below), "50", "2026-01-15")
    won(alice, "70", "2026-01-15")
    above, small = attainments([make_target(team=alice.team), make_target(team=below)])
    assert (above.won, small.won) == (Decimal("120.00"), Decimal("50.00"))


def test_periods_follow_the_fiscal_year() -> None:
    day = dt.date(2026, 2, 14)
    assert [period_of(day, each) for each in ("month", "quarter", "year")] == [dt.date(2026, 2, 1), JANUARY, JANUARY]
    Organisation.objects.filter(pk=1).update(fiscal_year_start=12)
    assert [period_of(day, each) for each in ("quarter", "year")] == [dt.date(2025, 12, 1), dt.date(2025, 12, 1)]


def test_the_targets_of_a_user_are_theirs_and_their_teams(alice: User, charlie: User) -> None:
    own = make_target(user=alice)
    team = make_target(team=alice.team, period="year")
    make_target(user=charlie)
    make_target(user=alice, starts_on=dt.date(2025, 10, 1))
    assert targets_for(alice, dt.date(2026, 3, 31)) == [own, team]


def test_beside_the_board_one_sees_ones_own_progress(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    today = timezone.localdate()
    first = period_of(today, "quarter")
    make_target(user=alice, starts_on=first)
    make_target("4000", team=alice.team, starts_on=first)
    won(alice, "250", today.isoformat())
    page = reverse("opportunities:target_own")
    assert "€250</b> of €1,000 · 25%" in " ".join(sign_in(alice).get(page).text.split())
    text = " ".join(sign_in(bob).get(page).text.split())
    assert "of €1,000" not in text
    assert "of €4,000 · 6%" in text
    assert not sign_in(charlie).get(page).text.strip()


def test_who_may_not_see_amounts_sees_no_progress(alice: User, sign_in: SignIn) -> None:
    make_target(user=alice, starts_on=period_of(timezone.localdate(), "quarter"))
    role = Role.objects.get(slug="sales-rep")
    FieldRule.objects.create(role=role, kind="opportunities.opportunity", field="amount", level=Level.HIDDEN)
    assert not sign_in(alice).get(reverse("opportunities:target_own")).text.strip()


# ---- Who sees what was won, and of what it is made ----


def test_each_figure_opens_the_deals_behind_it(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    below = make_team("Brittany", parent=alice.team)
    own, other = (
        won(alice, "100", "2026-01-01", name="Own"),
        won(make_user(team=below), "7", "2026-03-31", name="Below"),
    )
    shared = won(charlie, "50", "2026-02-01", name="Shared")
    people.co_owner(shared, alice, 40).save()
    won(bob, "9", "2026-04-01", name="Later")
    won(bob, "9", "2026-02-01", name="No rate", currency="USD")
    make_deal("Open", owner=alice, amount=Decimal(9), expected_on=JANUARY)
    won(charlie, "9", "2026-02-01", name="Elsewhere")
    user, team = attainments([make_target(user=alice), make_target(team=alice.team)])
    assert (user.won, team.won) == (Decimal("120.00"), Decimal("127.00"))
    admin = sign_in(make_user("admin", role="administrator"))
    found = [
        {row.pk for row in admin.get(f"{reverse('opportunities:opportunity_list')}?{each.query}").context["page"].rows}
        for each in (user, team)
    ]
    assert found == [{own.pk, shared.pk}, {own.pk, shared.pk, other.pk}]


def test_a_page_tells_what_was_won_to_whoever_may_know_it(
    alice: User, bob: User, charlie: User, dana: User, sign_in: SignIn
) -> None:
    for whose in ({"user": alice}, {"user": bob}, {"team": alice.team}, {"user": charlie}):
        make_target(**whose)
    won(alice, "250", "2026-02-01")
    page = f"{reverse('opportunities:attainment')}?period=quarter&from=2026-02"

    def shown(by: User) -> list[str]:
        return [str(each.target.whose) for each in sign_in(by).get(page).context["attained"]]

    assert shown(alice) == [str(alice.team), str(alice), str(bob)], "as she sees the opportunities of her team"
    assert shown(charlie) == [str(charlie)]
    assert len(shown(dana)) == 4
    text = " ".join(sign_in(alice).get(page).text.split())
    assert "€250</a>" in text
    assert "25%" in text
    assert reverse("opportunities:target_list") not in text
    FieldRule.objects.create(
        role=Role.objects.get(slug="sales-rep"), kind="opportunities.opportunity", field="amount", level=Level.HIDDEN
    )
    assert sign_in(alice).get(page).status_code == 403


# ---- The administrators' page ----


@pytest.fixture
def console(dana: User, sign_in: SignIn) -> Client:
    return sign_in(dana)


def cell(who: Any, month: str = "2026-01") -> str:
    return f"{who._meta.model_name}:{who.pk}:{month}"


def test_targets_are_typed_in_a_table_and_undone(console: Client, alice: User) -> None:
    url = f"{PAGE}?period=quarter&from=2026-01"
    answer = console.post(url, {cell(alice): "60 000", cell(alice.team): "200000", "read": "{}"})
    assert answer.status_code == 303
    assert Target.objects.get(user=alice).amount == Decimal(60000)
    assert Target.objects.get(team=alice.team).amount == Decimal(200000)
    won(alice, "15000", "2026-02-01")
    page = console.get(url)
    assert "25%" in page.text
    read = page.context["form"]["read"].value()
    changed = console.post(url, {cell(alice): "", cell(alice.team): "200000", "read": read})
    assert list(Target.objects.values_list("team", flat=True)) == [alice.team_id]
    undo(console, changed)
    undo(console, answer)
    assert not Target.objects.exists()


def test_what_somebody_else_set_meanwhile_is_not_overwritten_unseen(console: Client, alice: User, dana: User) -> None:
    url = f"{PAGE}?period=quarter&from=2026-01"
    set_targets("quarter", {("user", alice.pk, JANUARY): Decimal(500)}, by=dana)
    answer = console.post(url, {cell(alice): "700", "read": "{}"})
    assert answer.status_code == 422
    assert "Somebody changed this to “500”" in answer.text
    console.post(url, {cell(alice): "700", "read": answer.context["form"]["read"].value()})
    assert Target.objects.get().amount == Decimal(700)


@pytest.mark.parametrize("typed", ["-1", "much", "9" * 40])
def test_what_is_no_target_is_said(console: Client, alice: User, typed: str) -> None:
    answer = console.post(f"{PAGE}?period=quarter&from=2026-01", {cell(alice): typed, "read": "{}"})
    assert answer.status_code == 422
    assert not Target.objects.exists()


def test_the_page_costs_the_same_however_many_users(console: Client, django_assert_max_num_queries: Any) -> None:
    for _number in range(12):
        make_target(user=make_user(team=make_team()))
    for period in ("month", "quarter", "year"):
        url = f"{PAGE}?period={period}&from=2026-01"
        console.get(url)
        with django_assert_max_num_queries(12):
            assert console.get(url).status_code == 200


@pytest.mark.parametrize("query", ["?period=week", "?from=2026-13", "?from=9999-01&team=99", "?team=x"])
def test_a_strange_address_shows_the_present(console: Client, query: str) -> None:
    assert console.get(PAGE + query).status_code == 200
