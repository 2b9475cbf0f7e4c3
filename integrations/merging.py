"""What a row of a file changes in a record that is already there. Blank cells never erase, lists only grow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contacts.models import Contact
from crm.records.custom import is_custom
from crm.records.text import norm
from integrations.cells import untitled
from integrations.models import ImportRun
from integrations.rows import Clean
from integrations.states import SCALARS

Changes = dict[str, list[Any]]
# What names another record, however it is written.
_NAMES = frozenset("owner parent company pipeline stage lost_reason team".split())

_REFUSALS = (Contact.Consent.REFUSED, Contact.Consent.WITHDRAWN)
# Lists, and what makes two of their values the same.
_LISTS: dict[str, Callable[[Any], Any]] = {
    "emails": lambda value: value[1],
    "phones": lambda value: value[1],
    "links": lambda value: untitled(value)[1].rstrip("/"),
    "tags": norm,
    "groups": norm,
    "companies": norm,
    "domains": norm,
    "lines": lambda value: norm(value["label"]),
    "takers": lambda value: value["id"],
    "sellers": lambda value: norm(value[0]),
    "prices": tuple,
}


def merge(kind: str, old: Clean, new: Clean, on_match: str) -> Changes:
    """Return {field: [old value, new value]} for what `new` changes in `old`; both are cleaned values.

    With `fill` only blank values are set; with `update` a filled cell replaces. A refusal of mailing stays one.
    """
    changes: Changes = {}
    for slug in (*SCALARS[kind], "parent", "owner", *filter(is_custom, new)):
        was, wanted = old.get(slug), new.get(slug)
        is_filled = was is not None if is_custom(slug) else bool(was) or was is False
        if wanted is None or wanted == was or (is_filled and on_match == ImportRun.OnMatch.FILL):
            continue
        if slug in _NAMES and was and norm(str(was)) == norm(str(wanted)):
            continue
        if slug == "consent" and was in _REFUSALS:
            continue
        changes[slug] = [was, wanted]
    for slug, identity in _LISTS.items():
        known = {identity(value) for value in old.get(slug, [])}
        missing = [value for value in new.get(slug, []) if identity(value) not in known]
        if missing:
            changes[slug] = [old.get(slug, []), [*old.get(slug, []), *missing]]
    if jobs := _new_jobs(old, new):
        changes["jobs"] = [old.get("jobs", []), [*old.get("jobs", []), *jobs]]
    addresses = _merge_addresses(old.get("addresses", []), new.get("addresses", []), on_match)
    if addresses != old.get("addresses", []):
        changes["addresses"] = [old.get("addresses", []), addresses]
    return changes


def _new_jobs(old: Clean, new: Clean) -> list[list[str]]:
    """Return the jobs that are not there; of a company where somebody works now nothing is told anew."""
    known = {(norm(company), norm(role), *days) for company, role, *days in old.get("jobs", [])}
    here = set(map(norm, old.get("companies", [])))
    return [
        [company, role, started, ended]
        for company, role, started, ended in new.get("jobs", [])
        if (norm(company), norm(role), started, ended) not in known and (ended or norm(company) not in here)
    ]


def _merge_addresses(old: list[Clean], new: list[Clean], on_match: str) -> list[Clean]:
    """Merge addresses by what they are for: the first of the same kind takes the new parts, others are added."""
    merged = [dict(address) for address in old]
    for address in new:
        if any(_parts(address) == _parts(known) for known in merged):
            continue
        twin = next((known for known in merged if known["label"] == address["label"]), None)
        if twin is None:
            merged.append(address)
        elif on_match == ImportRun.OnMatch.UPDATE:
            twin.update(address)
        else:
            twin.update({part: text for part, text in address.items() if not twin.get(part)})
    return merged


def _parts(address: Clean) -> Clean:
    return {part: norm(text) for part, text in address.items() if part != "label"}
