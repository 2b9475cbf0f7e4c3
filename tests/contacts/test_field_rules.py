"""Fields that a role may not see or not change: no page, list, search, file or history tells or takes them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.urls import reverse

from contacts.models import Affiliation, Contact, Email, PostalAddress
from contacts.palette import find_companies, find_contacts
from contacts.record_types import COMPANY, CONTACT
from crm.access.models import FieldRule, Right, Role, User
from crm.access.rights import Act, Level, Scope
from crm.console.services import fields, roles
from crm.console.services.field_rules import set_levels
from crm.lists.bulk import work_off
from crm.lists.fields import RecordType
from crm.lists.models import BulkRun, SavedView
from crm.lists.state import read_state
from crm.records import services
from crm.records.custom import CustomField
from crm.records.models import Changeset, Event
from crm.records.search import Asked, words_of
from crm.records.services import Refused, save_edit
from crm.records.undo import undo
from integrations.models import ImportRun
from integrations.services import commit_import, plan_import, request_commit, request_plan, start_import
from tests.factories import make_affiliation, make_company, make_contact
from tests.people import SignIn

pytestmark = pytest.mark.django_db
HIDDEN, READ, EDIT = Level
SECRET = "Saffron"
LIST = reverse("contacts:contact_list")


@pytest.fixture
def rep() -> Role:
    return Role.objects.get(slug="sales-rep")


@pytest.fixture
def rule(rep: Role, dana: User) -> Any:
    """Keep a field from alice's role: rule("job_title", HIDDEN)."""

    def rule(name: str, level: Level, type_: RecordType = CONTACT) -> None:
        set_levels(type_, {(rep.pk, name): level}, by=dana)

    return rule


def may(role: Role, act: Act, scope: Scope = Scope.ALL) -> None:
    for type_ in (CONTACT, COMPANY):
        Right.objects.filter(role=role, kind=type_.kind, act=act).update(scope=scope)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def page_of(contact: Contact) -> str:
    return reverse("contacts:contact_detail", args=[contact.pk]) + "?whole"


@pytest.fixture
def added(dana: User) -> CustomField:
    field = CustomField(type="contact", label="Budget", kind=CustomField.Kind.TEXT)
    fields.create_field(field, by=dana)
    return field


# ---- Rights ----


def test_a_rule_holds_where_every_role_of_the_user_has_one_and_the_mildest_counts(
    alice: User, dana: User, rule: Any, django_assert_num_queries: Any
) -> None:
    rule("notes", HIDDEN)
    with django_assert_num_queries(1):
        assert not alice.rights.sees("contacts.contact", "notes")
    other = Role.objects.get(slug="read-only")
    alice.roles.add(other)
    assert fresh(alice).rights.writes("contacts.contact", "notes")

    FieldRule.objects.create(role=other, kind="contacts.contact", field="notes", level=READ)
    rights = fresh(alice).rights
    assert rights.sees("contacts.contact", "notes") and not rights.writes("contacts.contact", "notes")


def test_administrators_are_kept_from_nothing(dana: User) -> None:
    administrator = Role.objects.get(slug="administrator")
    FieldRule.objects.create(role=administrator, kind="contacts.contact", field="notes", level=HIDDEN)
    assert fresh(dana).rights.writes("contacts.contact", "notes")


def test_a_copy_of_a_role_has_its_rules(rep: Role, rule: Any, dana: User) -> None:
    rule("notes", READ)
    copy, _changeset = roles.create_role("Copie", "Copy", copy_of=rep, by=dana)
    assert list(copy.field_rules.values_list("field", "level")) == [("notes", READ)]


# ---- The page, the form, the cell ----


@pytest.mark.parametrize("name", ["job_title", "department", "notes", "source", "c_budget"])
def test_a_hidden_field_is_nowhere_on_the_page_and_cannot_be_edited(
    name: str, alice: User, rule: Any, added: CustomField, sign_in: SignIn
) -> None:
    own = {"custom": {name: SECRET}} if name == added.slug else {name: SECRET}
    contact = make_contact(owner=alice, **own)
    place = make_affiliation(contact, make_company(owner=alice), role=SECRET if name == "job_title" else "")
    client = sign_in(alice)
    shown = [
        page_of(contact),
        reverse("contacts:contact_preview", args=[contact.pk]),
        reverse("contacts:contact_edit", args=[contact.pk]),
        reverse("contacts:company_detail", args=[place.company_id]) + "?whole",
        f"{LIST}?columns=name,{name}",
        f"{reverse('ui:palette')}?q=fontaine",
    ]
    assert any(SECRET in client.get(url).text for url in shown)

    rule(name, HIDDEN)

    for url in shown:
        answer = client.get(url)
        assert answer.status_code == 200 and SECRET not in answer.text, url
    field = reverse("contacts:contact_field", args=[contact.pk, name])
    assert client.get(field).status_code == client.get(f"{field}?rest=1").status_code == 404
    assert client.post(field, {name: "x", "as_read": "{}"}).status_code == 404
    client.post(shown[2], {"last_name": "Fontaine", "lifecycle": "lead", name: "x", "as_read": "{}"})
    contact.refresh_from_db()
    assert SECRET in (contact.custom.get(name), getattr(contact, name, None))


