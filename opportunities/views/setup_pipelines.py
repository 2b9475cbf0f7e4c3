"""Administrators' pages of pipelines and their stages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.console.access import administrators_only
from crm.console.answers import done
from crm.records.models import Changeset
from crm.records.services import Refused
from crm.ui.http import Request, redirect_to, render_page
from crm.ui.once import once
from opportunities import clearing, setup
from opportunities.models import Opportunity, Pipeline, Stage
from opportunities.requirements import labels_of
from opportunities.setup_forms import DestinationForm, NewPipelineForm, PipelineForm, StageForm
from opportunities.views.setup_pages import attempt, form_page, ordered, place_of

ROWS = ("setup-rows",)


def _list() -> str:
    return reverse("opportunities:pipeline_list")


def _page_of(pipeline: Pipeline) -> str:
    return reverse("opportunities:pipeline_edit", args=[pipeline.pk])


def _above(pipeline: Pipeline | None = None) -> list[tuple[str, str]]:
    trail = [(_("Pipelines"), _list())]
    return trail if pipeline is None else [*trail, (str(pipeline), _page_of(pipeline))]


@administrators_only
@require_safe
def pipeline_list(request: Request) -> HttpResponse:
    """Pipelines in their order, with their stages and how many open deals are in each."""
    stages = Prefetch("stages", queryset=Stage.objects.order_by("position", "pk"), to_attr="live")
    rows = Pipeline.objects.prefetch_related(stages)
    open_deals = Opportunity.objects.open().filter(trashed_at__isnull=True).order_by()
    counts = dict(open_deals.values_list("pipeline").annotate(count=Count("pk")))
    context = {"rows": [(row, counts.get(row.pk, 0)) for row in rows]}
    return render_page(request, "opportunities/setup/pipeline_list.html", context, partials=ROWS)


@administrators_only
@require_http_methods(["GET", "POST"])
@once
def pipeline_create(request: Request) -> HttpResponse:
    """Add a pipeline with the stages of another one."""
    form = NewPipelineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pipeline = form.save(commit=False)
        changeset = setup.create_pipeline(pipeline, by=request.user, like=form.cleaned_data["like"])
        return done(request, _page_of(pipeline), _("%(name)s is there.") % {"name": pipeline}, changeset)
    return form_page(request, form, _("New pipeline"), _above())


@administrators_only
@require_http_methods(["GET", "POST"])
def pipeline_edit(request: Request, pk: int) -> HttpResponse:
    """The names of a pipeline, its stages in their order, and what can be done with it."""
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = PipelineForm(request.POST or None, instance=Pipeline.objects.get(pk=pk))
    status = 0
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, _page_of(pipeline), _("Saved."), saved.changeset)
    stages = setup.stages_of(pipeline)
    kept = Opportunity.objects.filter(pipeline=pipeline, trashed_at__isnull=True).order_by()
    counts = dict(kept.values_list("stage").annotate(count=Count("pk")))
    names = labels_of(list(dict.fromkeys(name for stage in stages for name in stage.required)), request.user)
    context = {
        "pipeline": pipeline,
        "form": form,
        "stages": [
            (stage, counts.get(stage.pk, 0), [names[name] for name in stage.required if name in names])
            for stage in stages
        ],
    }
    status = status or (422 if form.errors else 200)
    return render_page(request, "opportunities/setup/pipeline_edit.html", context, partials=ROWS, status=status)


@administrators_only
@require_POST
def pipeline_move(request: Request, pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    changeset = setup.put_at(pipeline, place_of(request), by=request.user)
    return ordered(request, _list(), _("%(name)s was moved.") % {"name": pipeline}, changeset)


@administrators_only
@require_POST
def pipeline_default(request: Request, pk: int) -> HttpResponse:
    """Let new deals begin in this pipeline."""
    pipeline = get_object_or_404(Pipeline, pk=pk)
    text = _("New opportunities begin in %(name)s.") % {"name": pipeline}
    return attempt(request, _page_of(pipeline), text, lambda: setup.make_default(pipeline, by=request.user))


@administrators_only
@require_POST
def pipeline_activate(request: Request, pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    text = _("%(name)s is active again.") % {"name": pipeline}
    return attempt(request, _page_of(pipeline), text, lambda: setup.activate(pipeline, by=request.user))


@administrators_only
@require_http_methods(["GET", "POST"])
def pipeline_deactivate(request: Request, pk: int) -> HttpResponse:
    """Take a pipeline off the board, after asking where its open deals go."""
    pipeline = get_object_or_404(Pipeline, pk=pk)
    count = setup.deals_of(pipeline).count()
    stages = setup.destinations(Stage.Status.OPEN, without=pipeline)
    form = DestinationForm(request.POST if request.method == "POST" else None, stages=stages, count=count)
    title = pgettext("sales", "Deactivate %(name)s") % {"name": pipeline}
    told = _("%(name)s is no longer active.") % {"name": pipeline}
    if request.method == "POST" and form.is_valid():
        act = partial(setup.deactivate, pipeline, by=request.user, to=form.to)
        if (answer := _cleared(request, pipeline, form, title, told, act)) is not None:
            return answer
    text = ngettext(
        "%(count)d opportunity is open in it; what was won or lost there stays and is told as before.",
        "%(count)d opportunities are open in it; what was won or lost there stays and is told as before.",
        count,
    )
    return _clearing(request, form, title, _above(pipeline), text % {"count": count}, _("Deactivate"))


@administrators_only
@require_POST
def pipeline_remove(request: Request, pk: int) -> HttpResponse:
    """Delete a pipeline that was never used."""
    pipeline = get_object_or_404(Pipeline, pk=pk)
    text = _("%(name)s is removed.") % {"name": pipeline}
    return attempt(request, _list(), text, lambda: setup.remove_pipeline(pipeline, by=request.user))


@administrators_only
@require_http_methods(["GET", "POST"])
@once
def stage_create(request: Request, pk: int) -> HttpResponse:
    """Add a stage to a pipeline."""
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = StageForm(request.POST or None, instance=Stage(pipeline=pipeline), by=request.user)
    if request.method == "POST" and form.is_valid():
        stage = form.save(commit=False)
        try:
            changeset = setup.create_stage(stage, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, _page_of(pipeline), _("%(name)s is there.") % {"name": stage}, changeset)
    return _stage_page(request, form, _("New stage"), pipeline)


@administrators_only
@require_http_methods(["GET", "POST"])
def stage_edit(request: Request, pk: int) -> HttpResponse:
    stage: Any = get_object_or_404(Stage.objects.select_related("pipeline"), pk=pk)
    form = StageForm(request.POST or None, instance=Stage.objects.get(pk=pk), by=request.user)
    status = 0
    if request.method == "POST" and form.is_valid():
        saved, status = form.try_to_save(by=request.user)
        if saved:
            return done(request, _page_of(stage.pipeline), _("Saved."), saved.changeset)
    return _stage_page(request, form, str(stage), stage.pipeline, status, stage=stage)


@administrators_only
@require_POST
def stage_move(request: Request, pk: int) -> HttpResponse:
    stage: Any = get_object_or_404(Stage.objects.select_related("pipeline"), pk=pk)
    changeset = setup.put_stage_at(stage, place_of(request), by=request.user)
    return ordered(request, _page_of(stage.pipeline), _("%(name)s was moved.") % {"name": stage}, changeset)


@administrators_only
@require_http_methods(["GET", "POST"])
def stage_remove(request: Request, pk: int) -> HttpResponse:
    """Take a stage out of its pipeline, after asking where its deals go."""
    stage: Any = get_object_or_404(Stage.objects.select_related("pipeline"), pk=pk)
    found = setup.deals_of(stage).aggregate(count=Count("pk"), trashed=Count("pk", filter=Q(trashed_at__isnull=False)))
    stages = setup.destinations(stage.status, without=stage)
    data = request.POST if request.method == "POST" else None
    form = DestinationForm(data, stages=stages, count=found["count"])
    title = _("Remove the stage %(name)s") % {"name": stage}
    told = _("%(name)s is removed.") % {"name": stage}
    if request.method == "POST" and form.is_valid():
        act = partial(setup.remove_stage, stage, by=request.user, to=form.to)
        if (answer := _cleared(request, stage, form, title, told, act)) is not None:
            return answer
    text = ngettext("%(count)d opportunity is in it.", "%(count)d opportunities are in it.", found["count"])
    sentence = text % {"count": found["count"]}
    if found["trashed"]:
        some = ngettext("%(count)d of them is in the trash.", "%(count)d of them are in the trash.", found["trashed"])
        sentence = f"{sentence} {some % {'count': found['trashed']}}"
    return _clearing(request, form, title, _above(stage.pipeline), sentence, _("Remove the stage"))


def _stage_page(
    request: Request, form: StageForm, title: str, pipeline: Pipeline, status: int = 0, **context: Any
) -> HttpResponse:
    template = "opportunities/setup/stage_form.html"
    return form_page(request, form, title, _above(pipeline), status, template=template, **context)


def _cleared(
    request: Request,
    source: Stage | Pipeline,
    form: DestinationForm,
    title: str,
    text: str,
    act: Callable[[], Changeset],
) -> HttpResponse | None:
    """Do it, by a worker where there are very many deals. None where it is refused, which the form then says."""
    back = _page_of(source.pipeline if isinstance(source, Stage) else source)
    try:
        if form.to is not None and clearing.is_long(source):
            run = clearing.start(source, form.to, title=f"{title} → {form.to}", back=back, by=request.user)
            return redirect_to(request, run.get_absolute_url())
        return done(request, back, text, act())
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


def _clearing(
    request: Request, form: DestinationForm, title: str, trail: list[tuple[str, str]], text: str, verb: str
) -> HttpResponse:
    """What a removal does, and the question where deals go."""
    template = "opportunities/setup/clearing.html"
    return form_page(request, form, title, trail, template=template, text=text, verb=verb)
