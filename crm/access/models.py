"""Who works here: users, the tree of teams, and roles, whose matrix is the only source of rights."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth import load_backend
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.access.querysets import shared_keys
from crm.access.rights import ADMINISTRATION, Act, Level, Rights, Scope, rights_of
from crm.history import track
from crm.names import TwoNames

HUES = ("blue", "teal", "green", "amber", "orange", "rose", "plum", "gray")


# Each team owns one `auth.Group`, which guardian's shares name. The database keeps groups in step, whoever writes:
# a service, an undo that brings a team back under its old keys, a bulk load.
GROUP_COMES_BACK = """
    INSERT INTO auth_group (id, name) VALUES (NEW.group_id, NEW.name) ON CONFLICT DO NOTHING;
    RETURN NEW;
"""
GROUP_FOLLOWS_NAME = """
    UPDATE auth_group SET name = NEW.name WHERE id = NEW.group_id;
    RETURN NULL;
"""
GROUP_GOES = """
    DELETE FROM auth_group WHERE id = OLD.group_id;
    RETURN NULL;
"""
GROUPS_FOLLOW_TEAM = """
    DELETE FROM access_user_groups WHERE user_id = NEW.id;
    INSERT INTO access_user_groups (user_id, group_id)
        SELECT NEW.id, t.group_id FROM access_team t WHERE t.id = NEW.team_id;
    RETURN NULL;
"""


@track()
class Team(models.Model):
    """A node of the tree of teams. It owns one `auth.Group`, through which records are shared with it."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="team", editable=False)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        triggers = [
            pgtrigger.Trigger(
                name="group_comes_back", when=pgtrigger.Before, operation=pgtrigger.Insert, func=GROUP_COMES_BACK
            ),
            pgtrigger.Trigger(
                name="group_follows_name",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("name"),
                func=GROUP_FOLLOWS_NAME,
            ),
            pgtrigger.Trigger(name="group_goes", when=pgtrigger.After, operation=pgtrigger.Delete, func=GROUP_GOES),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class Role(TwoNames):
    """A named set of rights; a person may hold several, and the most permissive wins."""

    slug = models.SlugField(_("identifier"), unique=True)
    requires_second_factor = models.BooleanField(_("requires a second factor"), default=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["id"]


@track(parents=("role",))
class Right(models.Model):
    """One cell of the matrix: what a role may do with one kind of record, and with whose."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="rights")
    kind = models.CharField(_("kind of record"), max_length=60)
    act = models.CharField(_("act"), max_length=10, choices=Act.choices)
    scope = models.PositiveSmallIntegerField(_("whose"), choices=Scope.choices, default=Scope.NOBODY)

    class Meta:
        verbose_name = _("right")
        verbose_name_plural = _("rights")
        constraints = [models.UniqueConstraint(fields=["role", "kind", "act"], name="one_scope_per_act")]

    def __str__(self) -> str:
        return f"{self.role} · {self.kind} · {self.get_act_display()}"


@track(parents=("role",))
class FieldRule(models.Model):
    """A field of a kind of record that a role may only read, or not even see; without a rule it may edit it.

    `field` is a model field's name, the slug of one that administrators added, or the model's name of rows that belong
    to the record ("email"). Of several roles the mildest wins, and one without a rule lets its holders edit the field.
    """

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="field_rules")
    kind = models.CharField(_("kind of record"), max_length=60)
    field = models.CharField(_("field"), max_length=60)
    level = models.PositiveSmallIntegerField(
        _("what the role may do"), choices=[(each.value, each.label) for each in (Level.HIDDEN, Level.READ)]
    )

    class Meta:
        verbose_name = _("field rule")
        verbose_name_plural = _("field rules")
        constraints = [models.UniqueConstraint(fields=["role", "kind", "field"], name="one_rule_per_field")]

    def __str__(self) -> str:
        return f"{self.role} · {self.kind} · {self.field}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        """Make a user; without a password nobody can sign in as them until invited."""
        user = self.model(email=(email or "").strip().lower() or None, **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def administrators(self) -> models.QuerySet[User]:
        """Those who can sign in and may do everything in the console; there must always be one."""
        cells = Right.objects.filter(kind=ADMINISTRATION, act=Act.EDIT, scope=Scope.ALL)
        able = self.filter(is_active=True, email__isnull=False).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return able.filter(roles__in=cells.values("role")).distinct()


@track(exclude=("password", "last_login", "theme", "single_keys"))
class User(AbstractBaseUser):
    """A colleague. Without an e-mail address they own records but cannot sign in until invited."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Language(models.TextChoices):
        FRENCH = "fr", "Français"
        ENGLISH = "en", "English"

    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    photo = models.ImageField(_("photo"), upload_to="photos/users/", blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.FRENCH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    roles = models.ManyToManyField(Role, verbose_name=_("roles"), blank=True, related_name="users", through="UserRole")
    groups = models.ManyToManyField(Group, blank=True, editable=False, related_name="user_set")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    # Where this user is acting from; set on each request, kept with what they change.
    address: str | None = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["last_name", "first_name", "id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]
        triggers = [
            pgtrigger.Trigger(
                name="groups_follow_team",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("team_id"),
                func=GROUPS_FOLLOW_TEAM,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email or f"#{self.pk}"

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        parts = [part for part in (self.first_name, self.last_name) if part] or [self.name]
        return "".join(part[0] for part in parts[:2]).upper()

    @property
    def photo_url(self) -> str:
        return reverse("ui:user_photo", args=[self.pk]) if self.photo else ""

    @property
    def colour(self) -> str:
        return HUES[(self.pk or 0) % len(HUES)]

    @cached_property
    def rights(self) -> Rights:
        """What this user may do, read once per request (one statement)."""
        return rights_of(self)

    @cached_property
    def shared(self) -> dict[tuple[str, str, str], list[int]]:
        """What is shared with this user, read once per request (one statement): see `shared_keys`."""
        return shared_keys(self)

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.rights.scope(ADMINISTRATION, Act.EDIT) == Scope.ALL

    @property
    def is_staff(self) -> bool:
        return self.is_administrator

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Answered by the matrix alone, whatever other backends sign people in."""
        return bool(load_backend("crm.access.backend.MatrixBackend").has_perm(self, perm, obj))

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_administrator


@track(parents=("user",))
class UserRole(models.Model):
    """A role that a user holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="one_role_once_a_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"


class Invitation(models.Model):
    """An open invitation to a person without a password yet; the secret itself is only in the mail."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"#{self.pk}"
