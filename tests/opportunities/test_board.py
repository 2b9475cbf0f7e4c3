"""The board over HTTP: lanes and what they come to, filters, further cards, moves and refusals, statements."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.access.models import Role, User
from crm.access.rights import Level
from crm.console.services.field_rules import set_levels
from opportunities import board as boards
from opportunities import services
from opportunities.models import LostReason, Opportunity, Pipeline, StageChange
from opportunities.record_types import OPPORTUNITY
from tests.factories import make_affiliation, make_company, make_contact, make_deal, make_stage
from tests.people import SignIn

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "article#deal-1"}
DIALOG = {"HX-Request": "true", "HX-Target": "dialog#dialog"}


def lanes(client: Client, url: str = "/opportunities/board/") -> dict[str, Any]:
    found = client.get(url).context["board"]
    return {lane.title: lane for lane in found.lanes}


def names(lane: Any) -> list[str]:
    return [deal.name for deal in lane.cards]


def test_a_lane_comes_to_all_of_its_filtered_deals_and_shows_the_first(alice: User, sign_in: SignIn) -> None:
    for number in range(25):
        make_deal(f"Deal {number}", stage="Proposal", owner=alice, amount=Decimal(100))
    make_deal("Typed", stage="Proposal", owner=alice, amount=Decimal(1000), probability=90, probability_source="typed")
    make_deal("No rate", stage="Proposal", owner=alice, amount=Decimal(5), currency="JPY")
    make_deal("Won", stage="Won", owner=alice, amount=Decimal(7), closed_on=timezone.localdate())
    found = lanes(sign_in(alice))
    lane = found["Proposal"]
    assert "Won" not in found
    assert (lane.count, lane.total, lane.weighted, lane.unrated) == (27, Decimal(3500), Decimal(2150), 1)
    assert (len(lane.cards), lane.left) == (20, 7)


def test_the_filter_of_the_list_narrows_lanes_and_their_sums(alice: User, bob: User, sign_in: SignIn) -> None:
    make_deal("Mine", owner=alice, amount=Decimal(10), next_step="Call")
    make_deal("Theirs", owner=bob, amount=Decimal(20))
    client = sign_in(alice)
    assert lanes(client)["Prospecting"].total == Decimal(10)  # One's own, as the list opens.
    assert lanes(client, "/opportunities/board/?view=all")["Prospecting"].total == Decimal(30)
    lane = lanes(client, "/opportunities/board/?view=all&next_step__contains=call")["Prospecting"]
    assert (lane.total, names(lane)) == (Decimal(10), ["Mine"])
    assert names(lanes(client, "/opportunities/board/?view=all&q=theirs")["Prospecting"]) == ["Theirs"]
    page = client.get("/opportunities/board/?view=all&next_step__contains=call").content.decode()
    assert 'href="/opportunities/?view=all&amp;next_step__contains=call"' in page


def test_what_others_own_is_neither_shown_nor_summed(alice: User, charlie: User, sign_in: SignIn) -> None:
    make_deal("Secret", owner=charlie, amount=Decimal(999))
    response = sign_in(alice).get("/opportunities/board/?view=all")
    assert response.context["board"].count == 0
    assert "Secret" not in response.content.decode()


def test_the_cards_that_follow_come_after_those_shown(alice: User, sign_in: SignIn) -> None:
    for number in range(45):
        make_deal(f"Deal {number}", owner=alice, position=number)
    client = sign_in(alice)
    lane = lanes(client)["Prospecting"]
    shown = names(lane)
    for more in (20, 5):
        response = client.get("/opportunities/board/more/", {"lane": lane.key, "after": lane.after})
        lane = response.context["lane"]
        assert len(lane.cards) == more
        shown += names(lane)
    assert shown == [f"Deal {number}" for number in range(45)]
    assert not lane.after
    assert len(lanes(client, f"/opportunities/board/?loaded={lane.key}:40")["Prospecting"].cards) == 40


def move(client: Client, deal: Opportunity, **fields: Any) -> Any:
    return client.post(f"/opportunities/{deal.pk}/move/", {"board": "board", "query": "", **fields}, headers=HTMX)


def test_a_card_moves_with_both_heads_and_can_be_undone(alice: User, sign_in: SignIn) -> None:
    deal, stage, client = make_deal(owner=alice, amount=Decimal(50)), make_stage("Proposal"), sign_in(alice)
    response = move(client, deal, stage=stage.pk, **{"from": deal.stage_id})
    page = response.content.decode()
    assert response.status_code == 200
    assert f'id="lane-head-{stage.pk}" hx-swap-oob="true"' in page
    assert f'id="lane-head-{deal.stage_id}" hx-swap-oob="true"' in page
    assert f'id="deal-{deal.pk}"' in page
    assert response.context["board"].lane(str(stage.pk)).total == Decimal(50)
    assert "undo" in response.headers["HX-Trigger"]
    change = StageChange.objects.get(opportunity=deal)
    assert (change.stage, change.by) == (stage, alice)


def test_cards_keep_their_order_also_where_no_number_is_left_between(alice: User, sign_in: SignIn) -> None:
    one, two, three = (make_deal(name, owner=alice, position=5) for name in ("One", "Two", "Three"))
    other, client = make_deal("Moved", stage="Engaging", owner=alice), sign_in(alice)
    move(client, other, stage=one.stage_id, above=one.pk, below=two.pk)
    assert names(lanes(client)["Prospecting"]) == ["One", "Moved", "Two", "Three"]
    assert move(client, three, stage=one.stage_id, below=one.pk).status_code == 200
    assert names(lanes(client)["Prospecting"]) == ["Three", "One", "Moved", "Two"]
    assert not StageChange.objects.filter(opportunity=three).exists()  # A place in a column is no fact of the deal.


def test_somebody_else_moved_the_card(alice: User, bob: User, sign_in: SignIn) -> None:
    deal = services.open_deal(Opportunity(name="Roof", owner=alice, team=alice.team), by=alice)
    seen = deal.stage_id
    services.move_to_stage(deal, make_stage("Negotiation"), by=bob)
    response = move(sign_in(alice), deal, stage=make_stage("Proposal").pk, **{"from": seen})
    assert response.status_code == 409
    assert "bob" in response.headers["HX-Trigger"].lower()
    deal.refresh_from_db()
    assert deal.stage == make_stage("Negotiation")


def test_a_refused_move_asks_for_what_is_missing(alice: User, sign_in: SignIn) -> None:
    stage = make_stage("Proposal")
    stage.required = ["amount", "expected_on", "line"]
    stage.save()
    deal, client = make_deal(owner=alice), sign_in(alice)
    response = move(client, deal, stage=stage.pk)
    assert (response.status_code, response.headers["HX-Retarget"]) == (422, "#dialog")
    assert {"amount", "expected_on"} <= set(response.context["form"].fields)
    assert response.context["form"].blocked
    stage.required = ["amount", "expected_on"]
    stage.save()
    filled = {"stage": stage.pk, "filled": "1", "amount": "-5", "expected_on": "2030-01-31"}
    wrong = move(client, deal, **filled)
    assert wrong.status_code == 422
    assert wrong.context["form"].errors.keys() == {"amount"}
    assert wrong.context["form"]["expected_on"].value() == "2030-01-31"
    done = move(client, deal, **{**filled, "amount": "5 000,50"})
    assert done.status_code == 200
    deal.refresh_from_db()
    assert (deal.stage, deal.amount, deal.expected_on) == (stage, Decimal("5000.50"), dt.date(2030, 1, 31))
    client.post(json.loads(done.headers["HX-Trigger"])["toast"]["undo"])
    deal.refresh_from_db()
    assert (deal.stage, deal.amount) == (make_stage("Prospecting"), None)  # One act, undone as one.


def test_a_loss_asks_why_and_a_win_what_was_signed(alice: User, sign_in: SignIn) -> None:
    deal, client, lost = make_deal(owner=alice), sign_in(alice), make_stage("Lost")
    response = move(client, deal, stage=lost.pk)
    assert response.status_code == 422
    assert {"lost_reason", "lost_text", "closed_on"} <= set(response.context["form"].fields)
    reason, today = LostReason.objects.all()[0], timezone.localdate()
    tomorrow = today + dt.timedelta(days=1)
    late = move(client, deal, stage=lost.pk, filled="1", lost_reason=reason.pk, closed_on=tomorrow)
    assert late.context["form"].errors.keys() == {"closed_on"}
    done = move(client, deal, stage=lost.pk, filled="1", lost_reason=reason.pk, lost_text="Too dear", closed_on=today)
    assert '"lane": ""' in done.headers["HX-Trigger"]
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.lost_text) == ("lost", reason, "Too dear")
    known, unknown = make_deal(owner=alice, amount=Decimal(80)), make_deal(owner=alice)
    won = make_stage("Won")
    assert move(client, known, stage=won.pk).status_code == 200
    known.refresh_from_db()
    assert (known.status, known.won_amount, known.closed_on) == ("won", Decimal(80), today)
    assert move(client, unknown, stage=won.pk).status_code == 422


def test_it_works_as_a_plain_form_page(alice: User, sign_in: SignIn) -> None:
    deal, client, stage = make_deal(owner=alice), sign_in(alice), make_stage("Proposal")
    page = client.get(f"/opportunities/{deal.pk}/move/")
    assert 'name="stage"' in page.content.decode()
    response = client.post(f"/opportunities/{deal.pk}/move/", {"stage": stage.pk})
    assert (response.status_code, response["Location"]) == (303, f"/opportunities/{deal.pk}/")
    deal.refresh_from_db()
    assert deal.stage == stage
    lost = client.post(f"/opportunities/{deal.pk}/move/", {"stage": make_stage("Lost").pk})
    assert lost.status_code == 422
    assert "lost_reason" in lost.content.decode()


def test_the_stage_of_another_pipeline_is_refused(alice: User, sign_in: SignIn) -> None:
    other = make_stage("Prospecting").pipeline
    other.pk, other.is_default = None, False
    other.save()
    stage = other.stages.create(name_fr="Ailleurs", name_en="Elsewhere")
    deal = make_deal(owner=alice)
    response = move(sign_in(alice), deal, stage=stage.pk)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"stage"}
    client = sign_in(alice)
    assert list(lanes(client, f"/opportunities/board/?pipeline={other.pk}")) == ["Elsewhere"]


def test_who_may_see_a_deal_only_does_not_move_it(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    deal, stage = make_deal(owner=alice, team=alice.team), make_stage("Proposal")
    assert "data-fixed" in sign_in(bob).get("/opportunities/board/?view=all").content.decode()
    assert move(sign_in(bob), deal, stage=stage.pk).status_code == 403
    assert move(sign_in(charlie), deal, stage=stage.pk).status_code == 404


def test_cards_turn_amber_past_what_won_deals_took(alice: User, sign_in: SignIn) -> None:
    now = timezone.now()
    long_ago = now - dt.timedelta(days=12)
    deal = make_deal(owner=alice, stage_since=long_ago)
    client = sign_in(alice)
    assert "deal rot" not in client.get("/opportunities/board/").content.decode()  # 30 days are usual, says the stage.
    first, won = make_stage("Prospecting"), make_stage("Won")
    for number in range(boards.ENOUGH_WON):
        ended = make_deal(f"Won {number}", stage=won, owner=alice, closed_on=now.date())
        row = {"opportunity": ended, "owner": alice, "currency": "EUR", "category": "pipeline"}
        StageChange.objects.create(stage=first, effective_at=now - dt.timedelta(days=9), **row)
        StageChange.objects.create(stage=won, from_stage=first, effective_at=now - dt.timedelta(days=1), **row)
    cache.clear()
    lane = lanes(client)["Prospecting"]
    assert round(lane.stay) == 8
    assert f'class="deal rot" id="deal-{deal.pk}"' in client.get("/opportunities/board/").content.decode()


def test_by_month_a_card_takes_another_expected_day(alice: User, sign_in: SignIn) -> None:
    today, client = timezone.localdate(), sign_in(alice)
    next_month = boards.month_after(today, 1)
    late = make_deal("Late", owner=alice, expected_on=today - dt.timedelta(days=40))
    make_deal("Undated", owner=alice, amount=Decimal(3))
    found = list(client.get("/opportunities/months/").context["board"].lanes)
    assert (found[0].key, names(found[0])) == ("late", ["Late"])
    assert (found[-1].key, names(found[-1]), found[-1].total) == ("none", ["Undated"], Decimal(3))
    fields = {"month": f"{next_month:%Y-%m}", "board": "months", "query": ""}
    response = client.post(f"/opportunities/{late.pk}/month/", fields, headers=HTMX)
    assert f'"lane": "{next_month:%Y-%m}"' in response.headers["HX-Trigger"]
    late.refresh_from_db()
    assert late.expected_on is not None
    assert (late.expected_on.year, late.expected_on.month) == (next_month.year, next_month.month)
    wrong = client.post(f"/opportunities/{late.pk}/month/", {**fields, "month": "2026-99"}, headers=HTMX)
    assert wrong.status_code == 422


def test_another_users_move_shows_in_the_version(alice: User, bob: User, sign_in: SignIn) -> None:
    deal, client = make_deal(owner=alice, team=alice.team), sign_in(alice)
    before = client.get("/opportunities/board/version/").content
    assert client.get("/opportunities/board/version/").content == before
    services.move_to_stage(deal, make_stage("Proposal"), by=bob)
    assert client.get("/opportunities/board/version/").content != before


@pytest.mark.parametrize("query", ["", "?view=all&q=deal&next_step__empty=1"])
@pytest.mark.parametrize("page", ["board", "months"])
def test_the_board_takes_as_many_statements_at_30_cards_as_at_3(
    alice: User, sign_in: SignIn, page: str, query: str
) -> None:
    client, counts = sign_in(alice), []
    for many in (3, 27):
        for number in range(many):
            company = make_company(f"Firm {number}", owner=alice)
            make_deal(f"Deal {many} {number}", owner=alice, company=company)
        client.get(f"/opportunities/{page}/{query}")
        with CaptureQueriesContext(connection) as counted:
            assert client.get(f"/opportunities/{page}/{query}").status_code == 200
        # Without what a test's own transaction adds to a limit of time.
        added = ("SAVEPOINT", "RELEASE", "SET LOCAL")
        counts.append(len([each for each in counted.captured_queries if not each["sql"].startswith(added)]))
    assert counts[0] == counts[1] <= 12


def test_who_may_not_see_amounts_sees_no_sums(alice: User, dana: User, sign_in: SignIn) -> None:
    deal = make_deal("Roof", owner=alice, amount=Decimal(4321), next_step="Hidden step")
    rep = Role.objects.get(slug="sales-rep")
    set_levels(OPPORTUNITY, {(rep.pk, "amount"): Level.HIDDEN, (rep.pk, "next_step"): Level.HIDDEN}, by=dana)
    page = sign_in(alice).get("/opportunities/board/").content.decode()
    assert f'id="deal-{deal.pk}"' in page
    assert "€" not in page
    assert "Hidden step" not in page


def test_several_cards_move_as_one_act(alice: User, charlie: User, sign_in: SignIn) -> None:
    stage, client = make_stage("Proposal"), sign_in(alice)
    stage.required = ["amount"]
    stage.save()
    full, also = (make_deal(name, owner=alice, amount=Decimal(9), position=n) for n, name in enumerate(("One", "Two")))
    lacking, foreign = make_deal("Lacking", owner=alice), make_deal("Foreign", owner=charlie, amount=Decimal(9))
    keys = [full.pk, also.pk, lacking.pk, foreign.pk]
    response = client.post("/opportunities/board/move/", {"pk": keys, "stage": stage.pk}, headers=DIALOG)
    page = response.content.decode()
    assert "Lacking" in page
    assert "Amount" in page
    assert "Foreign" not in page
    assert names(lanes(client)["Proposal"]) == ["One", "Two"]
    client.post(json.loads(response.headers["HX-Trigger"])["toast"]["undo"])
    assert names(lanes(client)["Proposal"]) == []
    lost, reason = make_stage("Lost"), LostReason.objects.all()[0]
    fields = {"pk": keys, "stage": lost.pk}
    assert client.post("/opportunities/board/move/", fields, headers=DIALOG).status_code == 422
    filled = {**fields, "filled": "1", "lost_reason": reason.pk, "closed_on": timezone.localdate()}
    assert client.post("/opportunities/board/move/", filled, headers=DIALOG).status_code == 204
    assert {deal.status for deal in Opportunity.objects.filter(owner=alice)} == {"lost"}
    foreign.refresh_from_db()
    assert foreign.status == "open"


def test_a_deal_is_made_in_the_lane_one_adds_it_in(alice: User, sign_in: SignIn) -> None:
    first = make_stage("Prospecting").pipeline
    other = Pipeline.objects.create(name_fr="Renouvellements", name_en="Renewals", position=9)
    stage, client = other.stages.create(name_fr="À voir", name_en="To see"), sign_in(alice)
    address = f"/opportunities/new/?stage={stage.pk}"
    assert address.encode() in client.get(f"/opportunities/board/?pipeline={other.pk}").content
    form = client.get(address).context["form"]
    fields = {"name": "Renewal", "currency": "EUR", "category": "pipeline", "owner": alice.pk, "stage": stage.pk}
    client.post(address, {**fields, "probability_source": form.initial.get("probability_source", "stage")})
    deal = Opportunity.objects.get(name="Renewal")
    assert (deal.stage, deal.pipeline) == (stage, other)
    assert client.get("/opportunities/new/?stage=x").context["form"].initial["stage"].pipeline == first


@pytest.mark.parametrize("page", ["board", "months"])
def test_a_filter_chosen_on_the_board_leads_back_to_it(alice: User, sign_in: SignIn, page: str) -> None:
    asked = {"view": "all", "field": "next_step", "op": "contains", "next_step__contains": "call", "apply": "1"}
    response = sign_in(alice).get(f"/opportunities/{page}/filter/", asked)
    assert response["Location"] == f"/opportunities/{page}/?view=all&next_step__contains=call"


def test_a_stage_that_asks_for_a_contact_offers_those_of_the_company(alice: User, sign_in: SignIn) -> None:
    stage, company, client = make_stage("Proposal"), make_company("Valmont", owner=alice), sign_in(alice)
    stage.required = ["contact"]
    stage.save()
    inside, outside = make_contact("Ann", "Arden", owner=alice), make_contact("Ben", "Bell", owner=alice)
    make_affiliation(inside, company)
    deal, alone = make_deal(owner=alice, company=company), make_deal(owner=alice)
    assert move(client, alone, stage=stage.pk).context["form"].blocked == ["Contacts"]
    form = move(client, deal, stage=stage.pk).context["form"]
    assert list(form.fields["contact"].queryset) == [inside]
    filled = {"stage": stage.pk, "filled": "1", "part": "decider"}
    assert move(client, deal, **filled, contact=outside.pk).context["form"].errors.keys() == {"contact"}
    assert move(client, deal, **filled, contact=inside.pk).status_code == 200
    deal.refresh_from_db()
    assert (deal.stage, deal.parts.get().contact, deal.parts.get().part) == (stage, inside, "decider")
