"""Every address of the product, as anonymous, as a colleague of another team, and as a read-only user.

A new address without a line in `KINDS` fails here: say what it is, and the walk says whether it keeps its word.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from contacts.models import ContactPair, Email, Link, Membership, PostalAddress
from crm.access.models import User
from crm.history import TRACKED
from crm.lists.models import BulkRun, SavedView
from crm.records import services
from crm.records.models import Changeset
from integrations.models import ExportRun, ImportRow, ImportRun
from opportunities import people, quotes
from opportunities.models import DealContact, DealLine, Price, Quote
from tests.factories import (
    make_affiliation,
    make_company,
    make_contact,
    make_deal,
    make_group,
    make_product,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
Answers = frozenset[int]


def answers(*codes: int) -> Answers:
    return frozenset(codes)


class Kind(Enum):
    """What an address is: the answers to an outsider's GET and POST, then to a read-only user's GET and POST."""

    LIST = (answers(200), answers(405), answers(200), answers(405))
    SEE = (answers(404), answers(404, 405), answers(200), answers(405))
    CHANGE = (answers(404), answers(404), answers(403), answers(403))
    ACT = (answers(404, 405), answers(404), answers(405), answers(403))
    RESTORE = (answers(404, 405), answers(404), answers(405), answers(403, 404))
    # Whoever sees a record may put it into a group of theirs; a changeset is a key that names no record.
    SHARE = (answers(404), answers(404), answers(200), answers(403))
    GROUPS = (answers(404), answers(404), answers(200), answers(404))
    UNDO = (answers(405), answers(404, 409), answers(405), answers(403, 409))
    CREATE = (answers(200), answers(422), answers(403), answers(403))
    # Somebody else's import is nobody's; what may be exported depends on the role alone, and these roles may not.
    PRIVATE = (answers(404, 405), answers(404, 405), answers(404, 405), answers(404, 405))
    EXPORT = (answers(403), answers(403), answers(403), answers(403))
    BULK = (answers(405), answers(204, 302, 303), answers(405), answers(204, 302, 303, 403))
    MERGE = (answers(403, 422), answers(403, 404, 422), answers(403), answers(403))
    MERGE_WITH = (answers(404), answers(405), answers(403), answers(405))
    # A run of one's own, which finds nothing to merge.
    MERGE_CERTAIN = (answers(200), answers(303), answers(403), answers(403))
    TYPED = (answers(405), answers(200), answers(405), answers(403))
    # A search for duplicates reads everything: it is for those who may edit everything.
    SEARCH = (answers(405), answers(403), answers(405), answers(403))
    KEPT_ACT = (answers(405), answers(403, 404), answers(405), answers(403, 404))
    OWN = (
        answers(200, 302),
        answers(200, 204, 302, 303, 405, 422),
        answers(200, 302),
        answers(200, 204, 302, 303, 405, 422),
    )
    # What tells of the whole firm is for those who see all of it, as the read-only user does.
    WHOLE = (answers(403), answers(405), answers(200), answers(405))
    # What tells of a day, and none was named.
    DAY = (answers(422), answers(405), answers(422), answers(405))
    ADMIN = (answers(302, 403, 404), answers(302, 403, 404, 405), answers(302, 403, 404), answers(302, 403, 404, 405))


ALLAUTH = answers(200, 302, 400, 403, 404, 405, 429)
# Open to everybody, signed in or not.
PUBLIC = """
healthz readyz ui:preferences ui:offline ui:service_worker ui:favicon account_email console:invitation_accept
account_login account_logout account_inactive account_signup account_email_verification_sent account_confirm_login_code
account_confirm_email account_reset_password account_reset_password_done account_reset_password_from_key
account_reset_password_from_key_done mfa_authenticate mfa_trust mfa_login_webauthn
""".split()
KINDS = {
    Kind.LIST: """
        contacts:contact_list contacts:contact_count contacts:contact_filter contacts:contact_trash_list
        contacts:company_list contacts:company_count contacts:company_filter contacts:company_trash_list
        contacts:company_suggest ui:record_suggest contacts:contact_duplicates contacts:company_duplicates
        contacts:group_list contacts:group_count contacts:group_filter contacts:group_trash_list
        opportunities:opportunity_list opportunities:opportunity_count opportunities:opportunity_filter
        opportunities:opportunity_trash_list
        opportunities:board opportunities:board_filter opportunities:board_version
        opportunities:months opportunities:months_filter opportunities:target_own opportunities:attainment
        opportunities:forecast opportunities:forecast_filter opportunities:forecast_reasons
        opportunities:product_list opportunities:product_count opportunities:product_filter
        opportunities:product_trash_list opportunities:product_detail opportunities:related_product
        ui:palette ui:shortcuts ui:signed_in integrations:import_list
    """,
    Kind.SEE: """
        contacts:contact_detail contacts:contact_preview contacts:contact_photo
        contacts:company_detail contacts:company_preview
        contacts:group_detail
        opportunities:opportunity_detail opportunities:related_company opportunities:related_contact
        opportunities:line_list opportunities:opportunity_odds
        opportunities:quote_list opportunities:quote_detail opportunities:quote_pdf
    """,
    Kind.KEPT_ACT: """
        opportunities:product_trash opportunities:product_restore opportunities:price_remove opportunities:board_move
    """,
    Kind.SHARE: """
        ui:access
    """,
    Kind.CHANGE: """
        contacts:contact_photo_edit
        contacts:contact_edit contacts:contact_field contacts:affiliation_create
        contacts:company_edit contacts:company_field
        contacts:group_edit
        opportunities:opportunity_edit opportunities:opportunity_field
        opportunities:opportunity_plan opportunities:opportunity_tags opportunities:opportunity_move
        opportunities:part_create opportunities:part_edit opportunities:coowner_create opportunities:coowner_edit
        opportunities:line_create opportunities:line_edit opportunities:quote_edit
        contacts:tags_edit contacts:point_create contacts:point_edit contacts:affiliation_edit
    """,
    Kind.GROUPS: "contacts:membership_edit",
    Kind.UNDO: "ui:undo",
    Kind.ACT: """
        contacts:contact_trash contacts:company_trash contacts:group_trash contacts:pair_apart
        opportunities:opportunity_trash opportunities:opportunity_clone
        opportunities:part_remove opportunities:coowner_remove opportunities:opportunity_reschedule
        opportunities:part_remove opportunities:coowner_remove
        opportunities:opportunity_count_with
        opportunities:line_source opportunities:line_move opportunities:line_remove
        opportunities:quote_create opportunities:quote_lines opportunities:quote_version opportunities:quote_remove
        opportunities:quote_send opportunities:quote_accept opportunities:quote_refuse opportunities:quote_cancel
        contacts:point_remove contacts:point_primary
        contacts:affiliation_end contacts:affiliation_primary contacts:affiliation_remove
        ui:access_end
    """,
    Kind.RESTORE: """
        contacts:contact_restore contacts:company_restore contacts:group_restore opportunities:opportunity_restore
    """,
    Kind.CREATE: """
        contacts:contact_create contacts:company_create contacts:group_create integrations:import_create
        opportunities:opportunity_create
    """,
    Kind.BULK: """
        contacts:contact_bulk contacts:company_bulk contacts:group_bulk
        contacts:contact_columns contacts:company_columns contacts:group_columns
        opportunities:opportunity_bulk opportunities:opportunity_columns
        opportunities:product_bulk opportunities:product_columns
    """,
    Kind.MERGE: "contacts:contact_merge contacts:company_merge",
    Kind.MERGE_WITH: "contacts:contact_merge_with contacts:company_merge_with opportunities:part_suggest",
    Kind.MERGE_CERTAIN: "contacts:contact_merge_certain contacts:company_merge_certain",
    Kind.TYPED: "contacts:contact_twins contacts:company_twins",
    Kind.SEARCH: "contacts:contact_search contacts:company_search",
    Kind.OWN: "ui:view_create ui:bulk_list start ui:account_edit ui:user_photo integrations:export_runs",
    Kind.DAY: "opportunities:deal_changes",
    Kind.WHOLE: "opportunities:forecast_record",
    Kind.ADMIN: """
        ui:components integrations:export_audit
        opportunities:pipeline_list opportunities:pipeline_create opportunities:pipeline_edit
        opportunities:pipeline_move opportunities:pipeline_default opportunities:pipeline_activate
        opportunities:pipeline_deactivate opportunities:pipeline_remove
        opportunities:stage_create opportunities:stage_edit opportunities:stage_move opportunities:stage_remove
        opportunities:reason_list opportunities:reason_create opportunities:reason_edit opportunities:reason_move
        opportunities:reason_active
        opportunities:rate_list opportunities:rate_create opportunities:rate_import opportunities:rate_edit
        opportunities:rate_remove
        opportunities:target_list
    """,
    Kind.PRIVATE: """
        ui:view_edit ui:view_save ui:view_delete ui:view_pin ui:view_default ui:view_count
        ui:bulk_detail ui:bulk_cancel opportunities:board_more opportunities:months_more
        integrations:import_detail integrations:import_map integrations:import_failed
        integrations:import_commit integrations:import_cancel integrations:import_undo
        integrations:import_pause integrations:import_resume integrations:export_file
    """,
    # The catalogue is everybody's to see; who may edit all of it keeps it.
    Kind.EXPORT: """
        integrations:export_list opportunities:product_create opportunities:product_edit opportunities:product_field
        opportunities:price_create opportunities:price_edit opportunities:forecast_call
    """,
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}
# Words of the record that no answer to an outsider may hold.
WORDS = [
    *("Quartzwell", "Zéphirine", "Astrophyllite", "Melanterite", "zq@obsidianne.example", "obsidianne", "0639981122"),
    *("06 39 98 11 22", "33639981122", "Vermiculite", "Pyromorphite", "Kaleidoscopique", "Tourmaline", "quartzwell"),
    *("Lapis", "Ferrugineux", "Hématite", "ZQ-1", "Chrysobéryl", "Andalousite"),
]


class World:
    """A contact, a company and a group of one team, full of words found nowhere else."""

    def __init__(self) -> None:
        west = make_team("West")
        self.alice = make_user("alice", team=west)
        self.alice.photo.save("alice.webp", ContentFile(b"RIFF"))
        own: dict[str, Any] = {"owner": self.alice, "team": west}
        self.contact = make_contact(
            "Zéphirine", "Quartzwell", job_title="Astrophyllite", notes="Melanterite", phone="+33639981122", **own
        )
        self.contact.photo.save("zephirine.webp", ContentFile(b"RIFF"))
        self.company = make_company("Obsidianne Hivernale", sector="Vermiculite", domains=["obsidianne.example"], **own)
        self.group = make_group("Kaleidoscopique", description="Tourmaline", **own)
        self.email = Email.objects.create(contact=self.contact, address="zq@obsidianne.example", is_primary=True)
        PostalAddress.objects.create(contact=self.contact, street="1 rue Pyromorphite")
        Link.objects.create(contact=self.contact, url="https://obsidianne.example/quartzwell")
        self.view = SavedView.objects.create(
            owner=self.alice, type="contact", name="Vermiculite", query="q=Tourmaline", columns=["name"]
        )
        self.place = make_affiliation(self.contact, self.company, role="Astrophyllite")
        Membership.objects.create(group=self.group, contact=self.contact)
        self.deal = make_deal("Lapis Ferrugineux", company=self.company, next_step="Hématite", reference="ZQ-1", **own)
        self.part = DealContact.objects.create(opportunity=self.deal, contact=self.contact, part="decider")
        self.co_owner = people.co_owner(self.deal, self.alice, 10)
        self.co_owner.save()
        self.line = DealLine.objects.create(opportunity=self.deal, label="Chrysobéryl", price=5)
        self.quote = quotes.make(self.deal, by=self.alice)
        Quote.objects.filter(pk=self.quote.pk).update(terms="Andalousite")
        self.product = make_product("Module bifacial")
        self.price = Price.objects.create(product=self.product, currency="EUR", amount=5)
        self.trashed = {
            "opportunity": make_deal("Lapis Ferrugineux", **own),
            "contact": make_contact("Zéphirine", "Quartzwell", **own),
            "company": make_company("Obsidianne Vermiculite", **own),
            "group": make_group("Kaleidoscopique", **own),
        }
        for row in self.trashed.values():
            services.trash(type(row)._default_manager.filter(pk=row.pk), by=self.alice)
        saved = services.save_edit(self.contact, {"department": "Vermiculite"}, by=self.alice)
        self.changeset = saved.changeset or Changeset()
        self.run = ImportRun.objects.create(
            by=self.alice, kind="contacts", file_name="Quartzwell.csv", status="planned", headers=["Tourmaline"]
        )
        ImportRow.objects.create(
            run=self.run, number=2, raw=["Zéphirine"], action="fail", cleaned={"name": "Obsidianne"}
        )

        self.pair = ContactPair.objects.create(
            one=self.contact, two=make_contact("Zéphirine", "Quartzwell", **own), reasons=4, certainty=60
        )
        self.export = ExportRun.objects.create(by=self.alice, type="contact", file_format="csv", status="done")
        self.bulk = BulkRun.objects.create(by=self.alice, type="contact", act="trash", title="Tourmaline", left={})

    def argument(self, name: str, parameter: str) -> Any:
        """A real value for one parameter of one address."""
        noun, _, verb = name.rpartition(":")[2].removeprefix("related_").partition("_")
        rows = {
            "contact": self.contact,
            "company": self.company,
            "group": self.group,
            "opportunity": self.deal,
            "product": self.product,
            "part": self.part,
            "coowner": self.co_owner,
            "price": self.product if verb == "create" else self.price,
            # Of a deal, or a line or quote itself.
            "quote": self.deal if verb in ("list", "create") else self.quote,
            "line": self.deal if verb in ("list", "create", "source") else self.line,
            "point": self.email,
            "affiliation": self.place,
            "user": self.alice,
            "import": self.run,
            "access": self.contact,
            "view": self.view,
            "bulk": self.bulk,
            "pair": self.pair,
            "export": self.export,
            **(self.trashed if verb == "restore" else {}),
        }
        fields = {
            "contact": "job_title",
            "company": "sector",
            "group": "name",
            "opportunity": "next_step",
            "export": "contact",
            "access": "contact",
        }
        known = {
            "pk": rows[noun].pk if noun in rows else 1,
            "contact_pk": self.contact.pk,
            "deal_pk": self.deal.pk,
            "team_pk": self.alice.team_id,
            "month": "2026-01",
            "category": "commit",
            "owner": "contact",
            "owner_pk": self.contact.pk,
            "slug": fields.get(noun, "name"),
            "kind": "email",
            "type": "contact",
            "key": self.changeset.pk if noun == "undo" else "unknown-key",
            "uidb36": "1",
            # Of the admin.
            "object_id": rows.get(verb.partition("_")[0], self.contact).pk,
            "content_type_id": ContentType.objects.get_for_model(type(self.contact)).pk,
            "app_label": "contacts",
            "url": "unknown/",
            "token": "unknown-token",
        }
        return known[parameter]


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


class Address(NamedTuple):
    """One pattern of the URLconf: its full name (its route where it has none), its parameters, its view's module."""

    name: str
    is_named: bool
    parameters: tuple[str, ...]
    module: str

    @property
    def is_allauth(self) -> bool:
        return self.module.startswith("allauth.")

    @property
    def is_admin(self) -> bool:
        return self.name.startswith(("admin:", "admin/", "console:"))

    def url(self, world: World) -> str:
        values = {parameter: world.argument(self.name, parameter) for parameter in self.parameters}
        return reverse(self.name, kwargs=values) if self.is_named else f"/{self.name}"


