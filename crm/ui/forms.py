"""How Django's forms are drawn: one renderer for the whole product, and the inputs every form uses."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.records.numbers import parse_number
from crm.ui import formatting


class FormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.email.as_field_group }}` in our look; the admin brings its own templates.

    The controls that forms are full of are drawn here, to the letter as Django's templates would: those took more than
    a third of a form's time.
    """

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else mark_safe(super().render(template_name, context, request))  # noqa: S308


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    name = f'name="{_text(widget["name"])}"'
    return mark_safe(f'<input type="{_text(widget["type"])}" {name}{value}{_attributes(widget["attrs"])}>')  # noqa: S308


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else _text(widget["value"])
    name = f'name="{_text(widget["name"])}"'
    return mark_safe(f"<textarea {name}{_attributes(widget['attrs'])}>\n{value}</textarea>")  # noqa: S308


def _select(widget: Mapping[str, Any]) -> SafeString:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        parts += [f'<optgroup label="{_text(group)}">'] if group else []
        parts += [
            f'<option value="{_text(option["value"])}"{_attributes(option["attrs"])}>{_text(option["label"])}</option>'
            for option in options
        ]
        parts += ["</optgroup>"] if group else []
    return mark_safe("".join([*parts, "</select>"]))  # noqa: S308


_DRAWN: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    **{
        f"django/forms/widgets/{name}.html": _input
        for name in ("input", "text", "email", "number", "url", "hidden", "date", "checkbox")
    },
}


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
