"""Acts on many rows in a worker: each row once, whatever dies when; progress, stop, what was left alone, undo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from contacts.models import Contact
from crm.access.models import User
from crm.console import tasks as jobs
from crm.launcher.place import CHECKOUT
from crm.lists import bulk, tasks
from crm.lists.models import BulkRun
from crm.records.models import Changeset, Event, EventRef, Tag
from tests.factories import make_contact
from tests.people import SignIn
from tests.servers import wait_until

URL = "/contacts/bulk/"
Status = BulkRun.Status


def many(count: int, owner: User, **over: Any) -> None:
    """Contacts by COPY's little sister: quick, and versioned like any others."""
    Contact.objects.bulk_create(
        [Contact(first_name=f"N{n}", last_name="Bulk", owner=owner, team=owner.team, **over) for n in range(count)]
    )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the broker, which stays out of it."""
    found: list[str] = []
    monkeypatch.setattr(tasks, "send", lambda task, *, run_id: found.append(task))
    return found


def ask(sign_in: SignIn, by: User, run_callbacks: Any, **data: str) -> BulkRun:
    with run_callbacks(execute=True):
        answer = sign_in(by).post(URL, {"next": "/contacts/?view=mine", **data})
    run = BulkRun.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, run.get_absolute_url())
    return run


def set_lifecycle(value: str, **data: str) -> dict[str, str]:
    return {"act": "set", "field": "lifecycle", "value": "1", "lifecycle": value, "all_matching": "1", **data}


def test_many_rows_are_done_by_a_worker_under_one_changeset_and_taken_back(
    alice: User, sign_in: SignIn, sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    many(2500, alice)
    run = ask(sign_in, alice, django_capture_on_commit_callbacks, **set_lifecycle("customer", query="lifecycle=lead"))
    assert (sent, run.status, run.title) == (["work_off_bulk"], Status.GATHERING, "Set a field: Lifecycle → Customer")
    assert not Contact.objects.filter(lifecycle="customer").exists()
    page = sign_in(alice).get(run.get_absolute_url())
    assert 'hx-trigger="every 1s"' in page.text
    bulk.work_off(run.pk)
    run.refresh_from_db()
    assert (run.status, run.total, run.seen, run.changed, run.left) == (Status.DONE, 2500, 2500, 2500, {})
    assert Contact.objects.filter(lifecycle="customer").count() == 2500, "rows that leave the filter on the way too"
    event = Event.objects.get()
    assert (event.verb, event.data) == ("contact.changed", {"count": 2500, "fields": ["lifecycle"]})
    assert (event.changeset, event.refs.count()) == (run.changeset, 2500)
    assert Changeset.objects.get().status == Changeset.Status.DONE
    answer = sign_in(alice).post(f"/undo/{run.changeset_id}/")
    assert (answer.status_code, answer["Location"]) == (303, run.get_absolute_url())
    bulk.undo_run(run.pk)
    run.refresh_from_db()
    assert run.status == Status.UNDONE
    assert Contact.objects.filter(lifecycle="lead").count() == 2500
    assert "This was undone." in sign_in(alice).get(run.get_absolute_url()).text


def test_what_one_may_not_change_is_named_with_the_reason(alice: User, bob: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice)
    ben = make_contact("Ben", owner=bob)
    client = sign_in(alice)
    answer = client.post(URL, set_lifecycle("customer", view="all", next="/contacts/?view=all"))
    run = BulkRun.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    assert (run.status, run.changed, run.left) == (Status.DONE, 1, {"You may not change it.": 1})
    page = client.get(run.get_absolute_url())
    assert f'href="{ben.get_absolute_url()}">Ben Fontaine</a>' in page.text
    assert f'action="/undo/{run.changeset_id}/"' in page.text


def test_rows_for_which_the_value_cannot_be_are_left_and_named(alice: User, sign_in: SignIn) -> None:
    """Under itself a company cannot stand; the others go under it."""
    from tests.factories import make_company

    mother, daughter = make_company("Mother", owner=alice), make_company("Daughter", owner=alice)
    data = {"act": "set", "field": "parent", "value": "1", "parent": "Mother", "all_matching": "1", "view": "all"}
    sign_in(alice).post("/companies/bulk/", data)
    daughter.refresh_from_db()
    assert daughter.parent == mother
    run = BulkRun.objects.get()
    (reason,) = run.left
    assert reason == "Mother would stand above itself: choose another company."


def test_a_wrong_value_comes_back_with_a_sentence_and_what_was_typed(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice)
    data = {"act": "set", "field": "birthday", "value": "1", "birthday": "2999-01-01", "pk": str(contact.pk)}
    answer = sign_in(alice).post(URL, data)
    assert answer.status_code == 422
    assert "check the year" in answer.text
    assert 'value="2999-01-01"' in answer.text
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize("field", ["first_name", "owner_id", "as_read", "trashed_at", "nothing", "<b>"])
def test_only_fields_that_suit_many_rows_are_offered(alice: User, sign_in: SignIn, field: str) -> None:
    contact = make_contact(owner=alice)
    answer = sign_in(alice).post(URL, {"act": "set", "field": field, "value": "1", field: "x", "pk": contact.pk})
    assert (answer.status_code, "Choose one from the list." in answer.text) == (422, True)


def test_yes_no_texts_and_dates_are_set_and_cleared(alice: User, sign_in: SignIn) -> None:
    contact = make_contact(owner=alice, source="Fair", birthday="1980-01-31")
    client = sign_in(alice)
    for field, value in (("do_not_call", "on"), ("source", "  Salon \u200e"), ("birthday", "")):
        data = {"act": "set", "field": field, "value": "1", field: value, "pk": contact.pk}
        assert client.post(URL, data).status_code == 303
    contact.refresh_from_db()
    assert (contact.do_not_call, contact.source, contact.birthday) == (True, "Salon", None)
    client.post(URL, {"act": "set", "field": "do_not_call", "value": "1", "pk": contact.pk})
    contact.refresh_from_db()
    assert contact.do_not_call is False


def test_a_run_is_stopped_and_what_was_done_can_be_undone(
    alice: User, sign_in: SignIn, sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    many(1500, alice)
    run = ask(sign_in, alice, django_capture_on_commit_callbacks, **set_lifecycle("customer"))
    bulk._step(run.pk)
    bulk._step(run.pk)
    client = sign_in(alice)
    assert client.post(f"/undo/{BulkRun.objects.get().changeset_id}/").status_code == 409, "it is under way"
    assert client.post(f"/bulk/{run.pk}/cancel/").status_code == 303
    assert client.post(f"/bulk/{run.pk}/cancel/").status_code == 409
    bulk.work_off(run.pk)
    assert Contact.objects.filter(lifecycle="customer").count() == 1000
    run.refresh_from_db()
    bulk.request_undo(run, alice)
    bulk.undo_run(run.pk)
    assert not Contact.objects.filter(lifecycle="customer").exists()


def test_a_filter_that_can_no_longer_be_read_does_not_mean_everybody(
    alice: User, sign_in: SignIn, sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    many(1500, alice)
    run = ask(sign_in, alice, django_capture_on_commit_callbacks, **set_lifecycle("customer"))
    BulkRun.objects.filter(pk=run.pk).update(query="segment=999")
    bulk.work_off(run.pk)
    run.refresh_from_db()
    assert (run.status, run.changeset) == (Status.FAILED, None)
    assert run.message.startswith("The list can no longer be read as it was")


def test_rights_lost_on_the_way_hold(
    alice: User, charlie: User, sign_in: SignIn, sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    many(1500, alice)
    run = ask(sign_in, alice, django_capture_on_commit_callbacks, **set_lifecycle("customer"))
    bulk._step(run.pk)
    bulk._step(run.pk)
    Contact.objects.update(owner=charlie, team=charlie.team)
    bulk.work_off(run.pk)
    run.refresh_from_db()
    assert (run.changed, run.left) == (1000, {"It is no longer there.": 500})


def test_nobody_sees_anothers_run(alice: User, bob: User, dana: User, sign_in: SignIn) -> None:
    run = BulkRun.objects.create(by=alice, type="contact", act="trash", title="Mine")
    assert sign_in(bob).get(run.get_absolute_url()).status_code == 404
    assert sign_in(dana).get(run.get_absolute_url()).status_code == 200
    assert "Mine" in sign_in(alice).get("/bulk/").text
    assert "Mine" not in sign_in(bob).get("/bulk/").text


def test_lost_runs_are_sent_again_and_old_ones_forgotten(alice: User, sent: list[str]) -> None:
    lost = BulkRun.objects.create(by=alice, type="contact", act="trash", moved_at=timezone.now() - timedelta(minutes=3))
    BulkRun.objects.create(by=alice, type="contact", act="trash")
    jobs.resume_bulk()
    assert sent == ["work_off_bulk"]
    BulkRun.objects.update(created_at=timezone.now() - timedelta(days=31))
    BulkRun.objects.filter(pk=lost.pk).update(status=Status.DONE)
    jobs.forget_bulk()
    assert BulkRun.objects.count() == 1, "one is still at work"


def test_a_failure_of_ours_ends_the_run_with_a_sentence(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    run = BulkRun.objects.create(by=alice, type="contact", act="trash", query="view=all")
    make_contact(owner=alice)
    monkeypatch.setattr(bulk, "CHUNK", "broken")
    with pytest.raises(TypeError):
        tasks.work_off_bulk(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert run.message.startswith("Something went wrong on our side.")


def test_statements_of_a_chunk_do_not_grow_with_its_rows(
    alice: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for count in (3, 60):
        many(count, alice)
        with django_assert_max_num_queries(70):
            sign_in(alice).post(URL, set_lifecycle("customer", view="mine", query="lifecycle=lead"))


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_double_nothing(alice: User) -> None:
    """Real workers, each killed as soon as it has got on: the last one finishes what they left."""
    many(12000, alice)
    tag = Tag.objects.create(name="Fair")
    given = {"type": "contact", "act": "tag", "choice": f"+{tag.pk}", "query": "view=all"}
    run = BulkRun.objects.create(by=alice, title="Tag", **given)
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {**os.environ, "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}"}
    code = f"import django; django.setup(); from crm.lists import bulk; bulk.work_off({run.pk})"

    def seen() -> int:
        return BulkRun.objects.values_list("seen", flat=True).get(pk=run.pk)

    for _death in range(3):
        before = seen()
        with subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, env=environment) as worker:
            wait_until(lambda before=before: seen() > before or BulkRun.objects.get().status == Status.DONE)  # type: ignore[misc]
            worker.send_signal(signal.SIGKILL)
    bulk.work_off(run.pk)
    run.refresh_from_db()
    assert (run.status, run.seen, run.changed) == (Status.DONE, 12000, 12000)
    assert Contact.objects.filter(tags=tag).count() == 12000
    assert Event.objects.get().data["count"] == EventRef.objects.count() == 12000
    assert Changeset.objects.count() == 1
    assert run.changeset.status == Changeset.Status.DONE  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_a_celery_worker_does_it(worker: None, alice: User, sign_in: SignIn) -> None:
    many(1200, alice)
    sign_in(alice).post(URL, set_lifecycle("customer", view="mine"))
    wait_until(lambda: BulkRun.objects.get().status == Status.DONE)
    assert Contact.objects.filter(lifecycle="customer").count() == 1200
