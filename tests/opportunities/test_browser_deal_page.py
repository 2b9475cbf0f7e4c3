"""The page of a deal in Chromium: figures and requirements follow an edit, people come and go, French, phone, axe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import Company, Contact
from crm.access.models import User
from opportunities import services
from opportunities.models import CoOwner, DealContact, Opportunity
from tests.browser import Opener
from tests.factories import make_affiliation, make_company, make_contact, make_stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[[Page], None]


@pytest.fixture
def deal(alice: User, bob: User) -> Opportunity:
    """A deal of alice's in its second stage, with a demanding third one."""
    stage = make_stage("Proposal")
    stage.required = ["amount", "contact"]
    stage.save()
    company = make_company("Groupe Valmont", owner=alice)
    make_affiliation(make_contact(owner=alice, job_title="Acheteuse"), company)
    day = timezone.localdate() - dt.timedelta(days=29)
    deal = Opportunity(name="Ombrières du siège", company=company, owner=alice, team=alice.team, opened_on=day)
    services.open_deal(deal, by=alice)
    at = timezone.now() - dt.timedelta(days=12)
    services.move_to_stage(deal, make_stage("Engaging"), by=alice, at=at)
    return deal


def test_the_day_of_a_deal(open_page: Opener, alice: User, bob: User, deal: Opportunity, axe: Axe) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr")
    page = open_page(alice)
    page.goto(deal.get_absolute_url())
    steps = page.get_by_role("list", name="Étapes")
    expect(steps.locator("[aria-current=step]")).to_contain_text("Qualification")
    expect(steps.locator("[aria-current=step]")).to_contain_text("12 j")
    required = page.get_by_role("region", name="Pour passer à « Proposition »")
    expect(required.get_by_role("link")).to_have_text(["Montant", "Un interlocuteur"])

    # What is missing is filled in where the list says so; the figures follow.
    required.get_by_role("link", name="Montant").click()
    page.locator("#field-amount input[name=amount]").fill("184000")
    page.keyboard.press("Enter")
    expect(page.locator("#record-head")).to_contain_text("46 000 €".replace(" ", "\u202f", 1).replace(" ", "\u00a0"))
    expect(required.get_by_role("link")).to_have_text(["Un interlocuteur"])
    required.get_by_role("link", name="Un interlocuteur").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Contact").fill("Claire Fontaine")
    dialog.get_by_label("Rôle dans la décision").select_option("decider")
    axe(page)
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("region", name="Interlocuteurs")).to_contain_text("Décideur")
    expect(required.get_by_role("link")).to_have_count(0)

    # The next step, a co-owner, and the Undo of what was done last.
    page.get_by_role("link", name="Planifier").click()
    dialog.get_by_label("Prochaine étape", exact=True).fill("Appeler Claire")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("region", name="Prochaine étape")).to_contain_text("Appeler Claire")
    page.get_by_role("link", name="Ajouter un copropriétaire").click()
    dialog.get_by_label("Part").fill("30")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("region", name="Copropriétaires")).to_contain_text("Bob Example")
    page.locator(".toast").last.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("region", name="Copropriétaires")).to_contain_text("seul sur l’affaire")
    assert not CoOwner.objects.exists()
    axe(page)


def test_it_is_won_from_its_page_and_reopened(open_page: Opener, alice: User, deal: Opportunity, axe: Axe) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(amount=Decimal(1000))
    page = open_page(alice, lang="en")
    page.goto(deal.get_absolute_url())
    page.locator(".acts").get_by_role("link", name="Won").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    axe(page)
    dialog.locator("button[type=submit]").last.click()
    expect(page.locator(".step.won")).to_be_visible()
    page.get_by_role("link", name="Reopen").click()
    dialog.locator("button[type=submit]").last.click()
    expect(page.locator(".step.now")).to_contain_text("Engaging")
    expect(page.get_by_role("region", name="Reopened")).to_contain_text("it had been won on")


def test_on_a_phone(open_page: Opener, alice: User, deal: Opportunity, axe: Axe) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(amount=Decimal(184000), probability=40, probability_source="typed")
    DealContact.objects.create(opportunity=deal, contact=Contact.objects.get(), part="buyer")
    User.objects.filter(pk=alice.pk).update(language="fr")
    page = open_page(alice, size="phone")
    page.goto(deal.get_absolute_url())
    expect(page.locator("#record-timeline .ev").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    page.get_by_role("button", name="Liés").click()
    expect(page.get_by_role("region", name="Interlocuteurs")).to_contain_text("Acheteur")
    page.get_by_role("button", name="Infos").click()
    page.get_by_role("button", name="Revenir aux").click()
    expect(page.locator("#record-head")).to_contain_text("De l’étape")
    axe(page)


def test_the_panel_of_a_company(open_page: Opener, alice: User, deal: Opportunity, axe: Axe) -> None:
    page = open_page(alice, lang="en")
    page.goto(Company.objects.get().get_absolute_url())
    panel = page.get_by_role("region", name="Opportunities")
    expect(panel).to_contain_text("Ombrières du siège")
    axe(page)
    panel.get_by_role("link", name="Add an opportunity").click()
    expect(page.get_by_label("Company", exact=True)).to_have_value("Groupe Valmont")
