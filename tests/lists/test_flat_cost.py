"""A page costs the same at both ends of a list, in every order, of one's own rows, one's team's and all.

Read in the plans, at a size where a plan without such an index reads and sorts far more rows than the page shows.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict

from contacts.record_types import COMPANY, CONTACT
from crm.access.models import User
from crm.lists.fields import RecordType
from crm.lists.pages import Page, read_page
from crm.lists.state import read_state
from tests.factories import make_team

pytestmark = pytest.mark.django_db
ROWS, SIZE = 3000, 25
# Beside the rows of the page: one more, and those that the cursor's value is equal to.
MOST_READ = SIZE + 10


def read(type_: RecordType, user: User, view: str, sort: str, after: str = "") -> tuple[Page, int]:
    """A page, and how many rows of its table the database read for it."""
    state = read_state(QueryDict(f"view={view}&sort={sort}"), type_, user)
    assert not state.problems
    state.size = SIZE
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        page = read_page(state.rows(), state, after=after)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {asked[-1][0]}", asked[-1][1])
        (plan,) = cursor.fetchone() or ("",)
    table = type_.model._meta.db_table
    return page, _read_of(table, (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def _read_of(table: str, node: dict[str, Any]) -> int:
    rows = 0
    if node.get("Relation Name") == table:
        loops = node["Actual Loops"]
        rows = round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * loops)
    return rows + sum(_read_of(table, child) for child in node.get("Plans", []))


def test_no_order_reads_more_rows_than_it_shows() -> None:
    call_command("seed", contacts=ROWS, companies=ROWS, users=20, verbosity=0)
    rep = User.objects.get(email="rep4@seed.example")
    # A small team within the rep's, so that both one's own and the team's rows are few among all.
    team = make_team("Small")
    User.objects.filter(pk=rep.pk).update(team=team)
    for type_ in (CONTACT, COMPANY):
        type_.model._default_manager.filter(owner=rep).update(team=team)
    boss = User.objects.get(email="administrator@seed.example")
    costs: dict[tuple[str, ...], int] = {}
    for user, views in ((rep, ("mine", "team")), (boss, ("all",))):
        for type_ in (CONTACT, COMPANY):
            for view in views:
                for field in type_.sorts:
                    for sort, opposite in ((field.slug, f"-{field.slug}"), (f"-{field.slug}", field.slug)):
                        fresh = User.objects.get(pk=user.pk)
                        _page, first = read(type_, fresh, view, sort)
                        end, _rows = read(type_, fresh, view, opposite)
                        _page, far = read(type_, fresh, view, sort, after=end.after)
                        costs[type_.slug, view, sort, "first"] = first
                        costs[type_.slug, view, sort, "far end"] = far
    assert len(costs) == 2 * 3 * 3 * 2 * 2
    # "Own or the team's", filtered: merged from both, each read until it gives a page.
    _page, filtered = read(CONTACT, User.objects.get(pk=rep.pk), "all", "name&lifecycle=customer")
    assert filtered < 2 * MOST_READ * 5 + 2 * SIZE < ROWS / 4
    assert {name: rows for name, rows in costs.items() if rows > MOST_READ} == {}
