"""The verbs of contacts and companies beyond plain edits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
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
    with transaction.atomic():
        for row in rows:
            if isinstance(row, Affiliation) and row.company.pk is None:
                services.create(row.company, by=by)
                row.company_id = row.company.pk
        return services.create(contact, by=by, children=rows)


def affiliate(affiliation: Affiliation, *, by: User) -> Saved:
    """Tie a contact to a company; the first current one is primary. A company that is new is made with it."""
    with transaction.atomic():
        if affiliation.company.pk is None:
            services.create(affiliation.company, by=by)
            affiliation.company_id = affiliation.company.pk
        current = Affiliation.objects.select_for_update().filter(contact=affiliation.contact, ended_on__isnull=True)
        affiliation.is_primary = affiliation.ended_on is None and not any(a.is_primary for a in current)
        return services.add_child(affiliation, by=by)


def end_affiliation(affiliation: Affiliation, *, by: User, on: date) -> Changeset:
    """The contact leaves the company; the row stays as history, and another current place becomes the primary one."""
    with changes(by, Changeset.Source.EDIT) as changeset:
        places = Affiliation.objects.select_for_update().filter(contact=affiliation.contact)
        places.filter(pk=affiliation.pk).update(ended_on=on, is_primary=False)
        current = places.filter(ended_on__isnull=True)
        if not current.filter(is_primary=True).exists():
            heir = current.order_by("id").first()
            places.filter(pk=heir.pk if heir else 0).update(is_primary=True)
        about = [affiliation.contact, affiliation.company]
        record_event("contact.left_company", by=by, about=about, changeset=changeset)
    return changeset


def make_primary(row: Any, *, by: User) -> Changeset:
    """Make one address, phone or affiliation the primary one of its record, and the former one not."""
    owner = "contact" if row.contact_id else "company"
    with changes(by, Changeset.Source.EDIT) as changeset:
        others = type(row)._default_manager.filter(**{f"{owner}_id": getattr(row, f"{owner}_id")})
        others.filter(is_primary=True).exclude(pk=row.pk).update(is_primary=False)
        others.filter(pk=row.pk).update(is_primary=True)
        record = getattr(row, owner)
        name = f"{row._meta.model_name}.is_primary"
        record_event(f"{owner}.changed", by=by, about=[record], changeset=changeset, fields=[name])
    return changeset


def add_point(point: Point, *, by: User) -> Saved:
    """Add an e-mail address, phone or postal address; the first of its kind is primary."""
    owner = "contact" if point.contact_id else "company"
    twins = type(point)._default_manager.filter(**{f"{owner}_id": getattr(point, f"{owner}_id")})
    point.is_primary = not twins.filter(is_primary=True).exists()
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


def set_tags(record: Any, tags: Iterable[Tag], new: str, *, by: User) -> Changeset:
    """Give a contact or company exactly these categories, and one of a new name besides (found by name if known)."""
    link = record._meta.get_field("tags").remote_field.through
    owner = record._meta.model_name
    with changes(by, Changeset.Source.EDIT) as changeset:
        wanted = {tag.pk for tag in tags}
        if new:
            wanted.add((Tag.objects.filter(name__iexact=new).first() or Tag.objects.create(name=new)).pk)
        links = link._default_manager.filter(**{owner: record})
        inside = set(links.values_list("tag_id", flat=True))
        links.filter(tag_id__in=inside - wanted).delete()
        link._default_manager.bulk_create([link(**{owner: record, "tag_id": pk}) for pk in wanted - inside])
        record_event(f"{owner}.changed", by=by, about=[record], changeset=changeset, fields=["tags"])
    return changeset


def companies_above(company: Company, user: User) -> list[Company]:
    """The companies a company stands under, highest first, as far as the user may see them."""
    if company.parent_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [company.parent_id])
        line = [key for (key,) in cursor.fetchall()]
    seen = Company.objects.visible_to(user).in_bulk(line)
    return [seen[key] for key in line if key in seen]


# UNION, not UNION ALL: a loop ends by itself.
ABOVE = """
    WITH RECURSIVE line (id, parent_id, height) AS (
        SELECT id, parent_id, 1 FROM contacts_company WHERE id = %s
        UNION
        SELECT c.id, c.parent_id, line.height + 1 FROM contacts_company c JOIN line ON c.id = line.parent_id
        WHERE line.height < 20
    )
    SELECT id FROM line ORDER BY height DESC
"""
