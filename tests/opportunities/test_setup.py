"""How administrators set up sales: pipelines, stages and reasons; where deals go; and Undo of all of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from crm.access.models import User
from crm.records.custom import CustomField
from crm.records.models import Changeset, Event
from crm.records.services import Refused
from crm.records.undo import undo as take_back
from opportunities import services, setup
from opportunities.models import LostReason, Opportunity, Pipeline, Stage, StageChange
from opportunities.services import Closing
from tests.factories import make_deal, make_stage
from tests.pages import htmx, toast_of, undo
from tests.people import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def console(dana: User, sign_in: SignIn) -> Client:
    return sign_in(dana)


def opened(by: User, name: str = "Solar roof", stage: str = "Prospecting") -> Opportunity:
    deal = Opportunity(name=name, owner=by, team=by.team, amount=Decimal(100), stage=make_stage(stage))
    return services.open_deal(deal, by=by)


def second(by: User) -> Pipeline:
    pipeline = Pipeline(name_fr="Renouvellements", name_en="Renewals")
    setup.create_pipeline(pipeline, by=by, like=Pipeline.objects.get(is_default=True))
    return pipeline


def names(pipeline: Pipeline | None = None) -> list[str]:
    return [stage.name_en for stage in setup.stages_of(pipeline or Pipeline.objects.get(is_default=True))]


def page(name: str, *args: Any) -> str:
    return reverse(f"opportunities:{name}", args=args)


# ---- Pipelines ----


def test_a_new_pipeline_has_the_stages_of_another_one_and_goes_with_undo(console: Client) -> None:
    like = Pipeline.objects.get(is_default=True)
    typed = {"name_fr": "Renouvellements", "name_en": "Renewals", "like": like.pk}
    answer = console.post(page("pipeline_create"), typed)
    pipeline = Pipeline.objects.get(name_en="Renewals")
    assert answer.headers["Location"] == page("pipeline_edit", pipeline.pk)
    assert names(pipeline) == names(like)
    assert list(Pipeline.objects.all()) == [like, pipeline]
    undo(console, answer)
    assert list(Pipeline.objects.all()) == [like]
    assert Stage.every.count() == len(names(like))


def test_a_name_that_is_taken_is_refused_beside_the_field(console: Client, dana: User) -> None:
    second(dana)
    like = Pipeline.objects.get(is_default=True)
    answer = console.post(page("pipeline_create"), {"name_fr": "Autre", "name_en": "renewals", "like": like.pk})
    assert answer.status_code == 422
    assert "choose one that tells them apart" in answer.text


def test_the_default_changes_hands_and_back(console: Client, dana: User) -> None:
    former, pipeline = Pipeline.objects.get(is_default=True), second(dana)
    answer = console.post(page("pipeline_default", pipeline.pk))
    assert services.default_pipeline() == pipeline
    undo(console, answer)
    assert list(Pipeline.objects.filter(is_default=True)) == [former]


def test_pipelines_are_put_in_order(console: Client, dana: User) -> None:
    first, pipeline = Pipeline.objects.get(is_default=True), second(dana)
    answer = console.post(page("pipeline_move", pipeline.pk), {"place": "0"}, headers=htmx("body"))
    assert (answer.status_code, list(Pipeline.objects.all())) == (204, [pipeline, first])
    undo(console, answer)
    assert list(Pipeline.objects.all()) == [first, pipeline]
    assert console.post(page("pipeline_move", first.pk), {"place": "x"}).status_code == 404


def test_a_deactivated_pipeline_hands_on_its_open_deals_and_keeps_its_past(
    console: Client, dana: User, alice: User
) -> None:
    pipeline = second(dana)
    there, won = pipeline.stages.get(name_en="Engaging"), pipeline.stages.get(status="won")
    deal, ended = opened(alice), opened(alice, "Signed")
    services.move_to_stage(deal, there, by=alice)
    services.move_to_stage(ended, won, by=alice)
    answer = console.post(page("pipeline_deactivate", pipeline.pk), {})
    assert answer.status_code == 422
    assert "1 opportunity is open in it" in answer.text

    answer = console.post(page("pipeline_deactivate", pipeline.pk), {"to": make_stage("Proposal").pk})

    deal.refresh_from_db()
    ended.refresh_from_db()
    pipeline.refresh_from_db()
    assert (deal.stage.name_en, deal.pipeline.is_default, pipeline.is_active) == ("Proposal", True, False)
    assert ended.stage == won
    assert StageChange.objects.filter(opportunity=deal).count() == 3
    undo(console, answer)
    deal.refresh_from_db()
    pipeline.refresh_from_db()
    assert (deal.stage, deal.pipeline, pipeline.is_active) == (there, pipeline, True)
    assert StageChange.objects.filter(opportunity=deal).count() == 2


def test_the_default_pipeline_stays_and_a_used_one_is_not_deleted(console: Client, dana: User, alice: User) -> None:
    default, pipeline = Pipeline.objects.get(is_default=True), second(dana)
    with pytest.raises(Refused, match="another pipeline the default"):
        setup.deactivate(default, by=dana)
    deal = opened(alice)
    services.move_to_stage(deal, setup.stages_of(pipeline)[0], by=alice)
    services.move_to_stage(deal, make_stage("Proposal"), by=alice)
    answer = console.post(page("pipeline_remove", pipeline.pk), follow=True)
    assert "deactivate it instead" in answer.text
    assert len(names(pipeline)) == 7


def test_a_pipeline_nobody_used_is_removed_and_comes_back(console: Client, dana: User) -> None:
    pipeline = second(dana)
    stages = names(pipeline)
    answer = console.post(page("pipeline_remove", pipeline.pk))
    assert not Pipeline.objects.filter(pk=pipeline.pk).exists()
    undo(console, answer)
    assert names(Pipeline.objects.get(name_en="Renewals")) == stages


# ---- Stages ----

TYPED = {
    "name_fr": "Démonstration",
    "name_en": "Demo",
    "status": "open",
    "probability": "40",
    "colour": "teal",
    "expected_days": "12",
    "guidance_fr": "Montrer le produit",
    "guidance_en": "Show the product",
    "required": ["amount", "contact", "c_budget"],
}


def test_a_stage_is_added_before_those_of_the_end(console: Client) -> None:
    CustomField.objects.create(type="opportunity", slug="c_budget", label="Budget", kind="money")
    pipeline = Pipeline.objects.get(is_default=True)
    answer = console.post(page("stage_create", pipeline.pk), TYPED)
    assert answer.status_code == 303
    stage = Stage.objects.get(name_en="Demo")
    assert names()[-3:] == ["Demo", "Won", "Lost"]
    assert (stage.required, stage.probability, stage.expected_days) == (["amount", "contact", "c_budget"], 40, 12)
    assert "Amount, A contact, Budget" in console.get(page("pipeline_edit", pipeline.pk)).text
    undo(console, answer)
    assert "Demo" not in names()


@pytest.mark.parametrize(("status", "odds"), [("won", 100), ("lost", 0)])
def test_the_probability_of_a_stage_of_the_end_follows(console: Client, status: str, odds: int) -> None:
    pipeline = Pipeline.objects.get(is_default=True)
    console.post(page("stage_create", pipeline.pk), {**TYPED, "status": status, "required": []})
    assert Stage.objects.get(name_en="Demo").probability == odds


@pytest.mark.parametrize(
    ("field", "value"), [("probability", "101"), ("probability", ""), ("name_en", "Won"), ("required", "password")]
)
def test_what_no_stage_can_be_is_said(console: Client, field: str, value: str) -> None:
    pipeline = Pipeline.objects.get(is_default=True)
    answer = console.post(page("stage_create", pipeline.pk), {**TYPED, "required": [], field: value})
    assert answer.status_code == 422
    assert not Stage.objects.filter(name_en="Demo").exists()


def test_an_edited_stage_is_told_and_undone(console: Client) -> None:
    stage = make_stage("Proposal")
    typed = {**TYPED, "name_en": "Offer", "required": ["amount"], "as_read": "{}"}
    answer = console.post(page("stage_edit", stage.pk), typed)
    stage.refresh_from_db()
    assert (stage.name_en, stage.required, stage.status) == ("Offer", ["amount"], "open")
    event = Event.objects.latest("pk")
    assert event.verb == "pipeline.changed"
    assert "stage.required" in event.data["fields"]
    undo(console, answer)
    stage.refresh_from_db()
    assert (stage.name_en, stage.required) == ("Proposal", [])


def test_stages_are_put_in_order_and_the_end_stays_last(console: Client) -> None:
    answer = console.post(page("stage_move", make_stage("Negotiation").pk), {"place": "1"})
    assert names()[:3] == ["Prospecting", "Negotiation", "Engaging"]
    undo(console, answer)
    console.post(page("stage_move", make_stage("Won").pk), {"place": "0"})
    assert names() == ["Prospecting", "Engaging", "Proposal", "Negotiation", "Verbal agreement", "Won", "Lost"]


def test_a_removed_stage_hands_on_its_deals_and_undo_restores_all(console: Client, dana: User, alice: User) -> None:
    stage, to = make_stage("Engaging"), make_stage("Proposal")
    one, two, other = opened(alice, "One"), opened(alice, "Two"), opened(alice, "Other")
    for deal in (one, two):
        services.move_to_stage(deal, stage, by=alice)
    services.move_to_stage(other, to, by=alice)
    Opportunity.objects.filter(pk=two.pk).update(trashed_at="2026-01-01T00:00Z")

    answer = console.post(page("stage_remove", stage.pk), {})
    assert answer.status_code == 422
    assert "2 opportunities are in it. 1 of them is in the trash." in answer.text
    answer = console.post(page("stage_remove", stage.pk), {"to": to.pk})

    assert "Engaging" not in names()
    assert set(Opportunity._base_manager.filter(stage=to)) == {one, two, other}
    last = StageChange.objects.filter(opportunity=one).last()
    assert last is not None
    assert (last.from_stage, last.stage, last.by) == (stage, to, dana)
    assert Event.objects.get(verb="opportunity.moved", actor=dana).data["count"] == 2
    timeline = htmx("div#record-timeline")
    told = sign(Client(), alice).get(one.get_absolute_url(), headers=timeline).text
    assert "Engaging" in told, "the removed stage is still told by its name"
    undo(console, answer)
    assert names()[1] == "Engaging"
    assert set(Opportunity._base_manager.filter(stage=stage)) == {one, two}
    assert [row.stage for row in StageChange.objects.filter(opportunity=one)] == [make_stage("Prospecting"), stage]


def sign(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_a_deal_that_moved_on_is_left_alone_by_undo(dana: User, alice: User) -> None:
    stage, deal = make_stage("Engaging"), opened(alice, stage="Engaging")
    changeset = setup.remove_stage(stage, by=dana, to=make_stage("Proposal"))
    services.move_to_stage(deal, make_stage("Negotiation"), by=alice)
    result = take_back(changeset, by=dana)
    deal.refresh_from_db()
    assert deal.stage.name_en == "Negotiation"
    assert any("Changed since" in left.why for left in result.left)
    stages = [row.stage.name_en for row in StageChange.objects.filter(opportunity=deal)]
    assert stages == ["Engaging", "Proposal", "Negotiation"], "where it was on the way is still told"
    assert names()[1] == "Engaging"


def test_the_last_stage_of_its_kind_stays_and_deals_keep_how_they_ended(dana: User, alice: User) -> None:
    with pytest.raises(Refused, match="last of its kind"):
        setup.remove_stage(make_stage("Won"), by=dana, to=make_stage("Proposal"))
    opened(alice, stage="Engaging")
    with pytest.raises(Refused, match="of the same kind"):
        setup.remove_stage(make_stage("Engaging"), by=dana, to=make_stage("Won"))
    assert make_stage("Engaging").is_active


def test_no_deal_comes_into_a_removed_stage(dana: User, alice: User) -> None:
    deal, stage = opened(alice), make_stage("Engaging")
    moved = services.move_to_stage(deal, stage, by=alice)
    services.move_to_stage(deal, make_stage("Proposal"), by=alice)
    setup.remove_stage(stage, by=dana)
    with pytest.raises(Refused, match="removed in the meantime"):
        services.move_to_stage(deal, stage, by=alice)
    with pytest.raises(IntegrityError, match="was removed"):
        Opportunity.objects.filter(pk=deal.pk).update(stage=stage)
    assert moved


# ---- Reasons of losses ----


def test_reasons_are_added_renamed_ordered_and_no_longer_offered(console: Client, alice: User) -> None:
    answer = console.post(page("reason_create"), {"name_fr": "Délais", "name_en": "Delays"})
    reason = LostReason.objects.get(name_en="Delays")
    assert LostReason.objects.last() == reason
    console.post(page("reason_edit", reason.pk), {"name_fr": "Délais", "name_en": "Too slow", "as_read": "{}"})
    console.post(page("reason_move", reason.pk), {"place": "0"})
    reason.refresh_from_db()
    assert (reason.name_en, LostReason.objects.first()) == ("Too slow", reason)
    deal = opened(alice)
    services.move_to_stage(deal, make_stage("Lost"), by=alice, closing=Closing(reason=reason))

    answer = console.post(page("reason_active", reason.pk), {"active": "0"})

    asked = sign(Client(), alice).get(page("opportunity_move", opened(alice).pk) + f"?stage={make_stage('Lost').pk}")
    assert "Too slow" not in asked.text
    deal.refresh_from_db()
    assert deal.lost_reason == reason
    undo(console, answer)
    reason.refresh_from_db()
    assert reason.is_active


def test_one_reason_is_always_offered(console: Client) -> None:
    reason = LostReason.objects.all()[0]
    LostReason.objects.exclude(pk=reason.pk).update(is_active=False)
    answer = console.post(page("reason_active", reason.pk), {"active": "0"})
    assert "a loss needs one" in toast_of(answer)[0]
    reason.refresh_from_db()
    assert reason.is_active


# ---- All pages ----


def test_pages_cost_the_same_however_much_there_is(
    console: Client, dana: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        pipeline = Pipeline(name_fr=f"P{number}", name_en=f"P{number}")
        setup.create_pipeline(pipeline, by=dana, like=Pipeline.objects.get(is_default=True))
        make_deal(stage=setup.stages_of(pipeline)[0])
    for url in (page("pipeline_list"), page("pipeline_edit", pipeline.pk), page("reason_list")):
        console.get(url)
        with django_assert_max_num_queries(12):
            assert console.get(url).status_code == 200


def test_what_was_done_is_in_the_audit_log(console: Client, dana: User) -> None:
    pipeline = second(dana)
    console.post(page("pipeline_default", pipeline.pk))
    text = console.get(reverse("console:audit")).text
    assert "Renewals" in text
    assert page("pipeline_edit", pipeline.pk) in text
    assert Changeset.objects.filter(source="settings").exists()


def test_a_field_in_the_trash_keeps_no_deal_from_its_stage(alice: User) -> None:
    field = CustomField.objects.create(type="opportunity", slug="c_budget", label="Budget", kind="money")
    Stage.objects.filter(name_en="Proposal").update(required=["c_budget"])
    deal = opened(alice)
    assert services.missing_for(deal, make_stage("Proposal")) == ["c_budget"]
    CustomField.objects.filter(pk=field.pk).update(trashed_at="2026-01-01T00:00Z")
    assert services.move_to_stage(deal, make_stage("Proposal"), by=alice)


def test_where_an_accepted_quote_leads_follows_its_stage(dana: User) -> None:
    pipeline, stage, to = Pipeline.objects.get(is_default=True), make_stage("Engaging"), make_stage("Proposal")
    Pipeline.objects.filter(pk=pipeline.pk).update(accepted_stage=stage)
    changeset = setup.remove_stage(stage, by=dana, to=to)
    pipeline.refresh_from_db()
    assert pipeline.accepted_stage == to
    take_back(changeset, by=dana)
    pipeline.refresh_from_db()
    assert pipeline.accepted_stage == stage