def test_a_field_to_be_read_only_is_shown_and_not_changed(
    alice: User, rule: Any, added: CustomField, sign_in: SignIn
) -> None:
    contact = make_contact(owner=alice, department=SECRET, custom={added.slug: SECRET})
    client = sign_in(alice)
    for name in ("department", added.slug):
        rule(name, READ)
        field = reverse("contacts:contact_field", args=[contact.pk, name])
        page = client.get(page_of(contact)).text
        assert SECRET in page and field not in page
        assert name not in client.get(reverse("contacts:contact_edit", args=[contact.pk])).context["form"].fields
        assert client.get(field).status_code == 403
        assert client.post(field, {name: "x", "as_read": "{}"}).status_code == 403
        listed = client.get(f"{LIST}?columns=name,{name}").text
        assert SECRET in listed and f'data-edit="{name}"' not in listed
    contact.refresh_from_db()
    assert contact.department == contact.custom[added.slug] == SECRET


def test_a_field_that_is_required_and_kept_from_the_user_does_not_stop_them(
    alice: User, rule: Any, dana: User, sign_in: SignIn
) -> None:
    code = CustomField(type="contact", label="Code", kind="text", is_required=True, default="A1")
    fields.create_field(code, by=dana)
    rule(code.slug, HIDDEN)
    typed = {"last_name": "Fontaine", "lifecycle": "lead", "owner": alice.pk, code.slug: "x"}
    assert sign_in(alice).post(reverse("contacts:contact_create"), typed).status_code == 303
    assert Contact.objects.get().custom == {code.slug: "A1"}


@pytest.mark.parametrize(("kind", "name"), [("email", "email"), ("phone", "phone")])
def test_ways_to_reach_somebody_are_hidden_or_read_only_too(
    kind: str, name: str, alice: User, rule: Any, sign_in: SignIn
) -> None:
    contact = make_contact(owner=alice, email="saffron@example.com", phone="+33612489017")
    values = {"email": "saffron@", "phone": "12 48 90 17"}
    row = getattr(contact, f"{kind}s").get()
    client = sign_in(alice)
    acts = [
        reverse("contacts:point_edit", args=[kind, row.pk]),
        reverse("contacts:point_create", args=["contact", contact.pk, kind]),
    ]
    pages = [page_of(contact), reverse("contacts:contact_preview", args=[contact.pk]), LIST]
    pages.append(f"{LIST}?columns=name,{name}")

    def text(url: str) -> str:
        return client.get(url).text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")

    rule(name, READ)
    assert values[kind] in text(pages[0])
    assert acts[0] not in text(pages[0]) and acts[1] not in text(pages[0])
    assert [client.get(url).status_code for url in acts] == [403, 403]
    assert client.post(reverse("contacts:point_remove", args=[kind, row.pk])).status_code == 403

    rule(name, HIDDEN)
    for url in pages:
        shown = text(url)
        assert (values[kind] not in shown and "+33612489017" not in shown.replace("12 48", "")) or kind == "email", url
        assert values[kind] not in shown, url
    assert [client.get(url).status_code for url in acts] == [404, 404]
    created = reverse("contacts:contact_create")
    client.post(created, {"last_name": "New", "lifecycle": "lead", "email": "n@example.com", "phone": "0612489018"})
    made = Contact.objects.get(last_name="New")
    assert made.emails.count() == (0 if kind == "email" else 1)
    assert made.phones.count() == (0 if kind == "phone" else 1)


# ---- Lists ----


def test_a_hidden_field_neither_filters_nor_sorts_nor_counts(alice: User, rule: Any, added: CustomField) -> None:
    make_contact("Found", owner=alice, department=SECRET, custom={added.slug: SECRET}, email="saffron@example.com")
    make_contact("Other", owner=alice)
    asked = [
        "department__contains=saffron",
        "department__empty=0",
        "c_budget__contains=saffron",
        "email__contains=saff",
    ]
    for query in asked:
        state = read_state(QueryDict(f"view=all&{query}"), CONTACT, fresh(alice))
        assert [row.first_name for row in state.rows()] == ["Found"]
    for name in ("department", added.slug, "email"):
        rule(name, HIDDEN)
    for query in asked:
        state = read_state(QueryDict(f"view=all&{query}&columns=name,department,c_budget"), CONTACT, fresh(alice))
        assert state.problems and not state.filters and state.rows().count() == 2
        assert [column.slug for column in state.columns] == ["name"]


