"""Imports of deals and products while they are written: whatever the worker meets, and however many rows there are."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access.models import User
from integrations import services
from integrations.models import ImportRun
from opportunities.models import CoOwner, DealLine, Opportunity, Product, StageChange
from tests.factories import make_company, make_product, make_team, make_user
from tests.integrations.test_services import Killed, killed_at, planned, undone

pytestmark = pytest.mark.django_db
Status = ImportRun.Status
HEAD = "Nom;Société;Étape;Montant;Propriétaire;Copropriétaires;Produit;Ouverte le;Clôturée le\n"


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def rep() -> User:
    make_product("Onduleur")
    make_user("hugo")
    make_user("zoe")
    return make_user("boss", role="administrator", team=make_team("Sales"), language="fr")


def lines(count: int) -> str:
    """So many deals with a co-owner and a line each, every second one won."""
    ends = [("Prospection", ""), ("Gagnée", "15/03/2026")]
    who = "Hugo Example;Zoe Example (30 %)"
    rows = [
        f"Affaire {n};Firme {n % 2};{ends[n % 2][0]};{n + 1};{who};Onduleur;01/02/2026;{ends[n % 2][1]}\n"
        for n in range(count)
    ]
    return HEAD + "".join(rows)


@pytest.mark.parametrize("statement", range(0, 120, 11))
def test_deals_are_written_once_whenever_the_worker_dies(
    rep: User, monkeypatch: pytest.MonkeyPatch, statement: int
) -> None:
    monkeypatch.setattr(services, "CHUNK", 2)
    run = planned(lines(5), rep, kind="opportunities")
    assert run.to_write == 5
    services.request_commit(run)
    with suppress(Killed), killed_at(statement):
        services.commit_import(run)
    services.commit_import(run)
    run.refresh_from_db()
    assert (run.status, run.rows_done) == (Status.DONE, 5)
    amounts = list(Opportunity.objects.order_by("amount").values_list("amount", flat=True))
    assert amounts == [Decimal(n) for n in range(1, 6)]
    assert Opportunity.objects.filter(status="won").count() == 2
    assert (DealLine.objects.count(), CoOwner.objects.count()) == (5, 5)
    assert StageChange.objects.count() == 7, "each was opened once and two were won once"
    undone(run)
    assert not Opportunity.objects.exists()
    assert Product.objects.count() == 1


def statements(count: int, by: User) -> int:
    run = planned(lines(count), by, kind="opportunities")
    services.request_commit(run)
    with CaptureQueriesContext(connection) as done:
        services.commit_import(run)
    run.refresh_from_db()
    undone(run)
    return len(done)


def test_statements_do_not_grow_with_deals(rep: User) -> None:
    for number in range(2):
        make_company(f"Firme {number}", owner=rep)
    statements(4, rep)
    assert statements(60, rep) == statements(6, rep)
