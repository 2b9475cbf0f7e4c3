"""Django's permission questions, answered from the matrix."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.db import models

from crm.access.models import User
from crm.access.querysets import RecordQuerySet
from crm.access.rights import Act, kind_of

ACTS = {"view": Act.SEE, "add": Act.CREATE, "change": Act.EDIT, "delete": Act.DELETE}


class MatrixBackend(BaseBackend):
    """`has_perm("contacts.change_contact", obj)`: records by the matrix, everything else for administrators."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        app_label, codename = perm.split(".", 1)
        verb, _, name = codename.partition("_")
        try:
            model = apps.get_model(app_label, name)
        except LookupError:
            return user_obj.is_administrator
        rows = model._default_manager.all()
        if not isinstance(rows, RecordQuerySet):
            return user_obj.is_administrator
        act = ACTS.get(verb)
        if act is None:
            return False
        if obj is None or act == Act.CREATE:
            return user_obj.rights.may(kind_of(model), act)
        return rows.allowed(user_obj, act, trashed=None).filter(pk=obj.pk).exists()