def test_facts_of_a_company_hidden_there_find_nobody_among_people(alice: User, rule: Any) -> None:
    company = make_company(owner=alice, sector=SECRET)
    make_affiliation(make_contact(owner=alice), company)
    rule("sector", HIDDEN, COMPANY)
    state = read_state(QueryDict("view=all&company_sector__contains=saffron"), CONTACT, fresh(alice))
    assert state.problems and not state.filters
    shown = [result.detail for result in find_companies(Asked(fresh(alice), [["valmont"]]))]
    assert shown == [""]


def test_the_palette_does_not_tell_a_city_where_addresses_are_hidden(alice: User, rule: Any) -> None:
    PostalAddress.objects.create(company=make_company(owner=alice), city=SECRET)
    assert [result.detail for result in find_companies(Asked(fresh(alice), [["valmont"]]))] == [SECRET]
    rule("postaladdress", HIDDEN, COMPANY)
    assert [result.detail for result in find_companies(Asked(fresh(alice), [["valmont"]]))] == [""]


def test_a_saved_view_that_names_a_hidden_field_shows_no_more_than_the_rest_of_it(
    alice: User, dana: User, rule: Any, sign_in: SignIn
) -> None:
    make_contact("Found", owner=alice, department=SECRET)
    make_contact("Other", owner=alice)
    view = SavedView.objects.create(
        owner=dana, type="contact", name="Spices", sharing="everyone", query="view=all&department__contains=saffron",
        columns=["name", "department"],
    )  # fmt: skip
    rule("department", HIDDEN)
    client = sign_in(alice)

    page = client.get(LIST + view.address)
    assert SECRET not in page.text and page.context["state"].problems
    segment = client.get(f"{LIST}?view=all&segment={view.pk}")
    assert segment.context["state"].problems  # it cannot be told who is in it
    run = BulkRun.objects.create(by=alice, type="contact", act="trash", query=view.query, title="Trash")
    work_off(run.pk)
    run.refresh_from_db()
    assert run.status == BulkRun.Status.FAILED and Contact.objects.filter(trashed_at__isnull=True).count() == 2


@pytest.mark.parametrize("level", [HIDDEN, READ])
def test_many_rows_are_not_given_what_one_may_not_change(
    level: Level, alice: User, rule: Any, added: CustomField, sign_in: SignIn
) -> None:
    contact = make_contact(owner=alice, department=SECRET)
    client, url = sign_in(alice), reverse("contacts:contact_bulk")
    for name in ("department", added.slug):
        rule(name, level)
        typed = {"act": "set", "field": name, "value": "1", name: "x", "pk": [contact.pk]}
        assert client.post(url, typed).status_code == 422
        chosen = f'{{"field": "{name}", "data": {{"{name}": ["x"]}}}}'
        run = BulkRun.objects.create(by=alice, type="contact", act="set", choice=chosen, query="view=all", title="Set")
        work_off(run.pk)
        run.refresh_from_db()
        assert run.left == {"You may not change this field.": 1}
    contact.refresh_from_db()
    assert (contact.department, contact.custom) == (SECRET, {})


# ---- Search ----


def test_a_hidden_address_or_number_finds_nobody_and_names_still_do(alice: User, bob: User, rule: Any) -> None:
    contact = make_contact(
        "Jean-Pierre", "Fontaine", owner=alice, email="saffron.spice@example.com", phone="+33612489017"
    )
    make_affiliation(contact, make_company(owner=alice))
    words = ["saffron", "spice", "example.com", "0612489017", "612 48", "fontaine saffron"]
    names = ["fontaine", "pierre", "jean-p", "valmont", "font jean", "fontaine valmont"]

    def found(user: User, typed: str) -> set[int]:
        """By the palette and by the list's field."""
        rows: Any = Contact.objects.visible_to(user)
        listed = rows.search(typed, user).values_list("pk", flat=True)
        palette = [result.who.pk for result in find_contacts(Asked(user, [words_of(typed)]))]
        assert set(palette) == set(listed)
        return set(palette)

    assert all(found(fresh(alice), typed) for typed in ["saffron", "0612489017", *names])
    rule("phone", HIDDEN)
    for user in (fresh(alice), fresh(bob)):
        assert [typed for typed in words if found(user, typed)] == []
        assert [typed for typed in names if not found(user, typed)] == []


