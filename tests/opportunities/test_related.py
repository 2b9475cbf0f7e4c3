"""Deals on the pages of companies and contacts, and the filters that they add to their lists."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.access.models import FieldRule, Right, Role, User
from crm.access.rights import Level, kind_of
from opportunities.models import DealContact, DealLine, Opportunity
from tests.factories import (
    make_affiliation,
    make_company,
    make_contact,
    make_deal,
    make_product,
    make_team,
    make_user,
)
from tests.people import SignIn

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def test_a_company_shows_its_deals_and_what_they_come_to(alice: User, charlie: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    company = make_company("Valmont", owner=alice)
    own: dict[str, Any] = {"owner": alice, "company": company}
    make_deal("Roof", amount=Decimal(1000), **own)
    make_deal("Carport", amount=Decimal(500), currency="USD", **own)
    make_deal("Old", "Won", won_amount=Decimal(300), amount=Decimal(400), closed_on=TODAY(), **own)
    make_deal("Gone", "Lost", amount=Decimal(9000), closed_on=TODAY(), **own)
    make_deal("Secret", amount=Decimal(7777), company=company, owner=charlie)
    panel = f"/companies/{company.pk}/opportunities/"
    assert f'hx-get="{panel}"' in client.get(company.get_absolute_url()).content.decode()
    text = client.get(panel).content.decode()
    assert "<b>€1,000</b>" in text and "<b>€300</b>" in text and "1 is left out" in text
    assert "Secret" not in text
    assert text.index("Roof") < text.index("Old"), "open ones first"
    assert f"/opportunities/new/?company={company.pk}" in text
    listed = client.get(f"/opportunities/?view=all&company={company.pk}").content.decode()
    assert "Roof" in listed and "Gone" in listed and "Secret" not in listed


def test_a_contact_shows_deals_they_take_part_in(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    company, contact = make_company("Valmont", owner=alice), make_contact(owner=alice)
    make_affiliation(contact, company, is_primary=True)
    deal = make_deal("Roof", owner=alice)
    make_deal("Other", owner=alice)
    DealContact.objects.create(opportunity=deal, contact=contact)
    panel = f"/contacts/{contact.pk}/opportunities/"
    assert f'hx-get="{panel}"' in client.get(contact.get_absolute_url()).content.decode()
    text = client.get(panel).content.decode()
    assert "Roof" in text and "Other" not in text
    assert f"/opportunities/new/?contact={contact.pk}&amp;company={company.pk}" in text
    listed = client.get(f"/opportunities/?view=all&contact={contact.pk}").content.decode()
    assert "Roof" in listed and "Other" not in listed


def test_a_product_shows_the_deals_it_is_sold_in(alice: User, charlie: User, sign_in: SignIn) -> None:
    client, product = sign_in(alice), make_product("Ombrière")
    for name, owner in (("Carport", alice), ("Secret", charlie)):
        deal = make_deal(name, owner=owner, amount=Decimal(1000))
        for _twice in range(2):
            DealLine.objects.create(opportunity=deal, product=product, label=product.name, price=5)
    make_deal("Other", owner=alice)
    panel = f"/products/{product.pk}/opportunities/"
    assert f'hx-get="{panel}"' in client.get(product.get_absolute_url()).content.decode()
    text = client.get(panel).content.decode()
    assert text.count("Carport") == 1 and "<b>€1,000</b>" in text and "Other" not in text and "Secret" not in text
    for query in (f"product={product.pk}", "product__contains=ombri"):
        listed = client.get(f"/opportunities/?view=all&{query}").content.decode()
        assert "Carport" in listed and "Other" not in listed and "Secret" not in listed
    FieldRule.objects.create(
        role=Role.objects.get(slug="sales-rep"), kind=kind_of(Opportunity), field="dealline", level=Level.HIDDEN
    )
    assert sign_in(alice).get(panel).status_code == 403
    assert panel not in sign_in(alice).get(product.get_absolute_url()).content.decode()
    assert "Ombrière" not in client.get(f"/opportunities/?view=all&product={product.pk}").content.decode()


def test_a_new_deal_begins_with_company_contact_and_today(alice: User, charlie: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    company, contact = make_company("Valmont", owner=alice), make_contact(owner=alice)
    url = f"/opportunities/new/?company={company.pk}&contact={contact.pk}"
    text = client.get(url).content.decode()
    assert 'value="Valmont"' in text and f'value="{TODAY().isoformat()}"' in text
    form = {"name": "Roof", "company": "Valmont", "stage": "", "currency": "EUR", "category": "pipeline"}
    form["stage"] = str(client.get(url).context["form"].initial["stage"].pk)
    answer = client.post(url, {**form, "owner": alice.pk, "opened_on": TODAY().isoformat()})
    assert answer.status_code == 303, answer.context["form"].errors
    deal = Opportunity.objects.get()
    assert (deal.company, deal.opened_on, [part.contact for part in deal.parts.all()]) == (company, TODAY(), [contact])
    hidden = make_company("Hors de vue", owner=charlie)
    assert "Hors de vue" not in client.get(f"/opportunities/new/?company={hidden.pk}").content.decode()


def test_lists_are_narrowed_to_those_with_or_without_open_deals(alice: User, charlie: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    busy, idle, other = (make_company(name, owner=alice) for name in ("Busy", "Idle", "Other"))
    contact, nobody = make_contact(owner=alice), make_contact("Nadia", "Haddad", owner=alice)
    deal = make_deal(owner=alice, company=busy)
    DealContact.objects.create(opportunity=deal, contact=contact)
    make_deal("Old", "Won", closed_on=TODAY(), owner=alice, company=idle)
    make_deal("Secret", owner=charlie, company=other)

    def names(url: str) -> set[str]:
        return {str(row) for row in client.get(url).context["page"].rows}

    assert names("/companies/?view=all&open_deals=1") == {"Busy"}
    assert names("/companies/?view=all&open_deals=0") == {"Idle", "Other"}
    assert names("/contacts/?view=all&open_deals=1") == {str(contact)}
    assert names("/contacts/?view=all&open_deals=0") == {str(nobody)}


def test_open_deals_without_a_next_step_are_listed(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    day = dt.timedelta(days=1)
    make_deal("Planned", owner=alice, next_step_on=TODAY() + day)
    make_deal("Late", owner=alice, next_step_on=TODAY() - day)
    make_deal("Nothing", owner=alice)
    make_deal("Ended", "Won", closed_on=TODAY(), owner=alice)

    def names(value: str) -> set[str]:
        return {row.name for row in client.get(f"/opportunities/?view=all&planned={value}").context["page"].rows}

    assert names("0") == {"Late", "Nothing"} == {deal.name for deal in Opportunity.objects.unplanned()}
    assert names("1") == {"Planned"}


def test_who_sees_no_deals_is_shown_no_panel(alice: User, sign_in: SignIn) -> None:

    Right.objects.filter(role=Role.objects.get(slug="sales-rep"), kind="opportunities.opportunity").delete()
    company = make_company(owner=alice)
    assert "panel-deals" not in sign_in(alice).get(company.get_absolute_url()).content.decode()


def test_the_panel_costs_the_same_with_many_deals(
    alice: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(alice)
    company = make_company(owner=alice)
    colleague = make_user(team=make_team())
    counts = set()
    for _round in range(2):
        for number in range(9):
            make_deal(f"n{number}", owner=alice, company=company, amount=Decimal(5))
            make_deal(f"m{number}", owner=colleague, company=company)
        url = f"/companies/{company.pk}/opportunities/"
        client.get(url)
        with django_assert_max_num_queries(8) as counted:
            client.get(url)
        counts.add(len(counted.captured_queries))
    assert len(counts) == 1
