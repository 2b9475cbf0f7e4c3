"""How Django's forms are drawn: one renderer for the whole product, and the inputs every form uses."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import get_language

from crm.records.numbers import parse_number
from crm.ui import formatting


class FormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.email.as_field_group }}` in our look; the admin brings its own templates."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker. It follows the browser's language, so the page echoes the date in words."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class NumberField(forms.DecimalField):
    """A number typed as people write it, 184 000,50 € or 1,234.5, and shown back the way the language writes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}), **kwargs})

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]
        """Raises `ValidationError` with a sentence."""
        return parse_number(value, decimal_mark="." if get_language() == "en" else ",")

    def prepare_value(self, value: Any) -> Any:
        return formatting.number(value) if isinstance(value, int | float | Decimal) else value
