"""The verbs of contacts and companies beyond plain edits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from contacts.models import Affiliation, Company, Contact, Group, Membership, Point
from crm.access.models import User
from crm.records import services
from crm.records.changes import changes, record_event
from crm.records.models import Changeset, Tag
from crm.records.services import Refused, Saved


def create_contact(contact: Contact, *, by: User, children: Iterable[models.Model] = ()) -> Contact:
    """Insert a contact with its addresses, phones and affiliations; a company that is new is made with it."""
    rows = list(children)
    with changes(by, Changeset.Source.CREATE):
        for row in rows:
            if isinstance(row, Affiliation) and row.company.pk is None:
                services.create(row.company, by=by)
                row.company_id = row.company.pk
        return services.create(contact, by=by, children=rows)


def affiliate(affiliation: Affiliation, *, by: User) -> Saved:
    """Tie a contact to a company; the first current one is primary. A company that is new is made with it.

    Raises IntegrityError where somebody else has just tied the two: the form, which looked before, says it then.
    """
    with changes(by, Changeset.Source.EDIT):
        if affiliation.company.pk is None:
            services.create(affiliation.company, by=by)
            affiliation.company_id = affiliation.company.pk
        present = _siblings(affiliation, lock=True).filter(ended_on__isnull=True)
        if present.filter(company=affiliation.company_id).exists():
            raise IntegrityError
        has_primary = present.filter(is_primary=True).exists()
        affiliation.is_primary = affiliation.ended_on is None and not has_primary
        return services.add_child(affiliation, by=by)


def end_affiliation(affiliation: Affiliation, *, by: User, on: date) -> Changeset:
    """The contact leaves the company; the row stays as history, and another current place becomes the primary one."""
    # Who leaves before the first day has, for the record, left on it.
    on = max(on, affiliation.started_on) if affiliation.started_on else on
    with changes(by, Changeset.Source.EDIT) as changeset:
        _siblings(affiliation, lock=True).filter(pk=affiliation.pk).update(ended_on=on, is_primary=False)
        _have_a_primary(affiliation)
        about = [affiliation.contact, affiliation.company]
        record_event("contact.left_company", by=by, about=about, changeset=changeset)
    return changeset


def remove_row(row: Any, *, by: User) -> Changeset:
    """Delete an address, phone, link or affiliation; another one of its kind becomes the primary one if it was."""
    with changes(by, Changeset.Source.EDIT) as changeset:
        services.record_child_event("removed", row, by=by, changeset=changeset)
        if getattr(row, "is_primary", False):
            _siblings(row, lock=True)
            row.delete()
            _have_a_primary(row)
        else:
            row.delete()
    return changeset


def _siblings(row: Any, *, lock: bool = False) -> models.QuerySet[Any]:
    """The rows of its kind that belong to the same record, of affiliations those of the same contact.

    With `lock`, nobody else changes them until the end of the transaction: two could otherwise both be primary.
    """
    owner = _owner(row)
    if lock:
        type(owner)._base_manager.select_for_update(no_key=True).get(pk=owner.pk)
    rows: models.QuerySet[Any] = type(row)._default_manager.all()
    return rows.filter(**{f"{owner._meta.model_name}_id": owner.pk})


def _owner(row: Any) -> Any:
    return row.contact if row.contact_id else row.company


def _have_a_primary(row: Any) -> None:
    """Make the oldest row of its kind primary if none is; a place that ended cannot be."""
    rows = _siblings(row)
    rows = rows.filter(ended_on__isnull=True) if isinstance(row, Affiliation) else rows
    heir = rows.order_by("-is_primary", "id").first()
    if heir is not None and not heir.is_primary:
        rows.filter(pk=heir.pk).update(is_primary=True)


def make_primary(row: Any, *, by: User) -> Changeset | None:
    """Make one address, phone or affiliation the primary one of its record, and the former one not."""
    if row.is_primary:
        return None
    owner = "contact" if row.contact_id else "company"
    with changes(by, Changeset.Source.EDIT) as changeset:
        others = _siblings(row, lock=True)
        others.filter(is_primary=True).exclude(pk=row.pk).update(is_primary=False)
        others.filter(pk=row.pk).update(is_primary=True)
        record = getattr(row, owner)
        name = f"{row._meta.model_name}.is_primary"
        record_event(f"{owner}.changed", by=by, about=[record], changeset=changeset, fields=[name])
    return changeset


def add_point(point: Point, *, by: User) -> Saved:
    """Add an e-mail address, phone or postal address; the first of its kind is primary."""
    with transaction.atomic():
        point.is_primary = not _siblings(point, lock=True).filter(is_primary=True).exists()
        return services.add_child(point, by=by)


def set_photo(contact: Contact, photo: File[bytes] | None, *, by: User) -> Saved:
    """Give a contact a photo, or none. The former file stays for Undo, until the contact is purged."""
    name = default_storage.save(f"photos/contacts/{contact.pk}.webp", photo) if photo else ""
    return services.save_edit(contact, {"photo": name}, by=by)


def add_to_group(rows: Any, group: Group, *, by: User) -> Changeset:
    """Put contacts or companies (which came through a door) into a group that the user may edit."""
    _editable(group, by)
    name = rows.model._meta.model_name

    def act(ids: list[int], _cs: Changeset) -> int:
        made = [Membership(group=group, **{f"{name}_id": pk}) for pk in ids]
        inside = set(group.memberships.filter(**{f"{name}_id__in": ids}).values_list(f"{name}_id", flat=True))
        new = [row for row in made if getattr(row, f"{name}_id") not in inside]
        Membership.objects.bulk_create(new, ignore_conflicts=True, batch_size=5000)
        return len(new)

    return services.change_rows(rows, act, by=by, verb="grouped", lock=False, group=group.pk)


def remove_from_group(rows: Any, group: Group, *, by: User) -> Changeset:
    """Take contacts or companies out of a group that the user may edit."""
    _editable(group, by)
    name = rows.model._meta.model_name
    return services.change_rows(
        rows,
        lambda ids, _cs: group.memberships.filter(**{f"{name}_id__in": ids}).delete()[0],
        by=by,
        verb="ungrouped",
        lock=False,
        group=group.pk,
    )


def _editable(group: Group, by: User) -> None:
    if not Group.objects.editable_by(by).filter(pk=group.pk).exists():
        raise Refused(_("You may not change this group."))


def groups_of(record: Any, user: User) -> list[Membership]:
    """A contact's or company's places in the groups that the user may see."""
    seen = Group.objects.visible_to(user)
    return list(record.memberships.filter(group__in=seen).select_related("group").order_by("group__sort_name"))


def set_tags(record: Any, tags: Iterable[Tag], new: str, *, by: User) -> Changeset | None:
    """Give a contact or company exactly these categories, and one of a new name besides (found by name if known).

    None where it carries exactly these already.
    """
    link = record._meta.get_field("tags").remote_field.through
    owner = record._meta.model_name
    if not new and {tag.pk for tag in tags} == set(record.tags.values_list("pk", flat=True)):
        return None
    wanted = {tag.pk for tag in tags}
    if new:
        # Not part of the change: Undo takes the category off the record, and leaves it to be picked elsewhere.
        wanted.add((Tag.objects.filter(name__iexact=new).first() or Tag.objects.create(name=new)).pk)
    with changes(by, Changeset.Source.EDIT) as changeset:
        links = link._default_manager.filter(**{owner: record})
        inside = set(links.values_list("tag_id", flat=True))
        links.filter(tag_id__in=inside - wanted).delete()
        link._default_manager.bulk_create([link(**{owner: record, "tag_id": pk}) for pk in wanted - inside])
        record_event(f"{owner}.changed", by=by, about=[record], changeset=changeset, fields=["tags"])
    return changeset


def companies_above(company: Company, user: User) -> list[Company]:
    """The companies a company stands under, highest first, as far up as the user may see them. One statement."""
    if company.parent_id is None:
        return []
    above = RawSQL(ABOVE, [company.parent_id])  # noqa: S611 - a constant, and a number
    seen = {each.pk: each for each in Company.objects.visible_to(user).filter(pk__in=above)}
    line: list[Company] = []
    step: int | None = company.parent_id
    while step in seen:
        line.insert(0, seen.pop(step))
        step = line[0].parent_id
    return line


# UNION, not UNION ALL: a loop ends by itself.
ABOVE = """
    WITH RECURSIVE line (id, parent_id) AS (
        SELECT id, parent_id FROM contacts_company WHERE id = %s
        UNION
        SELECT c.id, c.parent_id FROM contacts_company c JOIN line ON c.id = line.parent_id
    )
    SELECT id FROM line
"""
