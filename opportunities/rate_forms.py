"""The forms of exchange rates: one, and a file of many."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from crm.ui.currencies import currencies
from crm.ui.forms import DateInput, NumberField
from crm.ui.records import RecordForm
from opportunities.models import ExchangeRate
from opportunities.rates import check_day, check_rate, parse_rate, read_file

MOST_BYTES = 2 * 1024 * 1024
MOST_PROBLEMS = 10  # of a file, told one by one


class RateField(NumberField):
    """A rate: 1,234 and 1.234 are both a little more than one, in either language."""

    def to_python(self, value: object) -> Any:
        return parse_rate(str(value or ""))

    def prepare_value(self, value: Any) -> Any:
        """With all its figures, and no mark between thousands that could be taken for that of decimals."""
        if not isinstance(value, Decimal):
            return value
        text = f"{value.normalize():f}"
        return text if get_language() == "en" else text.replace(".", ",")


class RateForm(RecordForm):
    """What one unit of a currency is worth from a day on. The instance has its base."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    since = forms.DateField(label=pgettext_lazy("since a day", "From"), widget=DateInput)
    rate = RateField(label=gettext_lazy("Rate"))

    class Meta:
        model = ExchangeRate
        fields = ["currency", "since", "rate"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        base = self.instance.base
        currency: Any = self.fields["currency"]
        currency.choices = [("", _("Choose…")), *(each for each in currencies() if each[0] != base)]
        self.fields["rate"].help_text = _("What one unit of it is worth in %(base)s.") % {"base": base}

    def clean_since(self) -> dt.date:
        day: dt.date = self.cleaned_data["since"]
        check_day(day)
        return day

    def clean_rate(self) -> Decimal:
        rate: Decimal = self.cleaned_data["rate"]
        check_rate(rate)
        return rate

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        currency, since = self.cleaned_data.get("currency"), self.cleaned_data.get("since")
        if not currency or not since:
            return data
        others = ExchangeRate.objects.filter(base=self.instance.base, currency=currency, since=since)
        if others.exclude(pk=self.instance.pk).exists():
            text = _("%(currency)s has a rate from this day on: change that one.")
            self.add_error("since", text % {"currency": currency})
        return data


class RateFileForm(forms.Form):
    """A file of rates to the company's currency `base`; `rates` are what it says."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        help_text=gettext_lazy("CSV, each line as in: USD;2026-01-31;0.8423"),
    )

    def __init__(self, *args: Any, base: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        self.rates: dict[tuple[str, dt.date], Decimal] = {}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 2 MB: divide it."))
        found = read_file(file.read(), self.base)
        if found.problems:
            shown = found.problems[:MOST_PROBLEMS]
            if len(found.problems) > MOST_PROBLEMS:
                shown.append(_("…and %(count)d more.") % {"count": len(found.problems) - MOST_PROBLEMS})
            raise ValidationError([*shown, _("Nothing was imported.")])
        self.rates = found.rates
        return file
