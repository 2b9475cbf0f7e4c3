"""Merging certain duplicates together: the older record of each pair stays, what it lacks comes from the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.duplicates.pairs import PAIRS
from contacts.duplicates.reasons import CERTAIN
from contacts.forms import CompanyForm, ContactForm
from contacts.merging import custom_values, merge_companies, whose_value_stays
from contacts.models import Company, Contact
from crm.access.models import User
from crm.lists.bulk import BulkAct
from crm.lists.models import BulkRun
from crm.records.merge import merge
from crm.records.models import Changeset
from crm.records.services import Refused

SLUG = "merge-certain"
# So many merges are one transaction: some seconds at most.
CHUNK = 100


def certain_pairs(model: type[Any], user: User) -> Any:
    """The certain pairs whose older record the user may edit and whose younger one they may delete."""
    doors = (model.objects.editable_by(user), model.objects.deletable_by(user))
    editable, deletable = (rows.order_by().values("pk") for rows in doors)
    pairs = PAIRS[model].objects.visible_to(user).filter(certainty__gte=CERTAIN)
    return pairs.filter(one__in=editable, two__in=deletable)


def merged_away(model: type[Any], user: User) -> Any:
    """Keys of the records that would go into older ones, in their order: who is older has gone before."""
    return certain_pairs(model, user).order_by("two").values_list("two", flat=True).distinct()


def merge_certain(model: type[Any]) -> BulkAct:
    """The bulk act of a kind of record; its rows are the records that go."""

    def gather(bulk_run: BulkRun) -> Iterable[int]:
        keys: Iterable[int] = merged_away(model, bulk_run.by).iterator(chunk_size=1000)
        return keys

    def run(rows: Any, _choice: str, by: User) -> dict[int, str]:
        left = {}
        for loser in rows.select_related("owner__team").order_by("pk"):
            # Looked for anew: who was older may have gone into a third one that this one is said to differ from.
            pairs = certain_pairs(model, by).filter(two=loser.pk).select_related("one__owner__team")
            pair = pairs.order_by("-certainty", "one").first()
            if pair is None:
                left[loser.pk] = _("It is no longer a certain duplicate.")
                continue
            try:
                _merge_into(pair.one, loser, by)
            except Refused as refused:
                left[loser.pk] = str(refused)
        return left

    return BulkAct(
        SLUG,
        gettext_lazy("Merge the certain duplicates"),
        "deletable_by",
        run,
        source=Changeset.Source.MERGE,
        gather=gather,
        chunk=CHUNK,
    )


def _merge_into(winner: Any, loser: Any, by: User) -> None:
    rows = [winner, loser]
    form: Any = ContactForm if isinstance(winner, Contact) else CompanyForm
    slugs = [*form._meta.fields, *(["photo"] if isinstance(winner, Contact) else [])]
    values = {slug: getattr(whose_value_stays(slug, rows), slug) for slug in slugs}
    values |= {"custom": custom_values(rows), "team": whose_value_stays("owner", rows).team}
    act = merge_companies if isinstance(winner, Company) else merge
    act(winner, [loser], values, by=by)
