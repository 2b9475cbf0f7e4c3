"""What people say about pairs of likely duplicates."""

from __future__ import annotations

from typing import Any

from contacts.models import Company, CompanyApart, Contact, ContactApart
from crm.access.models import User
from crm.records.changes import changes, record_event
from crm.records.models import Changeset


def say_apart(one: Contact | Company, two: Contact | Company, *, by: User) -> Changeset:
    """Remember that two records of one kind are not the same, so that no search proposes them again.

    Both were seen through a door, and at least one may be edited by the user.
    """
    model: Any = ContactApart if isinstance(one, Contact) else CompanyApart
    with changes(by, Changeset.Source.EDIT) as changeset:
        model.objects.get_or_create(one=one, two=two)
        record_event(f"{one._meta.model_name}.said_apart", by=by, about=[one, two], changeset=changeset)
    return changeset