# ---- Files ----


@pytest.mark.parametrize("file_format", ["csv", "vcf"])
def test_an_export_leaves_out_what_is_hidden(
    file_format: str, alice: User, rep: Role, rule: Any, sign_in: SignIn
) -> None:
    may(rep, Act.EXPORT)
    make_contact(owner=alice, department=SECRET, email="saffron@example.com", job_title="Director")
    client, url = sign_in(alice), f"{reverse('integrations:export_list', args=['contact'])}?format={file_format}"

    def file() -> str:
        answer: Any = client.get(url)
        return b"".join(answer.streaming_content).decode()

    assert SECRET in file() and "saffron@" in file()
    rule("department", HIDDEN)
    rule("email", HIDDEN)
    assert SECRET not in file() and "saffron@" not in file() and "Director" in file()
    if file_format == "csv":
        headers = next(csv.reader(io.StringIO(file().removeprefix("\ufeff"))))
        assert "Department" not in headers and not [each for each in headers if "mail address" in each]


def imported(by: User, text: str, mapping: list[str], **rules: Any) -> ImportRun:
    run = start_import(ContentFile(text.encode(), name="people.csv"), by=by, kind="contacts")
    request_plan(run, mapping, {"on_match": "update", **rules}, here=True)
    plan_import(run)
    run.refresh_from_db()
    return run


def test_an_import_neither_fills_in_nor_recognises_by_what_is_hidden(alice: User, rule: Any, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, email="saffron@example.com", department="Old")
    rule("email", HIDDEN)
    rule("department", READ)
    text = "First name,Last name,E-mail,Department\nA,B,saffron@example.com,New\n"
    run = start_import(ContentFile(text.encode(), name="people.csv"), by=fresh(alice), kind="contacts")
    assert run.mapping == ["first_name", "last_name", "", "department"]
    page = sign_in(alice).get(reverse("integrations:import_map", args=[run.pk])).text
    assert "your role may not fill in this field" in page and '<option value="email"' not in page

    run = imported(fresh(alice), text, ["first_name", "last_name", "email", "department"])

    assert run.counts == {"create": 1, "total": 1}
    reasons = [error["reason"] for error in run.rows.get().errors]
    assert len(reasons) == 2 and all("your role may not change it" in reason for reason in reasons)
    request_commit(run, here=True)
    commit_import(run)
    made = Contact.objects.get(first_name="A")
    assert made.department == "" and not made.emails.exists()
    contact.refresh_from_db()
    assert contact.department == "Old"


def test_a_read_only_address_recognises_and_is_not_written(alice: User, rule: Any) -> None:
    contact = make_contact(owner=alice, email="saffron@example.com")
    rule("email", READ)
    text = "E-mail,E-mail 2,Job title\nsaffron@example.com,new@example.com,Director\nnobody@example.com,,Director\n"
    run = imported(fresh(alice), text, ["email", "email", "job_title"])
    assert run.counts == {"update": 1, "fail": 1, "total": 2}
    request_commit(run, here=True)
    commit_import(run)
    contact.refresh_from_db()
    assert contact.job_title == "Director" and contact.emails.count() == 1


def test_rights_that_changed_since_the_check_ask_for_another_one(alice: User, rule: Any) -> None:
    run = imported(fresh(alice), "Last name,Department\nB,New\n", ["last_name", "department"])
    rule("department", HIDDEN)
    with pytest.raises(Refused, match="have the rows checked again"):
        request_commit(run, here=True)


# ---- History, undo, merge ----


def test_the_history_tells_no_hidden_value(
    alice: User, dana: User, rule: Any, added: CustomField, sign_in: SignIn
) -> None:
    contact = make_contact(owner=alice)
    save_edit(contact, {"department": SECRET, added.slug: SECRET}, by=dana)
    services.add_child(Email(contact=contact, address="saffron@example.com"), by=dana)
    client = sign_in(alice)
    assert client.get(page_of(contact)).text.count(SECRET) >= 2
    for name in ("department", added.slug, "email"):
        rule(name, HIDDEN)
    timeline = client.get(page_of(contact)).text
    assert SECRET not in timeline and "saffron@" not in timeline


