"""The controls drawn without templates are those of Django's templates, letter by letter."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from crm.ui.forms import DateInput, FormRenderer

ODD = "a\"b'<c>&é\n"
CHOICES: list[Any] = [("", "None"), (1, ODD), (ODD, "x"), ("Group <1>", [(2, "two"), (3, mark_safe("<b>3</b>"))])]


@pytest.mark.parametrize(
    ("widget", "values"),
    [
        (forms.TextInput(attrs={"class": "input", "data-x": ODD}), ["", None, ODD, 12]),
        (forms.EmailInput(attrs={"required": True, "disabled": False}), ["a@b.example"]),
        (forms.NumberInput(attrs={"step": 0.5}), [3, None]),
        (forms.URLInput(), [ODD]),
        (forms.HiddenInput(), [ODD, None]),
        (forms.CheckboxInput(), [True, False, "on", None]),
        (DateInput(), [dt.date(2026, 2, 28), "29 février", None]),
        (forms.Textarea(attrs={"rows": 4}), [ODD, "\n first", None]),
        (forms.Select(choices=CHOICES), ["", 1, ODD, 3, "unknown"]),
        (forms.NullBooleanSelect(), [True, None]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, forms.Widget) else "",
)
def test_a_control_is_as_django_draws_it(widget: forms.Widget, values: list[Any]) -> None:
    for value in values:
        by_template = widget.render("field<1>", value, {"id": "id_1"}, DjangoTemplates())
        assert _tight(widget.render("field<1>", value, {"id": "id_1"}, FormRenderer())) == _tight(by_template)


def _tight(html: str) -> str:
    """Without the line breaks that Django's template of a select has between its options."""
    return re.sub(r">\s+<", "><", html)
