"""The door to imports: one's own, and all for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from crm.access.models import User
    from integrations.models import ImportRow, ImportRun  # noqa: F401 named in quotation marks


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports. They hold whole files of personal data, so nobody sees another person's."""

    def visible_to(self, user: User) -> ImportRunQuerySet:
        return self if user.is_administrator else self.filter(by=user)

    def editable_by(self, user: User) -> ImportRunQuerySet:
        """Imports somebody may map, commit, cancel or undo: their own."""
        return self.filter(by=user)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Staged rows of imports."""

    def visible_to(self, user: User) -> ImportRowQuerySet:
        return self if user.is_administrator else self.filter(run__by=user)

    def to_write(self) -> ImportRowQuerySet:
        """Rows that change something and have not been written yet, in the order of the file."""
        from integrations.models import ImportRow

        writing = [ImportRow.Action.CREATE, ImportRow.Action.UPDATE]
        return self.filter(step=ImportRow.Step.STAGED, action__in=writing).order_by("number")

    def to_link(self) -> ImportRowQuerySet:
        """Written rows whose parent company is still to be linked."""
        from integrations.models import ImportRow

        return self.filter(step=ImportRow.Step.WRITTEN).order_by("number")
