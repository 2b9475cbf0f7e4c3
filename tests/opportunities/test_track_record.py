"""The page that tells how the forecast did: what was kept at night, in plain words, for those who see all deals."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from crm.access.models import User
from opportunities.models import BackTest
from tests.factories import make_deal
from tests.people import SignIn

pytestmark = pytest.mark.django_db
PAGE = reverse("opportunities:forecast_record")


def grade(brier: float, coverage: float | None = 0.8, deals: int = 400) -> dict[str, Any]:
    """Grades as the night keeps them: all deals told 35 %, of which 30 % were won."""
    bins: list[list[float]] = [[0, 0.0, 0] for _bin in range(10)]
    bins[3] = [deals, 0.35 * deals, 0.3 * deals]
    told = {"deals": deals, "brier": brier, "coverage": coverage, "spans": 36, "off": 400.0, "worth": 1000.0}
    return told | {"bins": bins}


def keep(learned: float, base: float = 0.2, stage: float = 0.25, months: int = 12, **over: Any) -> None:
    grades = {"stage": grade(stage), "category": grade(0.22), "base": grade(base), "learned": grade(learned, **over)}
    if "deals" in over:
        grades = {name: told | {"deals": over["deals"]} for name, told in grades.items()}
    told = [{"month": f"2025-{month:02}-01", "open": 3, "grades": grades} for month in range(1, months + 1)]
    BackTest.objects.create(until=dt.date(2026, 1, 1), grades=grades, months=told)


@pytest.mark.parametrize(
    ("learned", "said"),
    [
        (0.18, "did better than the plain base rate: its error is smaller by 10%"),
        (0.23, "did worse than the plain base rate: its error is larger by 15%. Do not rely on it."),
        (0.2005, "did no better than the plain base rate"),
    ],
)
def test_it_says_plainly_how_the_learned_forecast_did(sign_in: SignIn, dana: User, learned: float, said: str) -> None:
    keep(learned)
    page = unescape(sign_in(dana).get(PAGE).content.decode())
    assert said in page
    assert "too little history" not in page
    # The curve and the table beside it hold the same numbers: told 35 %, won 30 %.
    assert 'points="70,140"' in page and 'cx="70" cy="140"' in page
    assert page.count('<td class="num">35%</td><td class="num">30%</td>') == 4
    assert f"{learned:.4f}" in page and "40%" in page and "December 2025" in page
    assert "<style" not in page and " style=" not in page


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"deals": 40}, "too little history to tell much: 40 ended deals in 12 months"),
        ({"months": 2}, "too little history to tell much: 400 ended deals in 2 months"),
        ({"coverage": 0.5}, "spans are too narrow"),
        ({"coverage": 0.97}, "spans are too wide"),
    ],
)
def test_what_the_grades_do_not_bear_is_said(sign_in: SignIn, dana: User, over: dict[str, Any], said: str) -> None:
    keep(0.18, **over)
    assert said in sign_in(dana).get(PAGE).content.decode()


def test_months_without_ended_deals_grade_nothing(sign_in: SignIn, dana: User) -> None:
    nothing = {"deals": 0, "brier": None, "coverage": None, "spans": 0, "off": 0.0, "worth": 0.0}
    empty = nothing | {"bins": [[0, 0.0, 0]] * 10}
    BackTest.objects.create(
        until=dt.date(2026, 1, 1), grades=dict.fromkeys(("stage", "category", "base", "learned"), empty), months=[]
    )
    assert "nothing can be graded yet" in sign_in(dana).get(PAGE).content.decode()


def test_before_the_first_night_it_says_when(sign_in: SignIn, dana: User) -> None:
    make_deal(stage="Won", closed_on=dt.date(2026, 1, 2))
    page = sign_in(dana).get(PAGE).content.decode()
    assert "Once 60 have in the last three years" in page and "So far 1 were won and 0 lost" in page


def test_only_those_who_see_all_deals_may_open_it(sign_in: SignIn, alice: User, dana: User) -> None:
    keep(0.18)
    colleague = sign_in(alice)
    assert colleague.get(PAGE).status_code == 403
    assert PAGE not in colleague.get(reverse("opportunities:board")).content.decode()
    assert PAGE in sign_in(dana).get(reverse("opportunities:board")).content.decode()


def test_it_takes_few_statements(
    sign_in: SignIn, dana: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    keep(0.18, months=12)
    page = sign_in(dana)
    with django_assert_max_num_queries(11):
        page.get(PAGE)
