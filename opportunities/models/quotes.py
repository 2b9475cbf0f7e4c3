"""Quotes: what was offered to a customer, as it stood when it went out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.deletion import CASCADE, SET_NULL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import track
from opportunities.models.deals import Opportunity
from opportunities.models.products import Line

if TYPE_CHECKING:
    from typing import Self

    from crm.access.models import User

M = TypeVar("M", bound=models.Model)


def keep_numbered(collector: Any, field: Any, quotes: Any, using: str) -> None:
    """With their deal drafts go; quotes that have their number stay, so that no number is missing."""
    CASCADE(collector, field, quotes.filter(number=""), using)
    SET_NULL(collector, field, quotes.exclude(number=""), using)


class QuoteQuerySet(models.QuerySet[M]):
    """Quotes come through the doors of their deals."""

    def visible_to(self, user: User) -> Self:
        deals: Any = Opportunity.objects
        return self.filter(opportunity__in=deals.visible_to(user, trashed=None).order_by().values("pk"))

    def editable_by(self, user: User) -> Self:
        deals: Any = Opportunity.objects
        return self.filter(opportunity__in=deals.editable_by(user).order_by().values("pk"))


@track(parents=("opportunity",))
class Quote(models.Model):
    """An offer to a customer: a draft until it is sent, which gives it its number; from then on it stays as it is.

    Who buys and who sells are written down here, so that an old quote tells what it told then. A draft that `replaces`
    a quote becomes the next version of it under the same number, and the one before is then cancelled.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("quote", "Draft")
        SENT = "sent", pgettext_lazy("quote", "Sent")
        ACCEPTED = "accepted", pgettext_lazy("quote", "Accepted")
        REFUSED = "refused", pgettext_lazy("quote", "Refused")
        EXPIRED = "expired", pgettext_lazy("quote", "Expired")
        CANCELLED = "cancelled", pgettext_lazy("quote", "Cancelled")

    opportunity = models.ForeignKey(
        Opportunity, null=True, on_delete=keep_numbered, related_name="quotes", db_index=False
    )
    replaces = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.CharField(_("number"), max_length=20, blank=True, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    currency = models.CharField(_("currency"), max_length=3, editable=False)
    issued_on = models.DateField(_("issued"), null=True, editable=False)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    decided_on = models.DateField(_("answered"), null=True, editable=False)
    terms = models.TextField(_("terms"), max_length=5000, blank=True)
    buyer_name = models.CharField(_("customer"), max_length=200)
    buyer_contact = models.CharField(_("for the attention of"), max_length=200, blank=True)
    buyer_address = models.TextField(_("customer’s address"), max_length=500, blank=True)
    buyer_siren = models.CharField(_("customer’s SIREN"), max_length=9, blank=True)
    buyer_vat_number = models.CharField(_("customer’s VAT number"), max_length=20, blank=True)
    seller_name = models.CharField(max_length=120, blank=True, editable=False)
    seller_mentions = models.TextField(max_length=2000, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["opportunity", "-id"], name="quote_of_deal"),
            models.Index(fields=["valid_until"], name="quote_by_validity", condition=Q(state="sent")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], condition=~Q(number=""), name="one_quote_a_number"),
            models.CheckConstraint(
                condition=Q(state="draft", number="")
                | (~Q(state="draft") & ~Q(number="") & Q(issued_on__isnull=False)),
                name="quote_sent_has_its_number",
            ),
        ]

    def __str__(self) -> str:
        if not self.number:
            return _now("Draft quote")
        return self.number if self.version == 1 else f"{self.number} v{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_overdue(self) -> bool:
        """Sent, unanswered, and no longer valid: the nightly job has yet to note that it expired."""
        return self.state == self.State.SENT and (self.valid_until or timezone.localdate()) < timezone.localdate()

    def get_absolute_url(self) -> str:
        return reverse("opportunities:quote_detail", args=[self.pk])


@track(parents=("quote",))
class QuoteLine(Line):
    """A line of a quote, copied from the deal: what happens to the deal or the catalogue does not change it."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines", db_index=False)

    class Meta(Line.Meta):
        verbose_name = _("line of a quote")
        verbose_name_plural = _("lines of quotes")
        indexes = [models.Index(fields=["quote", "position", "id"], name="line_of_quote")]


class QuoteCounter(models.Model):
    """The last number given in a year. Locked while the next one is given, so that none is missing or there twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of quotes")
        verbose_name_plural = _("counters of quotes")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
