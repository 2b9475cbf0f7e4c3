"""Indexes of added fields: built by a worker, seen in the console; sorting once they are there; each value once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.urls import reverse

from contacts.models import Contact
from contacts.record_types import CONTACT
from crm.access.models import User
from crm.console.services import fields
from crm.lists.pages import read_page
from crm.lists.state import ListState, read_state
from crm.records import services
from crm.records.custom import CustomField
from crm.records.custom_indexes import build_all, repeated, state_of
from crm.records.models import Changeset
from crm.records.undo import undo
from integrations.services import plan_import, request_plan, start_import
from tests.factories import make_contact, make_user
from tests.people import SignIn

Kind = CustomField.Kind


@pytest.fixture
def add(dana: User) -> Any:
    def add(label: str, kind: str, **over: Any) -> CustomField:
        field = CustomField(type="contact", label=label, kind=kind, **over)
        fields.create_field(field, by=dana)
        return field

    return add


def state(query: str, user: User, size: int = 2) -> ListState:
    found = read_state(QueryDict(f"view=all&{query}"), CONTACT, User.objects.get(pk=user.pk))
    found.size = size
    return found


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'custom%'")
        return {name for (name,) in cursor.fetchall()}


ORDERED = [
    (Kind.NUMBER, ["-3", "9.5", "10", "200"]),
    (Kind.MONEY, ["-3", "9.5", "10", "200"]),
    (Kind.TEXT, ["Abeille", "éclair", "Zèbre"]),
    (Kind.DATE, ["1999-12-31", "2026-03-01", "2026-11-02"]),
    (Kind.MOMENT, ["2026-03-01T09:30:00Z", "2026-03-01T10:00:00Z"]),
]


@pytest.mark.django_db(transaction=True)
def test_a_list_is_sorted_by_a_field_once_its_indexes_are_built(sign_in: SignIn) -> None:
    dana = make_user("dana", role="administrator")
    made = {kind: CustomField(type="contact", label=kind, kind=kind, is_indexed=True) for kind, _values in ORDERED}
    for field in made.values():
        fields.create_field(field, by=dana)
    expected = {}
    for kind, values in ORDERED:
        rows = [make_contact(kind, owner=dana, custom={made[kind].slug: value}) for value in reversed(values)]
        expected[kind] = [row.pk for row in reversed(rows)]
    assert state(f"sort={made[Kind.NUMBER].slug}", dana).problems
    assert state_of(made[Kind.NUMBER]) == "building"
    page = reverse("console:field_edit", args=[made[Kind.NUMBER].pk])
    assert "being built" in sign_in(dana).get(page).text

    build_all()

    for kind, _values in ORDERED:
        field = CustomField.objects.get(pk=made[kind].pk)
        assert state_of(field) == "ready"
        for sign, order in (("", expected[kind]), ("-", expected[kind][::-1])):
            asked = state(f"sort={sign}{field.slug}&{field.slug}__empty=0", dana)
            assert not asked.problems
            found: list[int] = []
            after, turns = "", 0
            while turns == 0 or after:
                shown = read_page(asked.rows(), asked, after=after)
                found, after, turns = [*found, *(row.pk for row in shown.rows)], shown.after, turns + 1
            assert found == order, kind
            back = read_page(
                asked.rows(), asked, before=read_page(asked.rows(), asked, after=shown.before or "").before
            )
            assert back.rows or len(order) <= 2
        # Those without a value come first, as blank texts do, and none is left out.
        whole = state(f"sort={field.slug}", dana, size=100)
        assert len(read_page(whole.rows(), whole).rows) == Contact.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
            plan = str(
                whole.rows()
                .annotate(**{whole.sort.sort: whole.sort.order})
                .order_by(whole.sort.sort, "pk")[:50]
                .explain()
            )
            cursor.execute("RESET enable_seqscan; RESET enable_sort")
        assert f"custom_{field.pk}_all" in plan
    assert "Its indexes are there" in sign_in(dana).get(page).text

    # Nothing to do: nothing is written, and no process has to read the definitions anew.
    before = User.objects.get(pk=dana.pk).rights.fields_version
    build_all()
    assert User.objects.get(pk=dana.pk).rights.fields_version == before

    # What a worker that died has left is built anew; what is no longer wanted goes.
    number = made[Kind.NUMBER]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [f"custom_{number.pk}_all"]
        )
    build_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = %s::regclass", [f"custom_{number.pk}_all"])
        assert cursor.fetchone() == (True,)
    CustomField.objects.update(is_indexed=False)
    build_all()
    assert indexes() == set()
    assert state(f"sort={number.slug}", dana).problems


@pytest.mark.django_db(transaction=True)
def test_a_value_is_there_once_and_what_stands_against_it_is_named(sign_in: SignIn) -> None:
    dana = make_user("dana", role="administrator")
    code = CustomField(type="contact", label="Code", kind=Kind.TEXT, is_unique=True)
    fields.create_field(code, by=dana)
    first = make_contact("First", owner=dana, custom={code.slug: "Éa-1"})
    second = make_contact("Second", owner=dana, custom={code.slug: "ea-1"})
    make_contact("Blank", owner=dana)

    build_all()

    code.refresh_from_db()
    assert state_of(code) == "failed" and code.problem == ["ea-1"] == repeated(code)
    assert (
        "Several records have the same value: ea-1"
        in sign_in(dana).get(reverse("console:field_edit", args=[code.pk])).text
    )
    # It is asked of new values all the same.
    url = reverse("contacts:contact_field", args=[second.pk, code.slug])
    third = make_contact("Third", owner=dana)
    answer = sign_in(dana).post(
        reverse("contacts:contact_field", args=[third.pk, code.slug]), {code.slug: "EA-1", "as_read": "{}"}
    )
    assert answer.status_code == 422 and "has this value already" in answer.text
    assert sign_in(dana).post(url, {code.slug: "B", "as_read": "{}"}).status_code == 303

    build_all()

    code.refresh_from_db()
    assert state_of(code) == "ready" and code.problem == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=third.pk).update(custom={code.slug: "B"})

    # A merge may bring the value over, and give it back.
    changeset = merge_into(first, second, dana, {"notes": "x", "custom": {code.slug: "B"}})
    first.refresh_from_db()
    assert first.custom == {code.slug: "B"}
    done = undo(changeset, by=dana)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.custom, second.custom, done.left) == ({code.slug: "Éa-1"}, {code.slug: "B"}, [])
    # Out of the trash nothing comes back that has been given away meanwhile.
    services.trash(Contact.objects.filter(pk=second.pk), by=dana)
    answer = sign_in(dana).post(
        reverse("contacts:contact_field", args=[third.pk, code.slug]), {code.slug: "b", "as_read": "{}"}
    )
    assert answer.status_code == 422
    CustomField.objects.update(is_unique=False)
    build_all()
    assert indexes() == set()


def merge_into(winner: Contact, loser: Contact, by: User, values: dict[str, Any]) -> Changeset:
    from crm.records.merge import merge

    return merge(winner, [loser], values, by=by)


@pytest.mark.django_db
def test_rows_of_a_file_that_would_repeat_a_value_fail(add: Any, alice: User, sign_in: SignIn) -> None:
    code = add("Code", Kind.TEXT, is_unique=True)
    make_contact("Known", owner=alice, custom={code.slug: "A-1"})
    own = make_contact("Own", owner=alice, email="own@example.com", custom={code.slug: "A-2"})
    text = (
        "E-mail;Nom;Code\nx@example.com;Durand;a-1\nown@example.com;Fontaine;A-2\n"
        "y@example.com;Colin;A-3\nz@example.com;Berger;á-3\ny@example.com;Colin;A-3\n"
    )
    run = start_import(ContentFile(text.encode(), name="x.csv"), by=User.objects.get(pk=alice.pk), kind="contacts")
    request_plan(run, run.mapping, {"on_match": "update"}, here=True)
    plan_import(run)
    run.refresh_from_db()
    actions = {row.number: row.action for row in run.rows.all()}
    assert [actions[number] for number in sorted(actions)][::3] == ["fail", "fail"]
    assert run.counts["fail"] == 2
    reasons = [(error["column"], error["value"]) for row in run.rows.filter(action="fail") for error in row.errors]
    assert reasons == [("Code", "a-1"), ("Code", "á-3")]
    assert own.custom == {code.slug: "A-2"}


@pytest.mark.django_db
def test_a_value_that_is_there_once_is_not_set_for_many(add: Any, alice: User, sign_in: SignIn) -> None:
    code = add("Code", Kind.TEXT, is_unique=True)
    contact = make_contact(owner=alice)
    typed = {"act": "set", "field": code.slug, "value": "1", code.slug: "x", "pk": [contact.pk]}
    assert sign_in(alice).post(reverse("contacts:contact_bulk"), typed).status_code == 422


@pytest.mark.django_db
def test_of_records_that_are_merged_each_field_is_chosen(add: Any, alice: User, sign_in: SignIn) -> None:
    size, budget = add("Size", Kind.TEXT), add("Budget", Kind.MONEY)
    one = make_contact(owner=alice, custom={size.slug: "Small"})
    two = make_contact(owner=alice, custom={size.slug: "Large", budget.slug: "5"})
    client, url = sign_in(alice), reverse("contacts:contact_merge")
    page = client.get(f"{url}?pk={one.pk}&pk={two.pk}").text
    assert "Small" in page and "Large" in page and f'name="{budget.slug}"' in page

    client.post(url, {"pk": [one.pk, two.pk], "stays": one.pk, size.slug: two.pk, budget.slug: one.pk})

    one.refresh_from_db()
    assert one.custom == {size.slug: "Large"}
    undo(Changeset.objects.get(source=Changeset.Source.MERGE), by=User.objects.get(pk=alice.pk))
    one.refresh_from_db()
    assert one.custom == {size.slug: "Small"}


@pytest.mark.django_db
def test_only_kinds_that_can_are_made_unique_or_sorted(dana: User, sign_in: SignIn) -> None:
    url = reverse("console:field_create", args=["contact"])
    client = sign_in(dana)
    assert client.post(url, {"label": "A", "kind": "yes_no", "is_unique": "on"}).status_code == 422
    assert client.post(url, {"label": "A", "kind": "long_text", "is_indexed": "on"}).status_code == 422
    assert client.post(url, {"label": "A", "kind": "text", "is_unique": "on", "is_indexed": "on"}).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_filters_of_many_records_read_an_index() -> None:
    dana = make_user("dana", role="administrator")
    kinds = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.CHOICE)
    made = {}
    for kind in kinds:
        choices = [[f"choice-{n}", f"Choice {n}"] for n in range(1, 200)] if kind == Kind.CHOICE else []
        made[kind] = CustomField(type="contact", label=kind, kind=kind, choices=choices, is_indexed=True)
        fields.create_field(made[kind], by=dana)
    made[Kind.RECORD] = CustomField(type="contact", label="Link", kind=Kind.RECORD, target="contact")
    fields.create_field(made[Kind.RECORD], by=dana)
    friend = make_contact("Zoé", "Fontaine", owner=dana)
    slugs = {kind: field.slug for kind, field in made.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_contact (first_name, last_name, owner_id, civility, job_title, department, language, "
            "lifecycle, source, consent, consent_basis, do_not_call, notes, photo, created_at, updated_at, custom) "
            "SELECT '', 'N' || n, %s, '', '', '', '', '', '', '', '', false, '', '', now(), now(), jsonb_build_object("
            "%s::text, 'Text ' || n, %s::text, n::text, %s::text, (date '1990-01-01' + n %% 10000)::text, "
            "%s::text, 'choice-' || 1 + n %% 199, %s::text, %s + n) FROM generate_series(1, 20000) AS n",
            [dana.pk, *(slugs[kind] for kind in (*kinds, Kind.RECORD)), friend.pk - 500],
        )
        build_all()
        cursor.execute("ANALYZE contacts_contact")
        own = "custom_{}_all"
        for query, index in (
            (f"{slugs[Kind.TEXT]}__is=text 777", own.format(made[Kind.TEXT].pk)),
            (f"{slugs[Kind.NUMBER]}__between=500,510", own.format(made[Kind.NUMBER].pk)),
            (f"{slugs[Kind.DATE]}__is=1995-05-05", own.format(made[Kind.DATE].pk)),
            (f"{slugs[Kind.CHOICE]}=choice-7", "custom_contact_values"),
            (f"{slugs[Kind.RECORD]}=%23{friend.pk}", "custom_contact_values"),
        ):
            asked = state(query, dana)
            assert not asked.problems
            plan = asked.rows().order_by().values("pk").explain()
            assert index in plan, plan
        cursor.execute("TRUNCATE contacts_contact CASCADE")
        CustomField.objects.all().delete()
