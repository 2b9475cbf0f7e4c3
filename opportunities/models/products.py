"""The catalogue, and what of it a deal is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models.people import initials
from crm.access.rights import Scope
from crm.history import track
from crm.records.models import Record
from crm.records.search import Norm
from opportunities.models.deals import Opportunity
from opportunities.querysets import ProductQuerySet

CENT = Decimal("0.01")


@track()
class Product(Record):
    """A thing or a service on sale. Everybody sees the catalogue; who may edit all of it keeps it."""

    default_rights = {
        "sales-rep": (Scope.ALL, Scope.NOBODY, Scope.NOBODY, Scope.NOBODY, Scope.NOBODY),
        "sales-manager": (Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL),
        "office-staff": (Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL),
    }

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=60, blank=True)
    family = models.CharField(_("family"), max_length=80, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    vat_rate = models.DecimalField(
        _("VAT rate"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(20),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("In per cent."),
    )
    is_recurring = models.BooleanField(_("recurring"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    touched_at = models.DateTimeField(_("last activity"), db_default=Now(), editable=False)
    sort_name = models.GeneratedField(
        expression=Norm(F("name")), output_field=models.CharField(max_length=400, db_collation="C"), db_persist=True
    )

    objects: ClassVar[Any] = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="product_by_name"),
            models.Index(fields=["trashed_at"], name="product_in_trash", condition=Q(trashed_at__isnull=False)),
            models.Index(fields=["merged_into"], name="product_merged", condition=Q(merged_into__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code="") & Q(trashed_at__isnull=True), name="one_product_per_code"
            ),
            models.CheckConstraint(condition=Q(vat_rate__gte=0, vat_rate__lte=100), name="product_vat_is_per_cent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name)

    def get_absolute_url(self) -> str:
        return reverse("opportunities:product_detail", args=[self.pk])


@track(parents=("product",))
class Price(models.Model):
    """What a product costs in one currency, without VAT."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="prices", db_index=False)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("price"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["currency"]
        constraints = [
            models.UniqueConstraint(fields=["product", "currency"], name="one_price_a_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Line(models.Model):
    """Base of the lines of deals and quotes: what is sold, how much of it, at what price.

    `discount` and `vat_rate` are per cent. The total is rounded to the cent, half up, line by line.
    """

    label = models.CharField(_("label"), max_length=200)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, default=Decimal(1), validators=[MinValueValidator(0)]
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    price = models.DecimalField(_("unit price"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)])
    discount = models.DecimalField(
        _("discount"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    vat_rate = models.DecimalField(
        _("VAT rate"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(20),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    is_recurring = models.BooleanField(_("recurring"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


@track(parents=("opportunity",))
class DealLine(Line):
    """A line of a deal, in its currency."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(Line.Meta):
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        indexes = [models.Index(fields=["opportunity", "position", "id"], name="line_of_deal")]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0, price__gte=0, discount__gte=0, discount__lte=100, vat_rate__gte=0),
                name="line_is_sound",
            )
        ]
