"""Stages with very many deals go by a worker; what Undo cannot put back says what to do; where a quote leads."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from crm.access.models import User
from crm.lists import bulk, tasks
from crm.lists.models import BulkRun
from crm.records.models import Event
from crm.records.services import Refused
from crm.records.undo import undo as take_back
from opportunities import services, setup
from opportunities.models import Opportunity, Pipeline, Stage, StageChange
from tests.factories import make_deal, make_stage
from tests.pages import undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db
Status = BulkRun.Status


def many(stage: Stage, owner: User, count: int) -> None:
    """Deals as they are, in the order of the board."""
    Opportunity.objects.bulk_create(
        [
            Opportunity(name=f"Deal {n}", stage=stage, pipeline=stage.pipeline, owner=owner, currency="EUR", position=n)
            for n in range(count)
        ]
    )


@pytest.fixture
def run(
    dana: User,
    alice: User,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> BulkRun:
    """The removal of a stage with more deals than one request moves, handed to the broker, which stays out of it."""
    found: list[str] = []
    monkeypatch.setattr(tasks, "send", lambda task, *, run_id: found.append(task))
    many(make_stage("Engaging"), alice, 2500)
    Opportunity.objects.filter(name="Deal 7").update(trashed_at="2026-01-01T00:00Z")
    make_deal("There already", stage="Proposal", position=5)
    url = reverse("opportunities:stage_remove", args=[make_stage("Engaging").pk])
    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(dana).post(url, {"to": make_stage("Proposal").pk})
    run = BulkRun.objects.get()
    assert (answer.status_code, answer["Location"], found) == (303, run.get_absolute_url(), ["work_off_bulk"])
    return run


def test_a_worker_hands_on_very_many_deals_and_takes_all_back(run: BulkRun, dana: User, sign_in: SignIn) -> None:
    stage, to = make_stage("Engaging"), make_stage("Proposal")
    assert run.title == "Remove the stage Engaging → Proposal"
    bulk.work_off(run.pk)
    run.refresh_from_db()
    stage.refresh_from_db()
    assert (run.status, run.changed, run.left, stage.is_active) == (Status.DONE, 2500, {}, False)
    assert Opportunity._base_manager.filter(stage=to).count() == 2501
    names = Opportunity.objects.filter(stage=to, trashed_at=None).order_by("position").values_list("name", flat=True)
    assert list(names[:3]) == ["There already", "Deal 0", "Deal 1"], "below those that are there, in their order"
    assert StageChange.objects.filter(stage=to).count() == 2500
    assert set(Event.objects.values_list("changeset", flat=True)) == {run.changeset_id}
    page = sign_in(dana).get(run.get_absolute_url())
    assert f'action="/undo/{run.changeset_id}/"' in page.text

    bulk.request_undo(run, dana)
    bulk.undo_run(run.pk)
    stage.refresh_from_db()
    assert (stage.is_active, Opportunity._base_manager.filter(stage=stage).count()) == (True, 2500)


def test_a_worker_that_dies_leaves_every_deal_on_the_board(run: BulkRun) -> None:
    stage, to = make_stage("Engaging"), make_stage("Proposal")
    bulk._step(run.pk)
    bulk._step(run.pk)
    stage.refresh_from_db()
    assert (stage.is_active, Opportunity.objects.filter(stage=to).count()) == (True, 1001)
    bulk.work_off(run.pk)
    stage.refresh_from_db()
    assert (stage.is_active, Opportunity._base_manager.filter(stage=stage).count()) == (False, 0)


def test_where_they_go_may_be_removed_on_the_way(run: BulkRun, dana: User) -> None:
    bulk._step(run.pk)
    setup.remove_stage(make_stage("Proposal"), by=dana, to=make_stage("Engaging"))
    bulk.work_off(run.pk)
    run.refresh_from_db()
    assert (run.status, run.message) == (
        Status.FAILED,
        "This stage was removed in the meantime: choose another one.",
    )
    assert Opportunity.objects.filter(stage=make_stage("Engaging")).count() == 2501


def test_no_list_offers_it(alice: User, sign_in: SignIn) -> None:
    deal = make_deal(owner=alice)
    sign_in(alice).post(reverse("opportunities:opportunity_bulk"), {"act": "clear", "pk": deal.pk})
    assert not BulkRun.objects.exists()


def test_undo_into_a_removed_stage_says_what_to_do(dana: User, alice: User) -> None:
    stage, to = make_stage("Engaging"), make_stage("Proposal")
    deals = [make_deal(name, stage=stage, owner=alice) for name in ("One", "Two")]
    moved: Any = services.move_to_stage(deals[0], to, by=alice)
    removal = setup.remove_stage(stage, by=dana, to=to)
    with pytest.raises(Refused, match="The stage “Engaging” was removed since: undo its removal"):
        take_back(moved, by=alice)
    assert StageChange.objects.filter(opportunity=deals[0], stage=to).exists(), "it was there all the same"
    take_back(removal, by=dana)
    result = take_back(moved, by=alice)
    deals[0].refresh_from_db()
    assert (result.left, deals[0].stage) == ([], stage)


def test_the_administrator_says_where_an_accepted_quote_leads(dana: User, sign_in: SignIn) -> None:
    pipeline, won = Pipeline.objects.get(is_default=True), make_stage("Won")
    console, url = sign_in(dana), reverse("opportunities:pipeline_edit", args=[pipeline.pk])
    typed = {"name_fr": pipeline.name_fr, "name_en": pipeline.name_en, "as_read": "{}"}
    assert console.post(url, {**typed, "accepted_stage": make_stage("Lost").pk}).status_code == 422
    answer = console.post(url, {**typed, "accepted_stage": won.pk})
    pipeline.refresh_from_db()
    assert pipeline.accepted_stage == won
    copy = Pipeline(name_fr="Renouvellements", name_en="Renewals")
    setup.create_pipeline(copy, by=dana, like=pipeline)
    assert copy.accepted_stage == copy.stages.get(status="won")
    undo(console, answer)
    pipeline.refresh_from_db()
    assert pipeline.accepted_stage is None
