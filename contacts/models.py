"""People, companies, how they are tied, how they are reached, and the groups they are put in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Now, Trim
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.querysets import CompanyQuerySet, ContactQuerySet, GroupQuerySet
from crm.history import track
from crm.records.models import Record, Tag, TeamShare, UserShare
from crm.records.search import Norm, SearchEntry


def initials(name: str) -> str:
    """Up to two letters that stand for a name: "Claire Fontaine" is CF, "Groupe Valmont" GV."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class Label(models.TextChoices):
    """What an e-mail address, phone or postal address is for."""

    WORK = "work", _("Work")
    MOBILE = "mobile", _("Mobile")
    HOME = "home", pgettext_lazy("kind of address", "Home")
    FAX = "fax", _("Fax")
    BILLING = "billing", _("Billing")
    DELIVERY = "delivery", _("Delivery")
    OTHER = "other", _("Other")


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
            models.Index(fields=["siren"], name="company_by_siren", condition=~Q(siren="")),
            models.Index(fields=["trashed_at"], name="company_in_trash", condition=Q(trashed_at__isnull=False)),
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
            models.Index(fields=["trashed_at"], name="contact_in_trash", condition=Q(trashed_at__isnull=False)),
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


class Point(models.Model):
    """Base of the ways to reach somebody: it belongs to a contact or to a company, and one of a kind is primary."""

    contact = models.ForeignKey(
        Contact, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="%(class)ss"
    )
    company = models.ForeignKey(
        Company, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="%(class)ss"
    )
    label = models.CharField(_("kind"), max_length=8, choices=Label.choices, default=Label.WORK)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        abstract = True
        ordering = ["-is_primary", "id"]


def one_owner(name: str) -> list[models.BaseConstraint]:
    """A way to reach somebody belongs to exactly one record, and each record has one primary at most."""
    return [
        models.CheckConstraint(
            condition=Q(contact__isnull=False, company__isnull=True) | Q(contact__isnull=True, company__isnull=False),
            name=f"{name}_has_one_owner",
        ),
        models.UniqueConstraint(fields=["contact"], condition=Q(is_primary=True), name=f"one_primary_{name}_a_contact"),
        models.UniqueConstraint(fields=["company"], condition=Q(is_primary=True), name=f"one_primary_{name}_a_company"),
    ]


@track(parents=("contact", "company"))
class Email(Point):
    """An e-mail address, kept in lower case."""

    address = models.CharField(_("e-mail address"), max_length=254)

    class Meta(Point.Meta):
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        constraints = [
            *one_owner("email"),
            models.UniqueConstraint(fields=["contact", "address"], name="email_once_a_contact"),
            models.UniqueConstraint(fields=["company", "address"], name="email_once_a_company"),
        ]
        indexes = [models.Index(fields=["address"], name="email_by_address")]

    def __str__(self) -> str:
        return self.address


@track(parents=("contact", "company"))
class Phone(Point):
    """A phone number as `contacts.phones.clean_phone` gives it: E.164, with ";ext=12" behind it if need be."""

    number = models.CharField(_("number"), max_length=32)
    digits = models.CharField(max_length=60, blank=True, editable=False)  # phone_digits(number), what search reads

    class Meta(Point.Meta):
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        constraints = [
            *one_owner("phone"),
            models.UniqueConstraint(fields=["contact", "number"], name="phone_once_a_contact"),
            models.UniqueConstraint(fields=["company", "number"], name="phone_once_a_company"),
        ]
        indexes = [models.Index(fields=["number"], name="phone_by_number")]

    def __str__(self) -> str:
        return self.number


@track(parents=("contact", "company"))
class PostalAddress(Point):
    """Where letters and visitors go."""

    street = models.TextField(_("street"), max_length=300, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)

    contact = models.ForeignKey(
        Contact, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="addresses"
    )
    company = models.ForeignKey(
        Company, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="addresses"
    )

    class Meta(Point.Meta):
        verbose_name = _("postal address")
        verbose_name_plural = _("postal addresses")
        constraints = one_owner("address")

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.city}".strip(), self.country) if part)


@track(parents=("contact", "company"))
class Link(models.Model):
    """A page about a contact or company elsewhere: a profile, a portfolio."""

    contact = models.ForeignKey(
        Contact, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="links"
    )
    company = models.ForeignKey(
        Company, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="links"
    )
    title = models.CharField(_("title"), max_length=60, blank=True)
    url = models.CharField(_("web address"), max_length=500)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title or self.url


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
        indexes = [models.Index(fields=["sort_name", "id"], name="group_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name)

    def get_absolute_url(self) -> str:
        return reverse("contacts:group_detail", args=[self.pk])


@track(parents=("contact", "company"))
class Membership(models.Model):
    """A contact's or company's place in a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
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

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="tag_links")
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

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="tag_links")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [models.UniqueConstraint(fields=["company", "tag"], name="tag_once_a_company")]

    def __str__(self) -> str:
        return str(self.tag)


@track(parents=("content_object",))
class ContactUserShare(UserShare):
    """A contact shared with a person."""

    content_object = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")
        indexes = [models.Index(fields=["user", "permission", "content_object"])]


@track(parents=("content_object",))
class ContactTeamShare(TeamShare):
    """A contact shared with a team."""

    content_object = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")
        indexes = [models.Index(fields=["group", "permission", "content_object"])]


Contact._share_models = (ContactUserShare, ContactTeamShare)  # type: ignore[attr-defined]


@track(parents=("content_object",))
class CompanyUserShare(UserShare):
    """A company shared with a person."""

    content_object = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")
        indexes = [models.Index(fields=["user", "permission", "content_object"])]


@track(parents=("content_object",))
class CompanyTeamShare(TeamShare):
    """A company shared with a team."""

    content_object = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")
        indexes = [models.Index(fields=["group", "permission", "content_object"])]


Company._share_models = (CompanyUserShare, CompanyTeamShare)  # type: ignore[attr-defined]


@track(parents=("content_object",))
class GroupUserShare(UserShare):
    """A group shared with a person."""

    content_object = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="user_shares")

    class Meta(UserShare.Meta):
        verbose_name = _("shared with")
        verbose_name_plural = _("shares")
        indexes = [models.Index(fields=["user", "permission", "content_object"])]


@track(parents=("content_object",))
class GroupTeamShare(TeamShare):
    """A group shared with a team."""

    content_object = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="team_shares")

    class Meta(TeamShare.Meta):
        verbose_name = _("shared with the team")
        verbose_name_plural = _("shares")
        indexes = [models.Index(fields=["group", "permission", "content_object"])]


Group._share_models = (GroupUserShare, GroupTeamShare)  # type: ignore[attr-defined]


class ContactEntry(SearchEntry):
    """Words a contact is found by; kept in step by the database (contacts/sql/search.sql)."""

    record = models.ForeignKey(Contact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        indexes = SearchEntry.indexes("contact")


class CompanyEntry(SearchEntry):
    """Words a company is found by; kept in step by the database (contacts/sql/search.sql)."""

    record = models.ForeignKey(Company, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        indexes = SearchEntry.indexes("company")