def test_another_ones_change_of_a_field_kept_from_the_user_is_not_undone_by_them(
    alice: User, dana: User, rule: Any
) -> None:
    contact = make_contact(owner=alice)
    saved = save_edit(contact, {"department": SECRET, "job_title": "Director"}, by=dana)
    added = services.add_child(Email(contact=contact, address="saffron@example.com"), by=dana)
    rule("department", HIDDEN)
    rule("email", HIDDEN)
    assert saved.changeset and added.changeset

    done = undo(saved.changeset, by=fresh(alice))

    contact.refresh_from_db()
    assert (contact.department, contact.job_title) == (SECRET, "")
    assert [left.why for left in done.left] == ["Your role may not change some of its fields."]
    with pytest.raises(Refused):
        undo(added.changeset, by=fresh(alice))
    assert contact.emails.exists()


def test_a_merge_neither_shows_nor_asks_what_is_kept_from_the_user(alice: User, rule: Any, sign_in: SignIn) -> None:
    one = make_contact(owner=alice, department=SECRET, source="Fair")
    two = make_contact(owner=alice, department="Other", source="Web", email="saffron@example.com")
    rule("department", HIDDEN)
    rule("source", READ)
    rule("email", HIDDEN)
    client, url = sign_in(alice), reverse("contacts:contact_merge")
    page = client.get(f"{url}?pk={one.pk}&pk={two.pk}").text
    assert SECRET not in page and 'name="department"' not in page and 'name="source"' not in page
    assert "e-mail addresses" not in page.lower()

    typed = {"pk": [one.pk, two.pk], "stays": one.pk, "department": two.pk, "source": two.pk}
    assert client.post(url, typed).status_code == 303

    one.refresh_from_db()
    assert (one.department, one.source) == (SECRET, "Fair") and one.emails.exists()
    undo(Changeset.objects.get(source=Changeset.Source.MERGE), by=fresh(alice))
    two.refresh_from_db()
    assert two.merged_into is None and two.emails.exists()


def test_a_conflict_names_no_hidden_field(alice: User, dana: User, rule: Any, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, source="Fair")
    rule("department", HIDDEN)
    client, url = sign_in(alice), reverse("contacts:contact_edit", args=[contact.pk])
    drawn = client.get(url).context["form"]["as_read"].value()
    save_edit(contact, {"department": SECRET, "source": "Web"}, by=dana)
    typed = {"first_name": "Claire", "last_name": "Fontaine", "lifecycle": "lead", "source": "Phone", "as_read": drawn}
    answer = client.post(url, typed)
    assert answer.status_code == 409 and "Web" in answer.text and SECRET not in answer.text


def test_the_role_in_a_company_follows_the_job_title(alice: User, rule: Any, sign_in: SignIn) -> None:
    place = make_affiliation(make_contact(owner=alice), make_company(owner=alice), role=SECRET)
    rule("job_title", HIDDEN)
    client = sign_in(alice)
    form = client.get(reverse("contacts:affiliation_edit", args=[place.pk])).text
    assert SECRET not in form and 'name="role"' not in form
    assert SECRET not in client.get(page_of(place.contact)).text
    assert Affiliation.objects.get().role == SECRET


# ---- The console ----


def test_an_administrator_sets_rules_reads_them_and_takes_them_back(
    dana: User, alice: User, rep: Role, sign_in: SignIn
) -> None:
    client, url = sign_in(dana), reverse("console:field_rules", args=["contact"])
    page = client.get(url)
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert "Administrator" not in [str(role) for role in form.roles]

    client.post(url, {**typed, f"{rep.pk}:department": HIDDEN, f"{rep.pk}:email": READ})

    assert dict(FieldRule.objects.values_list("field", "level")) == {"department": HIDDEN, "email": READ}
    assert Event.objects.get(verb="role.field_rules_changed").data["fields"] == [
        "contacts.contact.department",
        "contacts.contact.email",
    ]
    shown = client.get(reverse("console:user_edit", args=[alice.pk])).text
    assert "Department" in shown and "Read only" in shown
    assert "contacts · Department" in client.get(reverse("console:audit")).text.replace("Contacts ·", "contacts ·")
    # What somebody else set since the page was drawn stays.
    FieldRule.objects.filter(field="email").update(level=HIDDEN)
    client.post(url, {**typed, f"{rep.pk}:department": HIDDEN})
    assert FieldRule.objects.get(field="email").level == HIDDEN
    undo(Changeset.objects.get(source=Changeset.Source.SETTINGS), by=dana)
    assert not FieldRule.objects.filter(field="department").exists()


def test_a_refusal_to_be_called_cannot_be_hidden(dana: User, rep: Role, sign_in: SignIn) -> None:
    client, url = sign_in(dana), reverse("console:field_rules", args=["contact"])
    form = client.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert client.post(url, {**typed, f"{rep.pk}:do_not_call": HIDDEN}).status_code == 422
