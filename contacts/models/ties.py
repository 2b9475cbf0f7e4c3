"""How people and companies are tied: places of work, groups made by hand, categories."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.people import Company, Contact, initials
from contacts.querysets import GroupQuerySet
from crm.history import track
from crm.records.models import Record, Tag
from crm.records.search import Norm


@track(parents=("contact", "company"))
class Affiliation(models.Model):
    """A contact's place in a company. Leaving sets `ended_on`; the row stays."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="affiliations")
    role = models.CharField(_("role"), max_length=150, blank=True)
    started_on = models.DateField(pgettext_lazy("since a day", "from"), null=True, blank=True)
    ended_on = models.DateField(pgettext_lazy("until a day", "to"), null=True, blank=True)
    is_primary = models.BooleanField(pgettext_lazy("company", "primary"), default=False)

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-is_primary", F("ended_on").desc(nulls_first=True), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(is_primary=True), name="one_primary_affiliation_a_contact"
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="affiliation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} – {self.company}"


@track()
class Group(Record):
    """A list of contacts and companies made by hand."""

    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), max_length=1000, blank=True)
    colour = models.CharField(_("colour"), max_length=6, default="blue")
    sort_name = models.GeneratedField(
        expression=Norm(F("name")), output_field=models.CharField(max_length=200, db_collation="C"), db_persist=True
    )

    objects: ClassVar[Any] = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["sort_name", "id"]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="group_by_name"),
            models.Index(fields=["merged_into"], name="group_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name)

    def get_absolute_url(self) -> str:
        return reverse("contacts:group_detail", args=[self.pk])


@track(parents=("contact", "company", "group"))
class Membership(models.Model):
    """A contact's or company's place in a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, company__isnull=True)
                | Q(contact__isnull=True, company__isnull=False),
                name="membership_has_one_member",
            ),
            models.UniqueConstraint(fields=["group", "contact"], name="contact_once_a_group"),
            models.UniqueConstraint(fields=["group", "company"], name="company_once_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.contact or self.company} – {self.group}"


@track(parents=("contact",))
class ContactTag(models.Model):
    """A tag on a contact."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="tag_links", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [models.UniqueConstraint(fields=["contact", "tag"], name="tag_once_a_contact")]

    def __str__(self) -> str:
        return str(self.tag)


@track(parents=("company",))
class CompanyTag(models.Model):
    """A tag on a company."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="tag_links", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [models.UniqueConstraint(fields=["company", "tag"], name="tag_once_a_company")]

    def __str__(self) -> str:
        return str(self.tag)
