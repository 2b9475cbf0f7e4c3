"""What is there from the start: a pipeline from prospection to signature, and reasons of losses to choose from."""

from __future__ import annotations

from typing import Any

from django.apps import apps

# (French name, English name, status, probability, colour, expected days)
STAGES = (
    ("Prospection", "Prospecting", "open", 10, "gray", 30),
    ("Qualification", "Engaging", "open", 25, "blue", 30),
    ("Proposition", "Proposal", "open", 50, "plum", 30),
    ("Négociation", "Negotiation", "open", 75, "amber", 30),
    ("Accord verbal", "Verbal agreement", "open", 90, "teal", 14),
    ("Gagnée", "Won", "won", 100, "green", None),
    ("Perdue", "Lost", "lost", 0, "rose", None),
)
LOST_REASONS = (
    ("Prix", "Price"),
    ("Concurrent choisi", "Went to a competitor"),
    ("Projet abandonné ou reporté", "Project dropped or postponed"),
    ("Budget refusé", "No budget"),
    ("Besoin mal couvert", "Need not met"),
    ("Sans réponse", "No answer"),
    ("Autre raison", "Another reason"),
)


def ensure_defaults(**_kwargs: Any) -> None:
    """Make the first pipeline and the reasons, where there are none yet."""
    pipelines, stages = apps.get_model("opportunities", "Pipeline"), apps.get_model("opportunities", "Stage")
    if not pipelines.objects.exists():
        pipeline = pipelines.objects.create(name_fr="Ventes directes", name_en="Direct sales", is_default=True)
        stages.objects.bulk_create(
            stages(
                pipeline=pipeline,
                position=place,
                name_fr=fr,
                name_en=en,
                status=status,
                probability=probability,
                colour=colour,
                expected_days=days,
            )
            for place, (fr, en, status, probability, colour, days) in enumerate(STAGES)
        )
    reasons = apps.get_model("opportunities", "LostReason")
    if not reasons.objects.exists():
        reasons.objects.bulk_create(
            reasons(position=place, name_fr=fr, name_en=en) for place, (fr, en) in enumerate(LOST_REASONS)
        )
