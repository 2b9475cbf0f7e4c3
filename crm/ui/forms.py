"""How Django's forms are drawn: one renderer for the whole product, and the date input every form uses."""

from django import forms
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.email.as_field_group }}` in our look; the admin brings its own templates."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker. It follows the browser's language, so the page echoes the date in words."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
