"""Contacts in Chromium as a sales rep meets them: the day's path, the keyboard alone, the phone, axe everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from contacts.models import Company, Contact, ContactTag
from crm.access.models import User
from crm.records import services
from crm.records.models import Tag
from tests.browser import Opener
from tests.factories import make_affiliation, make_company, make_contact, make_group, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
Axe = Callable[[Page], None]


@pytest.fixture
def firm(alice: User) -> Company:
    """A small file of customers: three people, two companies, a group, a tag."""
    acme = make_company("Acmé Énergie", owner=alice, sector="Energie")
    make_company("Bio Terroirs", owner=alice, sector="Agro")
    for first, last, job in (
        ("Claire", "Fontaine", "Directrice des achats"),
        ("Nadia", "Haddad", "Gérante"),
        ("Olivier", "Perrot", "Acheteur"),
    ):
        email = f"{first}@acme.example".lower()
        contact = make_contact(first, last, owner=alice, job_title=job, email=email, phone="+33612489017")
        make_affiliation(contact, acme, is_primary=True)
    make_group("Salon de printemps", owner=alice)
    Tag.objects.create(name="Décideur", colour="plum")
    return acme


def rows(page: Page) -> Locator:
    return page.locator("tr[data-row]")


def no_sideways_scroll(page: Page) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


# ---- The path of the day ----


def test_from_signing_in_to_signing_out(open_page: Opener, alice: User, firm: Company) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr")
    page = open_page()
    page.goto("/accounts/login/")
    page.get_by_label("Adresse e-mail").fill("alice@example.com")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("button", name="mon compte")).to_be_visible()

    # Find Acmé by three letters, without its accent.
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Rechercher une personne, une société, une action").press_sequentially("acm")
    page.get_by_role("option", name="Acmé Énergie Energie").click()
    expect(page.get_by_role("heading", name="Acmé Énergie", level=1)).to_be_visible()

    # Correct the sector in place.
    page.get_by_role("button", name="Secteur : Energie, modifier").click()
    field = page.get_by_label("Secteur", exact=True)
    expect(field).to_be_focused()
    field.fill("Énergie solaire")
    field.press("Enter")
    toast = page.locator(".toast", has_text="Enregistré")
    expect(toast.get_by_role("button", name="Annuler")).to_be_visible()
    expect(page.locator("#record-head")).to_contain_text("Énergie solaire")
    expect(page.locator("#record-timeline")).to_contain_text("a modifié cette fiche")

    # Add a person to it.
    page.get_by_role("link", name="Ajouter une personne").first.click()
    expect(page.get_by_role("combobox", name="Société", exact=True)).to_have_value("Acmé Énergie")
    page.get_by_label("Prénom").fill("Hugo")
    page.get_by_label("Nom", exact=True).fill("Lemoine")
    page.get_by_label("Adresse e-mail").fill("Hugo.Lemoine@acme.example")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Hugo Lemoine", level=1)).to_be_visible()
    expect(page.locator("#record-related")).to_contain_text("Acmé Énergie")

    # Put the person into a group.
    page.get_by_role("link", name="Ajouter à un groupe").click()
    page.locator("#dialog").get_by_role("button", name="Ajouter Salon de printemps").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#record-related")).to_contain_text("Salon de printemps")

    # Undo the correction, now from the company's history.
    page.locator("#record-head").get_by_role("link", name="Acmé Énergie").click()
    change = page.locator("#record-timeline article", has_text="a modifié cette fiche")
    change.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("Modification annulée.").or_(page.locator(".toast"))).to_be_visible()
    expect(page.locator("#record-head")).to_contain_text("Energie")
    firm.refresh_from_db()
    assert firm.sector == "Energie"
    contact = Contact.objects.get(last_name="Lemoine")
    assert contact.affiliations.get().company == firm
    assert contact.memberships.get().group.name == "Salon de printemps"

    page.get_by_role("button", name="mon compte").click()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.goto(firm.get_absolute_url())
    expect(page.get_by_role("button", name="Se connecter", exact=True)).to_be_visible()


def test_the_toasts_undo_takes_an_edit_back_in_place(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto(firm.get_absolute_url())
    page.get_by_role("button", name="Sector: Energie, edit").click()
    page.get_by_label("Sector", exact=True).fill("Solar")
    page.get_by_label("Sector", exact=True).press("Enter")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Sector: Energie, edit")).to_be_visible()
    firm.refresh_from_db()
    assert firm.sector == "Energie"


def test_an_error_in_place_keeps_what_was_typed_and_escape_gives_the_old_value_back(
    open_page: Opener, alice: User, firm: Company
) -> None:
    page = open_page(alice, lang="en")
    page.goto(firm.get_absolute_url())
    page.get_by_role("button", name="Add: Website").click()
    field = page.get_by_label("Website", exact=True)
    field.fill("no address")
    field.press("Enter")
    expect(page.locator("#field-website .err")).to_contain_text("is no web address")
    expect(field).to_have_value("no address")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(page.get_by_role("button", name="Add: Website")).to_be_focused()
    firm.refresh_from_db()
    assert firm.website == ""


def test_two_people_see_both_values(open_page: Opener, alice: User, dana: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto(firm.get_absolute_url())
    page.get_by_role("button", name="Sector: Energie, edit").click()
    field = page.get_by_label("Sector", exact=True)
    expect(field).to_be_focused()
    services.save_edit(firm, {"sector": "Wind"}, by=dana)
    field.fill("Solar")
    field.press("Enter")
    expect(page.locator("#field-sector .err")).to_have_text(
        "Dana Example changed this to “Wind” in the meantime. Save again to replace it with yours."
    )
    expect(field).to_have_value("Solar")
    field.press("Enter")
    expect(page.get_by_role("button", name="Sector: Solar, edit")).to_be_visible()


# ---- The keyboard alone ----


def test_the_list_by_keyboard(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/?sort=name")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Claire Fontaine", exact=True)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Nadia Haddad", exact=True)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_label("Tick Nadia Haddad")).to_be_checked()
    expect(page.get_by_role("toolbar", name="Actions on the selection")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Actions on the selection")).to_be_hidden()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Claire Fontaine", exact=True)).to_be_focused()

    page.keyboard.press(" ")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="Claire Fontaine")).to_be_visible()
    page.keyboard.press("j")
    expect(drawer.get_by_role("heading", name="Nadia Haddad")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("link", name="Nadia Haddad", exact=True)).to_be_focused()

    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Filter this list")
    expect(search).to_be_focused()
    search.press_sequentially("perr")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Olivier Perrot")
    expect(page).to_have_url(re.compile("q=perr"))
    expect(page.locator("#list-count")).to_have_text("1")
    expect(search).to_be_focused()
    page.keyboard.press("Escape")

    page.locator("body").press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Olivier Perrot", level=1)).to_be_visible()
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/edit/$"))


def test_a_key_creates_and_a_key_goes(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/")
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Companies", level=1)).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="New contact", level=1)).to_be_visible()


def test_back_from_a_record_finds_the_list_as_it_was(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/?sort=name")
    page.get_by_role("searchbox", name="Filter this list").press_sequentially("haddad")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("link", name="Nadia Haddad", exact=True).click()
    expect(page.get_by_role("heading", name="Nadia Haddad", level=1)).to_be_visible()
    page.go_back()
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Filter this list")).to_have_value("haddad")


# ---- Lists ----


def test_columns_are_chosen(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/")
    expect(page.get_by_role("columnheader", name="E-mail")).to_have_count(0)
    page.get_by_role("button", name="Columns").click()
    chooser = page.locator("#columns")
    chooser.get_by_role("checkbox", name="E-mail").check()
    chooser.get_by_role("checkbox", name="Owner").uncheck()
    chooser.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("columnheader", name="E-mail")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Owner")).to_have_count(0)
    page.goto("/contacts/?view=all")
    expect(page.get_by_role("columnheader", name="E-mail")).to_be_visible()


def test_many_are_tagged_at_once_and_untagged_by_undo(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/?sort=name")
    page.get_by_label("Tick Claire Fontaine").check()
    page.get_by_label("Tick Olivier Perrot").click(modifiers=["Shift"])
    bar = page.get_by_role("toolbar", name="Actions on the selection")
    expect(bar).to_contain_text("Selected: 3")
    page.get_by_label("Tick Nadia Haddad").uncheck()
    expect(bar).to_contain_text("Selected: 2")
    bar.get_by_role("button", name="Categories").click()
    expect(page.get_by_text("2 records are chosen.")).to_be_visible()
    page.get_by_label("Category").select_option(label="Add: Décideur")
    page.get_by_role("button", name="Categories").click()
    expect(page.locator(".toast")).to_contain_text("2 records changed")
    expect(rows(page).filter(has_text="Décideur")).to_have_count(2)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(rows(page).filter(has_text="Décideur")).to_have_count(0)
    assert not ContactTag.objects.exists()


def test_all_that_match_are_moved_to_the_trash_and_back(open_page: Opener, alice: User, firm: Company) -> None:
    for number in range(60):
        make_contact("", f"Lead {number:02}", owner=alice)
    page = open_page(alice, lang="en")
    page.goto("/contacts/?q=lead")
    page.get_by_label("Tick all rows of this page").check()
    bar = page.get_by_role("toolbar", name="Actions on the selection")
    expect(bar).to_contain_text("Selected: 50")
    bar.get_by_role("checkbox").check()
    bar.get_by_role("button", name="Move to the trash").click()
    expect(page.locator(".toast")).to_contain_text("60 records changed")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    assert Contact.objects.filter(trashed_at__isnull=False).count() == 60
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(50)


def test_a_record_in_the_trash_is_read_and_restored(open_page: Opener, alice: User, firm: Company) -> None:
    contact = Contact.objects.get(first_name="Nadia")
    page = open_page(alice, lang="en")
    page.goto(contact.get_absolute_url())
    page.get_by_role("button", name="More actions").locator("visible=true").click()
    page.get_by_role("button", name="Move to the trash").click()
    expect(page.locator(".toast")).to_contain_text("Nadia Haddad is in the trash")
    page.goto("/contacts/trash/")
    page.get_by_role("button", name="Restore Nadia Haddad").click()
    expect(page.get_by_role("heading", name="Nadia Haddad", level=1)).to_be_visible()
    contact.refresh_from_db()
    assert contact.trashed_at is None


def test_a_company_is_suggested_while_typing(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/new/")
    page.get_by_role("combobox", name="Company", exact=True).press_sequentially("acme")
    expect(page.locator("#company-names option")).to_have_attribute("value", "Acmé Énergie")


# ---- Nothing typed is lost ----


def test_a_session_that_ended_while_typing_loses_nothing(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto(firm.get_absolute_url())
    page.get_by_role("button", name="Sector: Energie, edit").click()
    page.get_by_label("Sector", exact=True).fill("Solar energy")
    Session.objects.all().delete()
    cache.clear()
    page.get_by_label("Sector", exact=True).press("Enter")
    again = page.get_by_role("dialog", name="Your session has ended")
    again.get_by_label("E-mail address").fill("alice@example.com")
    again.get_by_label("Password", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sector: Solar energy, edit")).to_be_visible()
    firm.refresh_from_db()
    assert firm.sector == "Solar energy"


def test_a_whole_form_typed_before_the_session_ended_is_found_again(
    open_page: Opener, alice: User, firm: Company
) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/new/")
    page.get_by_label("Last name").fill("Lemoine")
    page.get_by_label("Notes").fill("Met at the fair")
    Session.objects.all().delete()
    cache.clear()
    page.get_by_role("button", name="Save").click()
    page.get_by_label("E-mail address").fill("alice@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="New contact", level=1)).to_be_visible()
    expect(page.get_by_label("Last name")).to_have_value("Lemoine")
    expect(page.get_by_label("Notes")).to_have_value("Met at the fair")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Lemoine", level=1)).to_be_visible()
    page.goto("/contacts/new/")
    expect(page.get_by_label("Last name")).to_have_value("")


def test_two_clicks_on_save_make_one_contact(open_page: Opener, alice: User, firm: Company) -> None:
    page = open_page(alice, lang="en")
    page.goto("/contacts/new/")
    page.get_by_label("Last name").fill("Lemoine")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_role("heading", name="Lemoine", level=1)).to_be_visible()
    assert Contact.objects.filter(last_name="Lemoine").count() == 1


def test_two_contacts_are_merged_from_the_list(open_page: Opener, alice: User, firm: Company, axe: Axe) -> None:
    for size in ("desktop", "phone"):
        twin = make_contact("Claire", f"Fontaine-{size}", owner=alice, job_title="Acheteuse")
        page = open_page(alice, size=size, lang="en")
        page.goto("/contacts/?sort=name&q=claire")
        boxes = page.locator("[data-row]").locator("input[type=checkbox]")
        boxes.nth(0).check()
        boxes.nth(1).check()
        page.get_by_role("button", name="Merge").click()
        stays = page.get_by_role("group", name="Which record stays")
        stays.get_by_label(twin.last_name).check()
        last_name = page.get_by_role("group", name="Last name")
        expect(last_name.get_by_label(twin.last_name)).to_be_checked()
        expect(stays.get_by_label(twin.last_name)).to_be_focused()
        axe(page)
        no_sideways_scroll(page)
        page.get_by_role("button", name="Merge").click()
        expect(page.get_by_role("heading", name=twin.name, level=1)).to_be_visible()
        expect(page.get_by_role("button", name="Undo").first).to_be_visible()


# ---- The phone ----


def test_on_a_phone_the_list_is_cards_and_the_record_panes(
    open_page: Opener, alice: User, firm: Company, axe: Axe
) -> None:
    contact = Contact.objects.get(first_name="Claire")
    page = open_page(alice, size="phone", lang="en")
    for url in ("/contacts/", "/companies/", "/groups/", "/contacts/trash/", "/contacts/new/", "/companies/new/"):
        page.goto(url)
        no_sideways_scroll(page)
    page.goto("/contacts/?sort=name")
    card = page.locator("[data-row]", has_text="Claire Fontaine").locator("visible=true")
    expect(card).to_contain_text("Directrice des achats · Acmé Énergie")
    expect(card.get_by_text("Alice Example")).to_be_hidden()
    axe(page)
    covered = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('a').href", [360, 190])
    assert covered.startswith("tel:")
    card.get_by_role("link", name="Claire Fontaine", exact=True).tap()
    expect(page.get_by_role("heading", name="Claire Fontaine", level=1)).to_be_visible()
    no_sideways_scroll(page)
    activity, facts = page.locator("#record-timeline"), page.get_by_text("claire@acme.example", exact=True)
    expect(activity).to_be_visible()
    expect(facts).to_be_hidden()
    page.get_by_role("button", name="Facts").tap()
    expect(facts).to_be_visible()
    expect(activity).to_be_hidden()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Related").tap()
    expect(page.locator("#record-related").get_by_role("link", name="Acmé Énergie")).to_be_visible()
    no_sideways_scroll(page)
    page.goto(reverse("contacts:contact_edit", args=[contact.pk]))
    no_sideways_scroll(page)
    axe(page)


SMALL_TARGETS = """() => [...document.querySelectorAll(
    'button, a.btn, a.iconlink, input, select, a.chip, .tabs a, .seg button')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .map((each) => ({ box: (each.closest('label.hit, label.opt') ?? each).getBoundingClientRect(), each }))
  .filter(({ box }) => box.width > 1 && box.height > 1 && box.height < 39.5)
  .map(({ box, each }) => `${each.outerHTML.slice(0, 160)}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""


@pytest.mark.parametrize("path", ["/contacts/", "/contacts/new/", "record", "/groups/"])
def test_targets_on_a_phone_are_large_enough(open_page: Opener, alice: User, firm: Company, path: str) -> None:
    page = open_page(alice, size="phone", lang="en")
    page.goto(Contact.objects.get(first_name="Claire").get_absolute_url() if path == "record" else path)
    small = page.evaluate(SMALL_TARGETS)
    assert small == []


# ---- 0 violations of axe, light and dark ----


def test_pages_are_accessible(open_page: Opener, alice: User, firm: Company, axe: Axe) -> None:
    contact, group = Contact.objects.get(first_name="Claire"), make_group("Fair", owner=alice)
    group.memberships.create(contact=contact)
    services.add_tag(Contact.objects.filter(pk=contact.pk), Tag.objects.get(), by=alice)
    services.save_edit(contact, {"job_title": "Présidente", "do_not_call": True, "consent": "refused"}, by=alice)
    trashed = make_contact("Gone", "Away", owner=alice)
    services.trash(Contact.objects.filter(pk=trashed.pk), by=alice)
    page = open_page(alice, lang="fr")
    for path in (
        "/contacts/?view=all&lifecycle=lead&q=c",
        "/companies/",
        "/groups/",
        "/contacts/?q=nobody",
        "/contacts/?lifecycle=martian",
        "/contacts/trash/",
        "/companies/trash/",
        "/contacts/new/",
        contact.get_absolute_url(),
        firm.get_absolute_url(),
        group.get_absolute_url(),
        trashed.get_absolute_url(),
        reverse("contacts:contact_edit", args=[contact.pk]),
        reverse("contacts:company_edit", args=[firm.pk]),
        reverse("contacts:contact_field", args=[contact.pk, "lifecycle"]),
        reverse("contacts:contact_preview", args=[contact.pk]),
        reverse("contacts:membership_edit", args=["contact", contact.pk]),
        reverse("contacts:tags_edit", args=["contact", contact.pk]),
        reverse("contacts:point_create", args=["contact", contact.pk, "email"]),
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        axe(page)
        no_sideways_scroll(page)


def test_empty_pages_are_accessible(open_page: Opener, axe: Axe) -> None:
    page = open_page(make_user(language="en"))
    for path in ("/contacts/", "/companies/", "/groups/", "/contacts/trash/"):
        page.goto(path)
        axe(page)


def test_forms_with_errors_and_what_opens_over_the_page_are_accessible(
    open_page: Opener, alice: User, firm: Company, axe: Axe
) -> None:
    contact = Contact.objects.get(first_name="Claire")
    page = open_page(alice, lang="en")
    page.goto("/contacts/new/")
    page.get_by_role("textbox", name="Phone").fill("letters")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe(page)
    page.goto("/contacts/?sort=name")
    page.get_by_label("Tick Claire Fontaine").check()
    axe(page)
    for button in ("Columns", "Filter", "Sorted by Name"):
        page.get_by_role("button", name=button).first.click()
        axe(page)
        page.keyboard.press("Escape")
    page.get_by_role("link", name="Preview Claire Fontaine").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    page.goto(contact.get_absolute_url())
    page.get_by_role("button", name="More actions").locator("visible=true").click()
    axe(page)
    page.keyboard.press("Escape")
    for name in ("Put into a group", "Edit the categories", "Tie to a company"):
        page.get_by_role("link", name=name).click()
        expect(page.locator("#dialog")).to_be_visible()
        axe(page)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Job title: Directrice des achats, edit").click()
    expect(page.get_by_label("Job title", exact=True)).to_be_focused()
    axe(page)
