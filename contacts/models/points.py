"""How people and companies are reached: e-mail addresses, phones, postal addresses, links."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.people import Company, Contact
from crm.history import track


class Label(models.TextChoices):
    """What an e-mail address, phone or postal address is for."""

    WORK = "work", _("Work")
    MOBILE = "mobile", _("Mobile")
    HOME = "home", pgettext_lazy("kind of address", "Home")
    FAX = "fax", _("Fax")
    BILLING = "billing", _("Billing")
    DELIVERY = "delivery", _("Delivery")
    OTHER = "other", _("Other")


class Point(models.Model):
    """Base of the ways to reach somebody: it belongs to a contact or to a company, and one of a kind is primary."""

    # Without indexes of their own where those of a constraint serve.
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="%(class)ss",
        db_index=False,
    )
    company = models.ForeignKey(
        Company,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="%(class)ss",
        db_index=False,
    )
    label = models.CharField(_("kind"), max_length=8, choices=Label.choices, default=Label.WORK)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        abstract = True
        ordering = ["-is_primary", "id"]


def once(owner: str, name: str, *also: str, condition: Q | None = None) -> models.UniqueConstraint:
    """Unique within one contact or one company; rows of the other kind are not in the index."""
    of_owner = Q(**{f"{owner}__isnull": False})
    return models.UniqueConstraint(
        fields=[owner, *also], condition=of_owner & condition if condition else of_owner, name=name
    )


def one_owner(name: str) -> list[models.BaseConstraint]:
    """A way to reach somebody belongs to exactly one record, and each record has one primary at most."""
    return [
        models.CheckConstraint(
            condition=Q(contact__isnull=False, company__isnull=True) | Q(contact__isnull=True, company__isnull=False),
            name=f"{name}_has_one_owner",
        ),
        once("contact", f"one_primary_{name}_a_contact", condition=Q(is_primary=True)),
        once("company", f"one_primary_{name}_a_company", condition=Q(is_primary=True)),
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
            once("contact", "email_once_a_contact", "address"),
            once("company", "email_once_a_company", "address"),
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
            once("contact", "phone_once_a_contact", "number"),
            once("company", "phone_once_a_company", "number"),
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
