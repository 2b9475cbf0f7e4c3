"""The public data set of a sales team, loaded whole: colleagues, catalogue, companies and 8,800 opportunities."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum
from django.http import QueryDict
from django.utils import timezone, translation

from contacts.models import Company
from crm.access.models import Role, Team, User
from crm.access.rights import Level
from crm.lists.fields import record_type
from crm.lists.state import read_state
from crm.records.models import Tag
from integrations.desks import DESKS
from integrations.exporting import Wanted, write_export
from integrations.models import ImportRun
from integrations.states import read_states
from opportunities import people
from opportunities.models import (
    DealChange,
    DealContact,
    DealLine,
    LostReason,
    Opportunity,
    OpportunityTag,
    Price,
    Product,
    StageChange,
)
from tests.factories import make_company, make_contact, make_deal, make_product, make_stage, make_team, make_user

pytestmark = pytest.mark.django_db
FOLDER = "crm-sales-opportunities"


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def boss() -> User:
    return make_user("boss", role="administrator")


def run(by: User, *words: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import", *map(str, words), "--as", by.email, "--json", stdout=out)
    result: dict[str, Any] = json.loads(out.getvalue())
    assert result["errors"] == []
    return result


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text: str) -> dt.date | None:
    return dt.datetime.strptime(text, "%m/%d/%Y").date() if text else None  # noqa: DTZ007 a day


def listed(by: User, address: str) -> int:
    state = read_state(QueryDict(f"view=all&{address}"), record_type("opportunity"), by)
    assert not state.problems
    return int(state.narrow(record_type("opportunity").rows().visible_to(by)).count())


def take_back(by: User, changeset: str) -> str:
    out = io.StringIO()
    call_command("undo", str(changeset), "--as", by.email, stdout=out)
    return out.getvalue()


def test_the_data_set_loads_whole_and_its_figures_are_those_of_the_file(data_dir: Path, boss: User) -> None:
    folder = data_dir / FOLDER
    with translation.override("en"):
        done = {
            kind: run(boss, kind, folder / name)
            for kind, name in (
                ("users", "sales_teams.csv"),
                ("products", "products.csv"),
                ("companies", "accounts.csv"),
                ("opportunities", "sales_pipeline.csv"),
            )
        }
        assert [each["created"] for each in done.values()] == [35, 7, 85, 8800]
        assert done["opportunities"]["mapping"]["engage_date"] == "engaged_on"
        _check_people(folder)
        _check_catalogue(folder)
        _check_deals(folder)
        _check_sums(folder)
        _check_lists(folder, boss)
        _check_dated_rows(folder, boss)
        again = run(boss, "opportunities", folder / "sales_pipeline.csv", "--on-match", "update", "--dry-run")
        assert again["identical"] == 8800
        take_back(boss, done["opportunities"]["changeset"])
        assert not Opportunity.objects.exists()
        assert not (StageChange.objects.exists() or DealChange.objects.exists() or DealLine.objects.exists())
        assert Company.objects.count() == 85
        for kind in ("companies", "products", "users"):
            take_back(boss, done[kind]["changeset"])
        assert not (Company.objects.exists() or Product.objects.exists() or Team.objects.exists())
        assert list(User.objects.all()) == [boss]


def _check_people(folder: Path) -> None:
    rows = rows_of(folder, "sales_teams.csv")
    people = User.objects.filter(email__isnull=True)
    assert people.count() == 41
    assert Counter(people.values_list("roles__slug", flat=True)) == {"sales-rep": 35, "sales-manager": 6}
    assert Team.objects.filter(members__isnull=False).distinct().count() == 6
    for row in rows:
        agent = next(one for one in people if one.name == row["sales_agent"])
        manager = next(one for one in people if one.name == row["manager"])
        assert agent.team == manager.team
        assert agent.team
        assert agent.team.parent
        assert agent.team.parent.name == row["regional_office"]


def _check_catalogue(folder: Path) -> None:
    prices = {price.product.name: (price.product.family, price.amount) for price in Price.objects.all()}
    assert prices == {
        row["product"]: (row["series"], Decimal(row["sales_price"])) for row in rows_of(folder, "products.csv")
    }


def _check_deals(folder: Path) -> None:
    prices = {row["product"].replace(" ", ""): row for row in rows_of(folder, "products.csv")}
    deals: dict[str, Any] = {
        deal.reference: deal
        for deal in Opportunity.objects.select_related("company", "owner", "stage").prefetch_related("lines__product")
    }
    rows = rows_of(folder, "sales_pipeline.csv")
    assert len(deals) == len(rows) == 8800
    for row in rows:
        deal, product = deals[row["opportunity_id"]], prices[row["product"].replace(" ", "")]
        assert deal.stage.name_en == row["deal_stage"]
        assert deal.owner.name == row["sales_agent"]
        assert (deal.company.name if deal.company else "") == row["account"]
        assert (deal.opened_on, deal.closed_on) == (day(row["engage_date"]), day(row["close_date"]))
        assert deal.amount == Decimal(product["sales_price"])
        assert deal.won_amount == (Decimal(row["close_value"]) if row["deal_stage"] == "Won" else None)
        (line,) = deal.lines.all()
        assert (line.product.name, line.price, line.quantity) == (product["product"], deal.amount, 1)
        assert deal.lost_reason is None
        assert product["product"] in deal.name


def quarter(closed: dt.date | None) -> str:
    return f"{closed:%Y}-{(closed.month - 1) // 3 + 1}" if closed else ""


def _check_sums(folder: Path) -> None:
    """By stage, and what was won by agent, team, product, sector and quarter."""
    counts = dict(Opportunity.objects.values_list("stage__name_en").annotate(Count("pk")).order_by())
    assert counts == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert Opportunity.objects.aggregate(sum=Sum("won_amount"))["sum"] == Decimal(10005534)
    won = [row for row in rows_of(folder, "sales_pipeline.csv") if row["deal_stage"] == "Won"]
    leads = {row["sales_agent"]: row["manager"] for row in rows_of(folder, "sales_teams.csv")}
    sectors = {row["account"]: row["sector"] for row in rows_of(folder, "accounts.csv")}
    of_row: dict[str, Callable[[dict[str, str]], str]] = {
        "owner": lambda row: row["sales_agent"],
        "team": lambda row: leads[row["sales_agent"]],
        "product": lambda row: row["product"].replace(" ", ""),
        "sector": lambda row: sectors.get(row["account"], ""),
        "quarter": lambda row: quarter(day(row["close_date"])),
    }
    managers = {user.team_id: user.name for user in User.objects.filter(roles__slug="sales-manager")}
    of_deal: dict[str, Callable[[Any], str]] = {
        "owner": lambda deal: deal.owner.name,
        "team": lambda deal: managers[deal.team_id],
        "product": lambda deal: deal.lines.all()[0].product.name.replace(" ", ""),
        "sector": lambda deal: deal.company.sector if deal.company else "",
        "quarter": lambda deal: quarter(deal.closed_on),
    }
    deals: Any = Opportunity.objects.won().select_related("owner", "company").prefetch_related("lines__product")
    for name, of_one in of_row.items():
        wanted, found = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
        for row in won:
            wanted[of_one(row)] += Decimal(row["close_value"])
        for deal in deals:
            found[of_deal[name](deal)] += deal.won_amount
        assert found == wanted, name


def _check_lists(folder: Path, boss: User) -> None:
    """The list, narrowed by stage, owner or team, holds as many rows as the file."""
    rows = rows_of(folder, "sales_pipeline.csv")
    leads = {row["sales_agent"]: row["manager"] for row in rows_of(folder, "sales_teams.csv")}
    stages = Counter(row["deal_stage"] for row in rows)
    for pk, name in Opportunity.objects.values_list("stage_id", "stage__name_en").distinct().order_by():
        assert listed(boss, f"stage={pk}") == stages[name]
    agents = Counter(row["sales_agent"] for row in rows)
    teams = Counter(leads[row["sales_agent"]] for row in rows)
    for user in User.objects.filter(email__isnull=True):
        assert listed(boss, f"owner={user.pk}") == agents[user.name]
        if user.name in teams:
            assert listed(boss, f"team={user.team_id}") == teams[user.name]


def _check_dated_rows(folder: Path, boss: User) -> None:
    """What was engaged on a day entered the second stage on that day, and its end on the day it was closed."""
    found: dict[str, list[tuple[str, dt.date]]] = defaultdict(list)
    changes = StageChange.objects.select_related("opportunity", "stage").order_by("effective_at", "pk")
    for change in changes:
        found[change.opportunity.reference].append((change.stage.name_en, timezone.localdate(change.effective_at)))
    for row in rows_of(folder, "sales_pipeline.csv"):
        engaged, closed = day(row["engage_date"]), day(row["close_date"])
        wanted = [("Engaging", engaged)] if engaged else [(row["deal_stage"], timezone.localdate())]
        assert found[row["opportunity_id"]] == wanted + ([(row["deal_stage"], closed)] if closed else [])
    keys = list(Opportunity.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT opportunities_note_changes(%s, now(), %s)", [keys, boss.pk])
    assert changes.count() == sum(map(len, found.values()))
    assert not DealChange.objects.exists()


def test_a_dry_run_writes_nothing(data_dir: Path, boss: User) -> None:
    for kind, name in (("users", "sales_teams.csv"), ("products", "products.csv")):
        assert run(boss, kind, data_dir / FOLDER / name, "--dry-run")["created"] > 0
    assert not (Product.objects.exists() or Team.objects.exists() or ImportRun.objects.exists())


def test_a_file_again_changes_what_it_changed(boss: User, tmp_path: Path) -> None:
    make_product("GTX Pro")
    path = tmp_path / "deals.csv"
    header = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    path.write_text(header + "A1,Boss Example,GTXPro,Cancity,Engaging,10/20/2016,,\nA2,,GTXPro,,Prospecting,,,\n")
    assert run(boss, "opportunities", path)["created"] == 2
    again = run(boss, "opportunities", path, "--on-match", "update", "--dry-run")
    assert (again["identical"], again["updated"]) == (2, 0)
    path.write_text(
        header + "A1,Boss Example,GTXPro,Cancity,Won,10/20/2016,3/1/2017,1054\nA2,,GTXPro,,Prospecting,,,\n"
    )
    filled = run(boss, "opportunities", path)  # Whoever only fills in learns when the deal is expected to close.
    deal = Opportunity.objects.get(reference="A1")
    assert (filled["updated"], deal.status, deal.expected_on) == (1, "open", dt.date(2017, 3, 1))
    take_back(boss, filled["changeset"])
    done = run(boss, "opportunities", path, "--on-match", "update")
    deal = Opportunity.objects.get(reference="A1")
    assert (deal.status, deal.won_amount, deal.closed_on) == ("won", Decimal(1054), dt.date(2017, 3, 1))
    steps = [(one.stage.name_en, timezone.localdate(one.effective_at)) for one in deal.stage_changes.all()]
    assert steps == [("Engaging", dt.date(2016, 10, 20)), ("Won", dt.date(2017, 3, 1))]
    take_back(boss, done["changeset"])
    deal.refresh_from_db()
    assert (deal.status, deal.won_amount, deal.closed_on) == ("open", None, None)
    assert list(deal.stage_changes.values_list("stage__name_en", flat=True)) == ["Engaging"]


def _full_deal(boss: User) -> Opportunity:
    company, zoe = make_company("Valmont; Fils", owner=boss), make_contact("Zoé", "Martin", email="zoe@m.example")
    product = make_product("GTX Pro", code="G-1", family="GTX", is_active=False, is_recurring=True, owner=boss)
    Price.objects.create(product=product, currency="EUR", amount=Decimal("4821.50"))
    Price.objects.create(product=product, currency="USD", amount=Decimal(5300))
    lost = make_stage("Lost")
    deal = make_deal(
        *("Toiture =SUM(A1)", lost),
        reference="R-1",
        owner=boss,
        company=company,
        amount=Decimal("9643.00"),
        currency="USD",
        opened_on=dt.date(2026, 1, 2),
        closed_on=dt.date(2026, 3, 4),
        expected_on=dt.date(2026, 4, 5),
        lost_reason=LostReason.objects.all()[0],
        lost_text="Trop cher ; vraiment",
        category="best",
        probability=35,
        probability_source="typed",
        source="Salon",
        campaign="Printemps",
        competitors="A, B",
        next_step="Rappeler",
        next_step_on=dt.date(2026, 5, 6),
        notes="Une ligne\net une autre",
    )
    DealLine.objects.create(
        opportunity=deal, product=product, label="GTX; Pro", quantity=Decimal("2.5"), price=Decimal(4821)
    )
    DealLine.objects.create(opportunity=deal, label="Pose", price=Decimal(1), discount=Decimal("12.5"), position=1)
    DealContact.objects.create(opportunity=deal, contact=zoe, part="decider")
    people.co_owner(deal, make_user("hugo"), 30).save()
    OpportunityTag.objects.create(opportunity=deal, tag=Tag.objects.create(name="Urgent"))
    return deal


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx", "jsonl"])
def test_what_is_exported_comes_back_without_loss(boss: User, tmp_path: Path, file_format: str, language: str) -> None:
    User.objects.filter(pk=boss.pk).update(language=language)
    deal = _full_deal(boss)
    make_deal("Open one", owner=boss)
    kinds: list[tuple[str, Any]] = [("products", Product), ("opportunities", Opportunity)]
    before, paths = {}, {}
    with translation.override(language):
        for kind, model in kinds:
            paths[kind] = tmp_path / f"{kind}.{file_format}"
            rows = model.objects.exportable_by(boss)
            paths[kind].write_bytes(b"".join(write_export(kind, rows, boss, Wanted(file_format, language))))
            before[kind] = _states(kind, boss)
            same = run(boss, kind, paths[kind], "--on-match", "update", "--dry-run")
            assert (same["identical"], same["rows"]) == (model.objects.count(), model.objects.count())
        # The file alone makes them again.
        Opportunity.objects.all().delete()
        Product.objects.all().delete()
        for kind, _model in kinds:
            assert run(boss, kind, paths[kind])["created"] == len(before[kind])
            assert _states(kind, boss) == before[kind]
    again = Opportunity.objects.get(reference=deal.reference)
    assert [(one.name_en, timezone.localdate(at)) for one, at in _path(again)] == [
        ("Prospecting", dt.date(2026, 1, 2)),
        ("Lost", dt.date(2026, 3, 4)),
    ]


def _states(kind: str, viewer: User) -> list[Any]:
    return list(read_states(kind, DESKS[kind].model.objects.order_by("pk"), viewer).values())


def _path(deal: Opportunity) -> list[tuple[Any, dt.datetime]]:
    return [(change.stage, change.effective_at) for change in deal.stage_changes.select_related("stage")]


def test_who_may_not_edit_changes_nothing_and_what_is_hidden_stays(boss: User, tmp_path: Path) -> None:
    team, other = make_team("West"), make_team("East")
    rep = make_user("rep", team=team)
    theirs = make_deal("Theirs", reference="T-1", owner=make_user("mate", team=team), amount=Decimal(100))
    mine = make_deal("Mine", reference="M-1", owner=rep, amount=Decimal(100), source="Fair")
    unseen = make_deal("Unseen", reference="U-1", owner=make_user("far", team=other), amount=Decimal(100))
    Role.objects.get(slug="sales-rep").field_rules.create(
        kind="opportunities.opportunity", field="source", level=Level.HIDDEN
    )
    path = tmp_path / "deals.csv"
    path.write_text("Reference,Name,Amount,Source\nT-1,Theirs,900,Web\nM-1,Mine,900,Web\nU-1,Unseen,900,Web\n")
    out = io.StringIO()
    call_command("import", "opportunities", str(path), "--as", rep.email, "--on-match", "update", "--json", stdout=out)
    done = json.loads(out.getvalue())
    assert (done["updated"], done["failed"], done["created"]) == (1, 1, 1)
    assert done["errors"][0]["reason"] == "You may not edit this record."
    for deal in (theirs, mine, unseen):
        deal.refresh_from_db()
    assert (theirs.amount, mine.amount, unseen.amount) == (Decimal(100), Decimal(900), Decimal(100))
    assert mine.source == "Fair"
    assert Opportunity.objects.get(owner=rep, reference="U-1").source == ""
    for kind in ("products", "users"):
        with pytest.raises(CommandError, match="may not create"):
            call_command("import", kind, str(path), "--as", rep.email)


@pytest.mark.parametrize("name", ["hubspot_deals", "pipedrive_deals"])
def test_deals_of_other_programs_are_known(boss: User, data_dir: Path, name: str) -> None:
    done = run(boss, "opportunities", data_dir / "contacts" / f"{name}.csv")
    assert done["failed"] == 0
    deals = {deal.name: deal for deal in Opportunity.objects.select_related("company", "stage")}
    deal = deals["Fourniture 2026"]
    assert (deal.amount, deal.expected_on, deal.status) == (Decimal(12500), dt.date(2026, 6, 30), "open")
    assert deal.company
    assert deal.reference in {"7001", "77"}


BAD = [
    ("A,Won,10,2026-03-01,", "needs the day it was closed"),
    ("A,Won,10,2026-03-01,2026-02-01", "before the day it was opened"),
    ("A,Nowhere,10,,", "No stage of the pipeline"),
    ("A,Prospecting,-5,,", "is negative"),
    ("A,Prospecting,1234567890123456789012345678901234567890,,", ""),
    ("A,Prospecting,10,0203-01-01,", ""),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_row_that_cannot_be_is_told_in_a_sentence(boss: User, tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(f"Name,Stage,Amount,Opened,Closed\n{line}\n")
    out = io.StringIO()
    call_command("import", "opportunities", str(path), "--as", boss.email, "--json", stdout=out)
    done = json.loads(out.getvalue())
    assert (done["failed"], done["created"]) == (1, 0)
    assert reason in done["errors"][0]["reason"]
