"""People and companies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Now, Trim
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.querysets import CompanyQuerySet, ContactQuerySet
from crm.history import track
from crm.records.models import Record, Tag
from crm.records.search import Norm


def initials(name: str) -> str:
    """Up to two letters that stand for a name: "Claire Fontaine" is CF, "Groupe Valmont" GV."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@track()
class Company(Record):
    """A firm, administration or association."""

    name = models.CharField(_("name"), max_length=200)
    trade_name = models.CharField(_("trade name"), max_length=200, blank=True)
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    legal_id = models.CharField(_("other legal identifier"), max_length=40, blank=True)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    size = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    turnover = models.DecimalField(_("turnover"), max_digits=16, decimal_places=2, null=True, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    website = models.CharField(_("website"), max_length=500, blank=True)
    domains = models.JSONField(_("mail domains"), default=list, blank=True)
    notes = models.TextField(_("notes"), max_length=20000, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subsidiaries",
    )
    tags = models.ManyToManyField(Tag, verbose_name=_("categories"), through="CompanyTag", related_name="+")
    touched_at = models.DateTimeField(_("last activity"), db_default=Now(), editable=False)
    sort_name = models.GeneratedField(
        expression=Norm(F("name")), output_field=models.CharField(max_length=400, db_collation="C"), db_persist=True
    )

    objects: ClassVar[Any] = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="company_by_name"),
            models.Index(fields=["owner", "sort_name", "id"], name="company_by_owner_name"),
            models.Index(fields=["team", "sort_name", "id"], name="company_by_team_name"),
            models.Index(fields=["touched_at", "id"], name="company_by_touch"),
            models.Index(fields=["owner", "touched_at", "id"], name="company_by_owner_touch"),
            models.Index(fields=["team", "touched_at", "id"], name="company_by_team_touch"),
            models.Index(fields=["created_at", "id"], name="company_by_creation"),
            models.Index(fields=["owner", "created_at", "id"], name="company_by_owner_creation"),
            models.Index(fields=["team", "created_at", "id"], name="company_by_team_creation"),
            models.Index(fields=["siren"], name="company_by_siren", condition=~Q(siren="")),
            models.Index(fields=["owner", "team"], name="company_by_owner_team"),
            models.Index(fields=["trashed_at"], name="company_in_trash", condition=Q(trashed_at__isnull=False)),
            models.Index(fields=["merged_into"], name="company_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name)

    def get_absolute_url(self) -> str:
        return reverse("contacts:company_detail", args=[self.pk])


@track()
class Contact(Record):
    """A person."""

    class Civility(models.TextChoices):
        MS = "ms", _("Ms")
        MR = "mr", _("Mr")
        DR = "dr", _("Dr")
        PR = "pr", _("Prof.")
        ME = "me", _("Maître")
        MX = "mx", _("Mx")

    class Lifecycle(models.TextChoices):
        LEAD = "lead", _("Lead")
        PROSPECT = "prospect", _("Prospect")
        CUSTOMER = "customer", _("Customer")
        FORMER = "former", _("Former customer")
        PARTNER = "partner", _("Partner")
        SUPPLIER = "supplier", _("Supplier")

    class Consent(models.TextChoices):
        UNKNOWN = "", _("Not asked")
        GIVEN = "given", _("Given")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Basis(models.TextChoices):
        CONSENT = "consent", _("Consent")
        CONTRACT = "contract", _("Contract")
        INTEREST = "interest", _("Legitimate interest")
        LAW = "law", _("Legal obligation")

    civility = models.CharField(_("civility"), max_length=2, choices=Civility.choices, blank=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    department = models.CharField(_("department"), max_length=100, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    lifecycle = models.CharField(_("lifecycle"), max_length=10, choices=Lifecycle.choices, default=Lifecycle.LEAD)
    source = models.CharField(_("source"), max_length=80, blank=True)
    consent = models.CharField(_("mailing consent"), max_length=10, choices=Consent.choices, blank=True)
    consent_on = models.DateField(_("consent dated"), null=True, blank=True)
    consent_basis = models.CharField(_("legal basis"), max_length=10, choices=Basis.choices, blank=True)
    do_not_call = models.BooleanField(_("do not call"), default=False)
    notes = models.TextField(_("notes"), max_length=20000, blank=True)
    photo = models.ImageField(_("photo"), upload_to="photos/contacts/", blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("categories"), through="ContactTag", related_name="+")
    touched_at = models.DateTimeField(_("last activity"), db_default=Now(), editable=False)
    sort_name = models.GeneratedField(
        expression=Norm(Trim(Concat(F("last_name"), Value(" "), F("first_name")))),
        output_field=models.CharField(max_length=410, db_collation="C"),
        db_persist=True,
    )

    objects: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="contact_by_name"),
            models.Index(fields=["owner", "sort_name", "id"], name="contact_by_owner_name"),
            models.Index(fields=["team", "sort_name", "id"], name="contact_by_team_name"),
            models.Index(fields=["touched_at", "id"], name="contact_by_touch"),
            models.Index(fields=["owner", "touched_at", "id"], name="contact_by_owner_touch"),
            models.Index(fields=["team", "touched_at", "id"], name="contact_by_team_touch"),
            models.Index(fields=["created_at", "id"], name="contact_by_creation"),
            models.Index(fields=["owner", "created_at", "id"], name="contact_by_owner_creation"),
            models.Index(fields=["team", "created_at", "id"], name="contact_by_team_creation"),
            models.Index(fields=["owner", "team"], name="contact_by_owner_team"),
            models.Index(fields=["trashed_at"], name="contact_in_trash", condition=Q(trashed_at__isnull=False)),
            models.Index(fields=["merged_into"], name="contact_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Unnamed contact"))

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def photo_url(self) -> str:
        return reverse("contacts:contact_photo", args=[self.pk]) if self.photo else ""

    def get_absolute_url(self) -> str:
        return reverse("contacts:contact_detail", args=[self.pk])
