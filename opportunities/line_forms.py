"""The forms of what is sold: a line of a deal, a price in the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.access.models import User
from crm.records.services import Saved
from crm.ui.currencies import currencies
from crm.ui.forms import NumberField
from crm.ui.records import RecordForm
from opportunities.lines import locked
from opportunities.models import DealLine, Price
from opportunities.totals import MOST_A_LINE, decimals_of, line_total

NEGATIVE = gettext_lazy("This cannot be less than 0: what is taken off is a discount.")


def check_cents(form: forms.BaseForm, name: str, currency: str) -> None:
    """Say beside a field that its currency has no cents."""
    amount: Decimal | None = form.cleaned_data.get(name)
    if amount is not None and decimals_of(currency) == 0 and amount != amount.to_integral_value():
        form.add_error(name, _("%(currency)s has no cents: enter a whole amount.") % {"currency": currency})


class LineForm(RecordForm):
    """One line: what, how much of it, at what price. The instance has its deal."""

    quantity = NumberField(
        label=gettext_lazy("Quantity"),
        min_value=0,
        max_digits=12,
        decimal_places=3,
        error_messages={"min_value": NEGATIVE},
    )
    price = NumberField(min_value=0, max_digits=13, decimal_places=2, error_messages={"min_value": NEGATIVE})
    discount = NumberField(
        label=gettext_lazy("Discount"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("In per cent."),
        error_messages={"max_value": gettext_lazy("A discount lies between 0 and 100.")},
    )
    vat_rate = NumberField(
        label=gettext_lazy("VAT rate"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("In per cent."),
    )

    class Meta:
        model = DealLine
        fields = ["label", "quantity", "unit", "price", "discount", "vat_rate", "is_recurring", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.instance.opportunity.currency
        self.fields["price"].label = _("Unit price in %(currency)s, without VAT") % {"currency": currency}

    def clean_discount(self) -> Decimal:
        return self.cleaned_data["discount"] or Decimal(0)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        currency = self.instance.opportunity.currency
        check_cents(self, "price", currency)
        if not self.errors:
            typed = {name: self.cleaned_data[name] for name in ("quantity", "price", "discount")}
            if line_total(DealLine(**typed), currency) > MOST_A_LINE:
                self.add_error("price", _("Quantity times price is more than a line can hold: check both."))
        return data

    def save_edit(self, *, by: User, reason: str = "") -> Saved:
        """One at a time writes the lines of a deal. Raises EditConflict."""
        with locked(self.instance.opportunity_id):
            return super().save_edit(by=by, reason=reason)


class PriceForm(RecordForm):
    """What a product costs in one currency. The instance has its product."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currencies)
    amount = NumberField(
        label=gettext_lazy("Price without VAT"),
        min_value=0,
        max_digits=13,
        decimal_places=2,
        error_messages={"min_value": gettext_lazy("A price cannot be less than 0.")},
    )

    class Meta:
        model = Price
        fields = ["currency", "amount"]

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"]
        others = Price.objects.filter(product=self.instance.product_id, currency=currency).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("It has a price in this currency already: change that one."))
        return currency

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if currency := self.cleaned_data.get("currency"):
            check_cents(self, "amount", currency)
        return data
