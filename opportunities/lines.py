"""The verbs of the lines of a deal. An amount that is their sum follows by itself (opportunities/sql/lines.sql)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from crm.access.models import User
from crm.records.changes import changes, record_event
from crm.records.models import Changeset
from crm.records.services import Refused, Saved, add_child, record_child_event, save_edit
from opportunities.models import DealLine, Opportunity
from opportunities.totals import MOST_LINES


@contextmanager
def locked(key: int) -> Iterator[Opportunity]:
    """The deal, locked in a transaction: its lines are changed by one at a time."""
    with transaction.atomic():
        yield Opportunity._base_manager.select_for_update(no_key=True).get(pk=key)


def add(line: DealLine, *, by: User) -> Saved:
    """Put a line below the others. A deal without an amount has the sum of its lines from then on.

    Raises Refused where there are as many as there may be.
    """
    with locked(line.opportunity_id) as deal, changes(by, Changeset.Source.EDIT):
        places = list(deal.lines.values_list("position", flat=True))
        if len(places) >= MOST_LINES:
            raise Refused(_("A deal has %(count)d lines at most.") % {"count": MOST_LINES})
        line.position = max(places, default=-1) + 1
        if deal.amount is None and deal.amount_source == Opportunity.AmountSource.TYPED:
            deal.amount_source = Opportunity.AmountSource.LINES
            deal.save(update_fields=["amount_source", "updated_at"])
        return add_child(line, by=by)


def remove(line: DealLine, *, by: User) -> Changeset:
    """Take a line off its deal; Undo brings it back."""
    with locked(line.opportunity_id), changes(by, Changeset.Source.EDIT) as changeset:
        line.delete()
        record_child_event("removed", line, by=by, changeset=changeset)
    return changeset


def move(line: DealLine, place: int, *, by: User) -> Changeset | None:
    """Put a line at a place among the others, the first being 0; None where it is there already."""
    with locked(line.opportunity_id) as deal:
        rows = list(deal.lines.all())
        moved = next((row for row in rows if row.pk == line.pk), None)
        if moved is None:  # Removed in the meantime.
            return None
        rows.remove(moved)
        rows.insert(max(0, min(place, len(rows))), moved)
        changed = [row for position, row in enumerate(rows) if row.position != position]
        for position, row in enumerate(rows):
            row.position = position
        if not changed:
            return None
        with changes(by, Changeset.Source.EDIT) as changeset:
            DealLine.objects.bulk_update(changed, ["position"])
            record_event("opportunity.lines_ordered", by=by, about=[deal], changeset=changeset)
    return changeset


def take_amount_from(source: str, deal: Opportunity, *, by: User) -> Saved:
    """Let the amount of a deal be the sum of its lines, or as it is typed. Raises Refused for a sum of no lines."""
    with locked(deal.pk) as deal:
        if source == Opportunity.AmountSource.LINES and not deal.lines.exists():
            raise Refused(_("There are no lines to add up: add one first."))
        return save_edit(deal, {"amount_source": source}, by=by)
