"""The import in Chromium: by hand from file to undo, readable by everybody, on a phone as on a desk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Company
from tests.browser import Opener
from tests.factories import make_team, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
WORK = 60_000


@pytest.fixture(autouse=True)
def _storage(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))  # for the worker


@pytest.mark.usefixtures("worker")
def test_from_file_to_undo(open_page: Opener, axe: Callable[[Page], None], data_dir: Path) -> None:
    rep = make_user("rep", team=make_team("Sales"), language="en")
    page = open_page(user=rep)
    page.goto("/companies/")
    page.get_by_role("link", name="Import", exact=True).first.click()
    axe(page)
    page.get_by_label("File").set_input_files(data_dir / "crm-sales-opportunities" / "accounts.csv")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("office_location")).to_have_value("work_country")
    axe(page)
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("button", name="Import 85 rows").click(timeout=WORK)
    expect(page.get_by_text("The import is done.")).to_be_visible(timeout=WORK)
    axe(page)
    assert Company.objects.count() == 85
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("This import was undone.")).to_be_visible(timeout=WORK)
    assert not Company.objects.exists()
    page.get_by_role("link", name="All imports").click()
    expect(page.get_by_role("link", name="accounts.csv")).to_be_visible()
    axe(page)


@pytest.mark.usefixtures("worker")
def test_errors_and_changes_on_a_phone(open_page: Opener, axe: Callable[[Page], None], data_dir: Path) -> None:
    page = open_page(user=make_user("rep", team=make_team("Sales"), language="fr"), size="phone")
    page.goto("/imports/new/")
    page.get_by_label("Fichier").set_input_files(data_dir / "contacts" / "not_csv_xlsx_renamed.csv")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("endommagé ou tronqué")
    page.get_by_label("Fichier").set_input_files(data_dir / "contacts" / "hubspot_contacts.csv")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Lifecycle Stage")).to_have_value("lifecycle")
    assert page.evaluate(SIDEWAYS) <= 0
    axe(page)
    page.get_by_role("button", name="Contrôler les lignes").click()
    expect(page.get_by_text("ni nom, ni adresse e-mail, ni société")).to_be_visible(timeout=WORK)
    assert page.evaluate(SIDEWAYS) <= 0
    axe(page)