def addresses(
    resolver: URLResolver, space: str = "", route: str = "", given: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every address of the URLconf."""
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        named = tuple(pattern.regex.groupindex) if isinstance(pattern, RegexPattern) else tuple(pattern.converters)
        path, parameters = route + str(pattern), given + named
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space, path, parameters)
        else:
            module = str(getattr(entry.callback, "__module__", ""))
            yield Address(f"{space}{entry.name}" if entry.name else path, bool(entry.name), parameters, module)


ADDRESSES = list(addresses(get_resolver()))
CLOSED = [address for address in ADDRESSES if address.name not in PUBLIC]


def asked(world: World, client: Client, method: str, url: str, query: str = "") -> tuple[int, str]:
    """Status and everything that comes back: headers, body."""
    body = {
        "pk": [str(world.contact.pk), str(world.company.pk), str(world.group.pk), str(world.deal.pk)],
        "act": "trash",
        "all_matching": "",
        "last_name": "",
        "name": "",
    }
    response = client.get(url, {"view": "all", "q": query}) if method == "GET" else client.post(url, body)
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    text = content.decode(errors="replace")
    return response.status_code, f"{response.headers}\n{text}"


def leaks(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


def snapshot() -> dict[str, list[Any]]:
    """Every versioned business row."""
    rows = (tracked.model for tracked in TRACKED if tracked.model._meta.app_label in ("contacts", "opportunities"))
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in rows}


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_address_says_what_it_is() -> None:
    names = {address.name for address in ADDRESSES}
    ours = {address.name for address in ADDRESSES if not address.is_allauth and not address.is_admin}
    assert sorted(ours - set(KIND_OF) - set(PUBLIC)) == [], "say in KINDS what these are"
    assert sorted((set(KIND_OF) | set(PUBLIC)) - names) == [], "these are no longer addresses"


def test_the_anonymous_are_sent_to_sign_in(world: World) -> None:
    before, wrong = snapshot(), []
    for address in CLOSED:
        url = address.url(world)
        for method in ("GET", "POST"):
            status, text = asked(world, Client(), method, url)
            is_sent = status == 302 and ("/login/" in text or address.name == "admin:logout")
            if not (is_sent or status == 405) or leaks(text):
                wrong.append(f"{address.name}: {method} {status} {leaks(text)}")
        status = Client(headers={"HX-Request": "true"}).get(url).status_code
        if status not in (401, 405) and not address.name.startswith("admin"):  # It has no htmx.
            wrong.append(f"{address.name}: htmx {status}")
    assert not wrong, "\n".join(wrong)
    assert snapshot() == before


def test_public_addresses_hold_nothing_of_records(world: World) -> None:
    wrong = []
    for address in (address for address in ADDRESSES if address.name in PUBLIC):
        for method in ("GET", "POST"):
            status, text = asked(world, Client(), method, address.url(world))
            if status >= 500 or leaks(text):
                wrong.append(f"{address.name}: {method} {status} {leaks(text)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("query", ["quartzwel", "obsidiann", "kaleidoscopiq", "06 39 98"])
def test_an_outsider_searches_in_vain(world: World, query: str) -> None:
    client = as_user(make_user("charlie", team=make_team("South")))
    for address in (address for address in CLOSED if KIND_OF.get(address.name) == Kind.LIST):
        status, text = asked(world, client, "GET", address.url(world), query)
        assert (address.name, status, leaks(text)) == (address.name, 200, [])


@pytest.mark.parametrize(("role", "place"), [("sales-rep", 0), ("read-only", 2)])
def test_rows_are_closed_to_outsiders_and_writes_to_readers(world: World, role: str, place: int) -> None:
    client = as_user(make_user("charlie", role=role, team=make_team("South")))
    before, wrong = snapshot(), []
    for address in CLOSED:
        kind = Kind.ADMIN if address.is_admin else KIND_OF.get(address.name)
        for n, method in enumerate(("GET", "POST")):
            status, text = asked(world, client, method, address.url(world))
            found = leaks(text) if place == 0 else []
            if status not in (kind.value[place + n] if kind else ALLAUTH) or found:
                wrong.append(f"{address.name}: {method} {status} {found}")
    assert not wrong, "\n".join(wrong)
    assert snapshot() == before
