"""The page of a deal: its stages, figures and requirements, who decides and who sells, next step, copy, conflicts."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from crm.access.models import FieldRule, Role, User
from crm.access.rights import Level
from crm.records import services as records
from opportunities import people, services
from opportunities.models import CoOwner, DealContact, LostReason, Opportunity, StageChange
from opportunities.services import Closing
from opportunities.story import story_of
from tests.factories import make_affiliation, make_company, make_contact, make_deal, make_stage, make_user
from tests.pages import events_of, htmx, undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def opened(by: User, days: int = 0, **over: Any) -> Opportunity:
    """A deal opened so many days ago, with its dated rows."""
    day = TODAY() - dt.timedelta(days=days)
    deal = Opportunity(name="Solar roof", owner=by, team=by.team, opened_on=day, **over)
    return services.open_deal(deal, by=by)


def ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def page(client: Client, deal: Opportunity, part: str = "") -> str:
    headers = htmx(f"div#{part}") if part else None
    return str(client.get(deal.get_absolute_url(), headers=headers).content.decode())


# ---- Stages ----


def test_the_bar_tells_the_days_in_each_stage_in_business_time(alice: User) -> None:
    deal = opened(alice, days=30, amount=Decimal(1000))
    services.move_to_stage(deal, make_stage("Engaging"), by=alice, at=ago(20))
    services.move_to_stage(deal, make_stage("Prospecting"), by=alice, at=ago(18))
    services.move_to_stage(deal, make_stage("Negotiation"), by=alice, at=ago(11))
    deal.refresh_from_db()
    told = [(step.stage.name_en, step.state, step.days) for step in story_of(deal).steps]
    first = StageChange.objects.filter(opportunity=deal).order_by("effective_at")[0]
    before = (ago(20) - first.effective_at + dt.timedelta(days=7)).days
    assert told == [
        ("Prospecting", "done", before),
        ("Engaging", "done", 2),
        ("Proposal", "skipped", None),
        ("Negotiation", "now", 11),
        ("Verbal agreement", "ahead", None),
    ]
    assert story_of(deal).following == make_stage("Verbal agreement")


def test_a_won_deal_shows_its_end_and_a_lost_one_how_far_it_got(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice, days=9)
    services.move_to_stage(deal, make_stage("Lost"), by=alice, closing=Closing(reason=LostReason.objects.all()[0]))
    deal.refresh_from_db()
    states = [step.state for step in story_of(deal).steps]
    assert states == ["done", "ahead", "ahead", "ahead", "ahead", "lost"]
    assert story_of(deal).following is None
    assert "Price" in page(sign_in(alice), deal)
    services.move_to_stage(deal, make_stage("Won"), by=alice)
    deal.refresh_from_db()
    assert [step.state for step in story_of(deal).steps][-1] == "won"


def test_a_reopened_deal_keeps_that_it_was_lost(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice, days=9)
    services.move_to_stage(deal, make_stage("Lost"), by=alice, closing=Closing(reason=LostReason.objects.all()[0]))
    services.move_to_stage(deal, make_stage("Engaging"), by=alice)
    deal.refresh_from_db()
    (again,) = story_of(deal).reopenings
    assert again.ended.name_en == "Lost"
    assert "it had been lost on" in page(sign_in(alice), deal)


def test_an_imported_loss_without_reason_says_so(alice: User, sign_in: SignIn) -> None:
    deal = make_deal("Old one", "Lost", closed_on=dt.date(2020, 1, 2), owner=alice)
    assert "Reason not stated" in page(sign_in(alice), deal)


# ---- Figures ----


def test_figures_say_where_the_probability_comes_from_and_it_goes_back(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    deal = opened(alice, amount=Decimal(10000))
    assert "10% · €1,000" in page(client, deal) and "Of the stage" in page(client, deal)
    url = f"/opportunities/{deal.pk}/fields/probability/"
    answer = client.post(url, {"probability": "40"}, headers=htmx("dd#field-probability"))
    deal.refresh_from_db()
    assert (answer.status_code, deal.probability, deal.probability_source) == (200, 40, "typed")
    assert "40%" in answer.content.decode()
    text = page(client, deal, "record-head")
    assert "40% · €4,000" in text and "Typed" in text and "Back to 10% of the stage" in text
    client.post(url, {"probability": ""}, headers=htmx("dd#field-probability"))
    deal.refresh_from_db()
    assert (deal.probability, deal.probability_source) == (None, "stage")
    undo(client, answer := client.post(url, {"probability": "55"}, headers=htmx("dd#field-probability")))
    deal.refresh_from_db()
    assert (answer.status_code, deal.probability, deal.probability_source) == (200, None, "stage")


def test_an_edit_of_something_else_leaves_the_source_of_the_probability(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice)
    Opportunity.objects.filter(pk=deal.pk).update(probability_source="learned")
    answer = sign_in(alice).post(
        f"/opportunities/{deal.pk}/edit/", {"name": "Else", "currency": "EUR", "category": "best"}
    )
    deal.refresh_from_db()
    assert (answer.status_code, deal.name, deal.probability_source) == (303, "Else", "learned")


def test_the_expected_close_tells_its_slips(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    first = TODAY() + dt.timedelta(days=10)
    deal = opened(alice, expected_on=first)
    for days in (15, 36):
        records.save_edit(deal, {"expected_on": TODAY() + dt.timedelta(days=days)}, by=alice)
    records.save_edit(deal, {"amount": Decimal(5)}, by=alice)
    deal.refresh_from_db()
    slips = story_of(deal).slips
    assert [slip.days for slip in slips] == [5, 21] and slips[0].old == first
    assert "Moved 2 times, 26 days later" in page(client, deal)


def test_another_currency_shows_that_no_rate_is_known(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice, amount=Decimal(100), currency="USD")
    text = page(sign_in(alice), deal)
    assert "$100" in text and "No rate is known for USD" in text


# ---- What is required ----


def test_what_the_next_stage_requires_is_seen_before_trying(alice: User, sign_in: SignIn) -> None:
    stage = make_stage("Engaging")
    stage.required = ["amount", "contact", "line", "expected_on"]
    stage.save()
    here = make_stage("Prospecting")
    here.guidance_en, here.guidance_fr = "Find who decides.", "Trouvez qui décide."
    here.save()
    deal = opened(alice, amount=Decimal(5))
    client = sign_in(alice)
    text = page(client, deal, "record-points")
    assert "Find who decides." in text and "To move to “Engaging”" in text
    assert text.count('class="req met"') == 1 and text.count('class="req"') == 3
    assert f"/opportunities/{deal.pk}/fields/expected_on/" in text
    DealContact.objects.create(opportunity=deal, contact=make_contact(owner=alice))
    assert page(client, deal, "record-points").count('class="req met"') == 2


# ---- People ----


def test_contacts_take_part_with_undo(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    company = make_company(owner=alice)
    deal = opened(alice, company=company)
    claire, nadia = make_contact(owner=alice), make_contact("Nadia", "Haddad", owner=alice)
    make_affiliation(claire, company)
    url = f"/opportunities/{deal.pk}/contacts/new/"
    suggested = client.get(f"/opportunities/{deal.pk}/contacts/suggest/").content.decode()
    assert "Claire Fontaine" in suggested and "Nadia" not in suggested
    answer = client.post(url, {"contact": "Claire Fontaine", "part": "decider"}, headers=htmx("dialog#dialog"))
    assert answer.status_code == 204 and {"dialog:close", "record-changed"} <= events_of(answer)
    part = DealContact.objects.get(opportunity=deal)
    assert (part.contact, part.part) == (claire, "decider")
    text = page(client, deal, "record-related")
    assert "Claire Fontaine" in text and "Decider" in text
    twice = client.post(url, {"contact": "Claire Fontaine"}, headers=htmx("dialog#dialog"))
    assert twice.status_code == 422 and "takes part already" in twice.content.decode()
    unknown = client.post(url, {"contact": "Zorro"}, headers=htmx("dialog#dialog"))
    assert unknown.status_code == 422 and "Zorro" in unknown.content.decode()
    make_contact("Nadia", "Haddad", owner=alice)
    several = client.post(url, {"contact": "Nadia Haddad"}, headers=htmx("dialog#dialog"))
    assert several.status_code == 422 and f"Nadia Haddad #{nadia.pk}" in several.content.decode()
    assert client.post(url, {"contact": f"Nadia Haddad #{nadia.pk}"}, headers=htmx("dialog#dialog")).status_code == 204
    client.post(f"/opportunities/contacts/{part.pk}/", {"part": "sponsor"}, headers=htmx("dialog#dialog"))
    part.refresh_from_db()
    assert part.part == "sponsor"
    gone = client.post(f"/opportunities/contacts/{part.pk}/remove/", headers=htmx())
    assert not DealContact.objects.filter(pk=part.pk).exists()
    undo(client, gone)
    assert DealContact.objects.get(pk=part.pk).part == "sponsor"


def test_contacts_out_of_sight_are_neither_found_nor_shown(alice: User, charlie: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    deal = opened(alice)
    hidden = make_contact("Zoé", "Cachée", owner=charlie, team=charlie.team)
    DealContact.objects.create(opportunity=deal, contact=make_contact("Paul", "Ailleurs", owner=charlie))
    row = DealContact.objects.get()
    url = f"/opportunities/{deal.pk}/contacts/new/"
    for typed in ("Zoé Cachée", f"#{hidden.pk}"):
        assert client.post(url, {"contact": typed}, headers=htmx("dialog#dialog")).status_code == 422
    assert "Cach" not in client.get(f"/opportunities/{deal.pk}/contacts/suggest/?contact=cach").content.decode()
    assert "Ailleurs" not in page(client, deal, "record-related")
    assert client.post(f"/opportunities/contacts/{row.pk}/remove/").status_code == 404


def test_co_owners_share_at_most_the_whole(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    deal = opened(alice)
    url = f"/opportunities/{deal.pk}/co-owners/new/"
    assert sign_in(charlie).get(deal.get_absolute_url()).status_code == 404
    answer = client.post(url, {"user": charlie.pk, "per_cent": "60"}, headers=htmx("dialog#dialog"))
    assert answer.status_code == 204
    assert sign_in(charlie).get(deal.get_absolute_url()).status_code == 200
    assert "co-owns it" in client.get(f"/access/opportunity/{deal.pk}/").content.decode()
    much = client.post(url, {"user": bob.pk, "per_cent": "50"}, headers=htmx("dialog#dialog"))
    assert much.status_code == 422 and "40% at most is left" in much.content.decode()
    assert client.post(url, {"user": alice.pk, "per_cent": "5"}, headers=htmx("dialog#dialog")).status_code == 422
    assert client.post(url, {"user": bob.pk, "per_cent": "40"}, headers=htmx("dialog#dialog")).status_code == 204
    row = CoOwner.objects.get(user=bob)
    assert client.post(f"/opportunities/co-owners/{row.pk}/", {"per_cent": "41"}).status_code == 422
    assert client.post(f"/opportunities/co-owners/{row.pk}/", {"per_cent": "10"}).status_code == 303
    row.refresh_from_db()
    assert row.per_cent == 10
    # Whoever edits the deal may do so, a co-owner too; one who leaves it sees it no longer.
    mine = CoOwner.objects.get(user=charlie)
    gone = sign_in(charlie).post(f"/opportunities/co-owners/{mine.pk}/remove/", headers=htmx())
    assert gone.headers["HX-Redirect"] == "/opportunities/"
    assert not CoOwner.objects.filter(user=charlie).exists()
    assert sign_in(charlie).get(deal.get_absolute_url()).status_code == 404


def test_a_co_owner_s_share_is_no_plain_one(alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    client, deal = sign_in(alice), opened(alice)
    records.share(deal, by=alice, person=bob, edit=False)
    people.add_co_owner(people.co_owner(deal, bob, 25), by=alice)
    assert [(share.user, share.per_cent) for share in deal.user_shares.all()] == [(bob, 25)]
    url = f"/access/opportunity/{deal.pk}/"
    again = client.post(url, {"person": bob.pk, "level": "see"})
    assert again.status_code == 422 and "has more already: co-owns it" in again.content.decode()
    assert "End the share" not in client.get(url).content.decode()
    client.post(f"{url}end/", {"person": bob.pk})
    assert deal.user_shares.get().per_cent == 25
    client.post(url, {"person": charlie.pk, "level": "see"})
    assert client.get(url).content.decode().count("End the share") == 1


def test_shares_are_summed_up_under_a_lock(alice: User, bob: User, charlie: User) -> None:

    deal = opened(alice)
    people.add_co_owner(people.co_owner(deal, bob, 70), by=alice)
    with pytest.raises(IntegrityError):
        people.add_co_owner(people.co_owner(deal, charlie, 31), by=alice)
    assert CoOwner.objects.count() == 1


# ---- Next step, tags, copy ----


def test_the_next_step_is_planned_in_a_dialog(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    deal = opened(alice)
    assert "Nothing is planned" in page(client, deal)
    url = f"/opportunities/{deal.pk}/next-step/"
    day = TODAY() - dt.timedelta(days=2)
    answer = client.post(url, {"next_step": "Call", "next_step_on": day.isoformat()}, headers=htmx("dialog#dialog"))
    assert answer.status_code == 204
    text = page(client, deal, "record-points")
    assert "Call" in text and "Late:" in text
    wrong = client.post(url, {"next_step": "Call", "next_step_on": "2999-01-01"}, headers=htmx("dialog#dialog"))
    assert wrong.status_code == 422
    undo(client, answer)
    deal.refresh_from_db()
    assert deal.next_step == ""


def test_a_copy_belongs_to_whoever_makes_it_where_they_may_not_assign(alice: User, bob: User, sign_in: SignIn) -> None:
    deal = opened(alice, amount=Decimal(7))
    people.co_owner(deal, bob, 20).save()
    answer = sign_in(bob).post(f"/opportunities/{deal.pk}/clone/")
    copy = Opportunity.objects.exclude(pk=deal.pk).get()
    assert answer.status_code == 303 and answer.headers["Location"] == copy.get_absolute_url()
    assert (copy.owner, copy.amount, copy.status, copy.user_shares.count()) == (bob, Decimal(7), "open", 0)


def test_categories_are_ticked_in_a_dialog(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice)
    answer = sign_in(alice).post(f"/opportunities/{deal.pk}/categories/", {"new": "Hot"}, headers=htmx("dialog#dialog"))
    assert answer.status_code == 204 and [tag.name for tag in deal.tags.all()] == ["Hot"]


# ---- Timeline ----


def test_the_timeline_tells_moves_and_amounts_once(alice: User, bob: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    deal = opened(alice, amount=Decimal(176500), currency="USD")
    records.save_edit(deal, {"amount": Decimal(184000)}, by=alice)
    services.move_to_stage(deal, make_stage("Negotiation"), by=alice)
    people.add_co_owner(people.co_owner(deal, bob, 30), by=alice)
    text = " ".join(re.sub(r"<[^>]+>", " ", page(client, deal, "record-timeline")).split())
    assert "Stage Prospecting → became Negotiation" in text
    assert "Amount US$176,500 → became US$184,000" in text
    assert "added a co-owner" in text and "30%" in text
    for repeated in ("In this stage since", "Direct sales", "Status"):
        assert repeated not in text
    assert text.count("Negotiation") == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "-5"),
        ("amount", "9" * 40),
        ("amount", "NaN"),
        ("probability", "101"),
        ("probability", "-1"),
        ("probability", "abc"),
        ("expected_on", "2999-01-01"),
        ("expected_on", "2026-02-31"),
        ("expected_on", "2001-01-01"),
        ("currency", "ZZZ"),
        ("category", "never"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(alice: User, sign_in: SignIn, field: str, typed: str) -> None:
    deal = opened(alice, amount=Decimal(100))
    url = f"/opportunities/{deal.pk}/fields/{field}/"
    answer = sign_in(alice).post(url, {field: typed}, headers=htmx(f"dd#field-{field}"))
    before = Opportunity.objects.get(pk=deal.pk)
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert (before.amount, before.probability, before.expected_on, before.currency) == (Decimal(100), None, None, "EUR")


def test_a_deal_in_the_trash_is_read_not_changed(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice)
    client = sign_in(alice)
    client.post(f"/opportunities/{deal.pk}/trash/")
    text = page(client, deal)
    assert "In the trash since" in text
    for address in ("next-step", "clone", "fields/", "categories"):
        assert address not in text, address


# ---- Two people, rights, statements ----


def test_two_people_editing_the_amount_are_told(alice: User, dana: User, sign_in: SignIn) -> None:
    deal = opened(alice, amount=Decimal(100))
    url = f"/opportunities/{deal.pk}/fields/amount/"
    client = sign_in(alice)
    drawn = client.get(url, headers=htmx("dd#field-amount")).context["form"].initial["as_read"]
    records.save_edit(Opportunity.objects.get(pk=deal.pk), {"amount": Decimal(250)}, by=dana)
    answer = client.post(url, {"amount": "300", "as_read": drawn}, headers=htmx("dd#field-amount"))
    assert answer.status_code == 409
    assert "€250" in answer.content.decode() and "Dana" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.amount == Decimal(250)


def test_a_company_out_of_sight_is_named_and_not_linked(alice: User, charlie: User, sign_in: SignIn) -> None:
    company = make_company("Hors de vue", owner=charlie)
    deal = opened(alice, company=company)
    text = page(sign_in(alice), deal)
    assert "Hors de vue" in text and company.get_absolute_url() not in text


def test_a_read_only_user_is_offered_nothing_to_change(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice, next_step="Call")
    reader = make_user("reader", role="read-only", team=alice.team)
    text = page(sign_in(reader), deal) + page(sign_in(reader), deal, "record-related")
    for address in ("next-step", "contacts/new", "co-owners/new", "clone", "move/", "fields/"):
        assert address not in text, address


def test_statements_are_as_many_with_a_long_past(
    alice: User, bob: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(alice)
    stage = make_stage("Negotiation")
    stage.required = ["contact", "line", "amount"]
    stage.save()
    deal = opened(alice, days=90, company=make_company(owner=alice))
    services.move_to_stage(deal, make_stage("Proposal"), by=alice, at=ago(80))
    counts: dict[str, set[int]] = {}
    for round_ in range(2):
        for number in range(4):
            stages = (make_stage("Engaging"), make_stage("Proposal"))
            for each in stages:
                services.move_to_stage(deal, each, by=alice, at=ago(70 - round_ * 9 - number))
            contact = make_contact(f"n{number}{round_}", owner=alice)
            DealContact.objects.create(opportunity=deal, contact=contact, part="buyer")
            people.co_owner(deal, make_user(), 1).save()
            day = TODAY() + dt.timedelta(days=number + 10 * round_)
            records.save_edit(deal, {"expected_on": day, "amount": Decimal(number + 10 * round_)}, by=alice)
        for part in ("", "record-head", "record-points", "record-related", "record-timeline"):
            page(client, deal, part)
            with django_assert_max_num_queries(12) as counted:
                page(client, deal, part)
            counts.setdefault(part, set()).add(len(counted.captured_queries))
    assert all(len(each) == 1 for each in counts.values()), counts


def test_fields_kept_from_a_role_are_not_told_by_figures(alice: User, sign_in: SignIn) -> None:
    deal = opened(alice, amount=Decimal(4321), expected_on=TODAY())
    records.save_edit(deal, {"expected_on": TODAY() + dt.timedelta(days=3)}, by=alice)

    role = Role.objects.get(slug="sales-rep")
    for name in ("amount", "expected_on", "probability"):
        FieldRule.objects.create(role=role, kind="opportunities.opportunity", field=name, level=Level.HIDDEN)
    assert {"won_amount", "amount"} <= User.objects.get(pk=alice.pk).rights.hidden("opportunities.opportunity")
    text = page(sign_in(alice), deal)
    assert "4,321" not in text and "Moved" not in text and "Of the stage" not in text
