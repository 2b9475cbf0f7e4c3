"""The PDF of a quote: what is read in it, amounts to the cent, its own language, and nothing fetched from outside."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from crm.access.models import User
from crm.records.models import Organisation
from opportunities import lines, quotes
from opportunities.models import DealLine, Opportunity, Quote
from opportunities.totals import line_total, totals_of
from tests.factories import make_company, make_deal
from tests.people import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(alice: User, settings: Any, tmp_path: Any) -> Opportunity:
    settings.MEDIA_ROOT = tmp_path
    organisation = Organisation.objects.get(pk=1)
    organisation.name, organisation.legal_mentions = "Boréal Énergie", "SAS au capital de 50 000 € · SIREN 552 100 554"
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(picture, "PNG")
    organisation.logo.save("logo.png", ContentFile(picture.getvalue()))
    company = make_company("Groupe Valmont", owner=alice, siren="732829320", vat_number="FR44732829320")
    deal = make_deal("Canopies", owner=alice, company=company)
    for values in (
        {"label": "Ombrière", "quantity": Decimal(2), "price": Decimal(58500)},
        {"label": "Modules", "quantity": Decimal(336), "price": Decimal("158.50"), "discount": Decimal(8)},
        {"label": "Supervision", "price": Decimal("99.99"), "vat_rate": Decimal("5.5"), "is_recurring": True},
        {"label": "<img src='http://127.0.0.1:9/x'> <script>x</script>", "price": Decimal("0.01")},
    ):
        lines.add(DealLine(opportunity=deal, **values), by=alice)
    return deal


def read(client: Any, quote: Quote) -> tuple[str, PdfReader]:
    """The text with plain spaces, and the document."""
    answer = client.get(reverse("opportunities:quote_pdf", args=[quote.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    document = PdfReader(io.BytesIO(answer.content))
    text = "\n".join(page.extract_text() for page in document.pages)
    return " ".join(text.split()), document


def euros(amount: Decimal) -> str:
    whole, cents = f"{amount:.2f}".split(".")
    return f"{int(whole):,}".replace(",", " ") + f",{cents} €"


def test_a_french_quote_says_what_it_must(deal: Opportunity, alice: User, sign_in: SignIn) -> None:
    draft = quotes.make(deal, by=alice)
    Quote.objects.filter(pk=draft.pk).update(language="fr")
    quote = quotes.send(draft, by=alice)
    text, document = read(sign_in(alice), quote)
    for words in (
        *("Devis", quote.number, "Émis le", "Valable jusqu’au", "Boréal Énergie", "SIREN 552 100 554"),
        *("Groupe Valmont", "732 829 320", "FR 44 732 829 320", "Bon pour accord", "TVA 5,5 %", "8 %"),
        "<script>x</script>",
    ):
        assert words in text, (words, text)
    rows = list(quote.lines.all())
    totals = totals_of(rows, "EUR")
    amounts = [line_total(row, "EUR") for row in rows] + [totals.once, totals.recurring, totals.net, totals.gross]
    for amount in [*amounts, *(each.vat for each in totals.rates), *(each.net for each in totals.rates)]:
        assert euros(amount) in text, (amount, text)
    assert sum(amounts[:4]) == totals.net == Decimal("166095.52")
    pictures = [image for page in document.pages for image in page.images]
    assert len(pictures) == 1, "the logo, and nothing that text asks for"


def test_a_quote_is_in_its_own_language_and_a_draft_says_that_it_is_one(
    deal: Opportunity, alice: User, sign_in: SignIn
) -> None:
    quote = quotes.make(deal, by=alice)
    Quote.objects.filter(pk=quote.pk).update(language="en")
    text, _document = read(sign_in(alice), quote)
    assert "Draft: not an offer" in text and "€117,000.00" in text and "Agreed and accepted" in text
