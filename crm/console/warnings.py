"""What a change of a setting does to what apps above the console keep, in sentences, before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm.records.models import Organisation

# From the value as it is and the value typed: a sentence, "" where nothing is to be said.
Effect = Callable[[Any, Any], str]
_effects: dict[str, Effect] = {}


def register(setting: str, effect: Effect) -> None:
    """Have a change of a setting read and confirmed first; registering the setting again replaces its effect."""
    _effects[setting] = effect


def effects(organisation: Organisation, typed: dict[str, Any]) -> dict[str, str]:
    """By setting, what its change does; settings that stay, and changes without effect, are left out."""
    found = {}
    for setting, effect in _effects.items():
        before = getattr(organisation, setting)
        if setting in typed and typed[setting] != before and (sentence := effect(before, typed[setting])):
            found[setting] = sentence
    return found
