"""Which stage a word of a file names, in the languages of this firm and in the words of other programs."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from crm.records.text import norm
from opportunities.models import Pipeline, Stage

# Stages that other programs bring along, with the probability they stand for there: the nearest of ours is taken.
FOREIGN = {
    # HubSpot
    "appointment scheduled": 20,
    "qualified to buy": 40,
    "presentation scheduled": 60,
    "contract sent": 90,
    "decision maker bought in": 80,
    "rendez vous planifie": 20,
    "presentation planifiee": 60,
    "decideur convaincu": 80,
    "contrat envoye": 90,
    # Salesforce
    "prospecting": 10,
    "qualification": 10,
    "needs analysis": 20,
    "value proposition": 50,
    "id decision makers": 60,
    "perception analysis": 70,
    "proposal price quote": 75,
    "negotiation review": 90,
    # Pipedrive
    "qualified": 20,
    "contact made": 30,
    "demo scheduled": 40,
    "proposal made": 60,
    "negotiations started": 80,
    "qualifie": 20,
    "contact etabli": 30,
    "demo planifiee": 40,
    "proposition faite": 60,
}
ENDS = {
    Stage.Status.WON: frozenset(
        "won|closed won|gagne|gagnee|ferme gagne|fermee gagnee|cloture gagnee|signed|signe".split("|")
    ),
    Stage.Status.LOST: frozenset("lost|closed lost|perdu|perdue|ferme perdu|fermee perdue|cloture perdue".split("|")),
}


def plain_words(text: str) -> str:
    """Write a name for comparing: small letters, no accents, nothing but letters and figures."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in norm(text)).split())


def ending(text: str) -> str:
    """Return how a deal ended that is said to be so, "" for an open one."""
    word = plain_words(text)
    return next((str(status) for status, words in ENDS.items() if word in words), "")


class Pipelines:
    """All pipelines with their stages, read once."""

    @cached_property
    def all(self) -> list[Pipeline]:
        """Those in use first, the default one in front."""
        rows = Pipeline.objects.prefetch_related("stages")
        return sorted(rows, key=lambda each: (not each.is_active, not each.is_default, each.position, each.pk))

    def named(self, text: str) -> Pipeline | None:
        """The pipeline of a name in either language, None if there is none."""
        return next((each for each in self.all if _is_called(each, text)), None)

    def stage(self, pipeline: Pipeline, text: str) -> tuple[Stage | None, bool]:
        """The stage of a pipeline that a word names, and whether it does so in our own words."""
        stages = list(pipeline.stages.all())
        if own := next((each for each in stages if _is_called(each, text)), None):
            return own, True
        if status := ending(text):
            return self.end(pipeline, status), True
        sure = FOREIGN.get(plain_words(text))
        still_open = [each for each in stages if each.status == Stage.Status.OPEN]
        if sure is None or not still_open:
            return None, False
        return min(still_open, key=lambda each: abs(each.probability - sure)), False

    def end(self, pipeline: Pipeline, status: str) -> Stage | None:
        """The first stage of a pipeline of a status."""
        return next((each for each in pipeline.stages.all() if each.status == status), None)

    def of_names(self, pipeline: str, stage: str) -> Stage | None:
        """The stage that a cleaned row or a record's plain values name."""
        found = self.named(pipeline) or self.all[0]
        return next((each for each in found.stages.all() if _is_called(each, stage)), None)


def _is_called(named: Any, text: str) -> bool:
    return plain_words(text) in {plain_words(named.name_fr), plain_words(named.name_en)}
