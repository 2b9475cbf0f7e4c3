"""What a stage requires, in words, and whether a deal has it: shown before anybody tries to move it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.access.rights import kind_of
from crm.records.custom import custom_fields, is_custom
from opportunities.models import Opportunity, Stage
from opportunities.services import missing_for


@dataclass(frozen=True)
class Requirement:
    """One thing a stage requires; `url` is where it is filled in, in the place `target` of the page ("" for nobody)."""

    name: str
    label: str
    is_met: bool
    url: str = ""
    target: str = ""


def requirements(
    deal: Opportunity, stage: Stage, viewer: User, edit_url: Callable[[str], str] | None = None
) -> list[Requirement]:
    """What the stage requires of the deal, of what the viewer may know, in the stage's order."""
    rights, kind = viewer.rights, kind_of(Opportunity)
    lacking = set(missing_for(deal, stage))
    labels = labels_of(stage.required, viewer)
    found = []
    for name in stage.required:
        if name in labels and rights.sees(kind, name):
            url = target = ""
            if edit_url and name == "contact":
                url, target = reverse("opportunities:part_create", args=[deal.pk]), "dialog"
            elif edit_url and name != "line" and rights.writes(kind, name):
                url, target = edit_url(name), f"field-{name}"
            found.append(Requirement(name, labels[name], name not in lacking, url, target))
    return found


def labels_of(names: list[str], viewer: User) -> dict[str, str]:
    """What the names of required things mean; those of added fields that the viewer may see. The reason of a loss is
    asked for with the loss itself."""
    added = {each.slug: each.label for each in custom_fields(Opportunity, viewer)} if any(map(is_custom, names)) else {}
    words = {"contact": _("A contact"), "line": _("A line"), **added}
    for name in names:
        if name not in words and not is_custom(name) and name != "lost_reason":
            words[name] = capfirst(str(Opportunity._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return {name: words[name] for name in names if name in words}


def guidance(stage: Stage) -> str:
    """The stage's guidance in the reader's language, else in the other one."""
    texts = {"fr": stage.guidance_fr, "en": stage.guidance_en}
    return texts.get(get_language() or "en") or stage.guidance_en or stage.guidance_fr
