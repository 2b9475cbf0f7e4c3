"""Translations without GNU gettext: every string of code and templates is found, and bad French is named."""

import gettext
from pathlib import Path

import pytest
from babel.messages import Catalog

from crm.ui import catalog

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, npgettext_lazy, pgettext
_("Save")
gettext_lazy("Saved by %(name)s")
ngettext("%(count)s contact", "%(count)s contacts", n)
pgettext("key", "Home")
npgettext_lazy("mail", "letter", "letters", "n")
print("not a string for translators")
"""
TEMPLATE = """{% load i18n %}
<p title="{% translate "Close" %}">{% translate "Home" context "page" %} {{ _("Inner") }}</p>
    {% if it %}
  {% blocktranslate count n=2 trimmed %}
    One match
  {% plural %}
    {{ n }} matches
  {% endblocktranslate %}
{% endif %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in catalog.SOURCES:
        (tmp_path / folder).mkdir()
    (tmp_path / "crm" / "views.py").write_text(CODE)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def stored(root: Path, text: str) -> Catalog:
    path = root / "django.po"
    path.write_text(catalog.HEADER + text)
    return catalog.read_catalog(path)


def test_finds_strings_contexts_and_plurals_in_code_and_templates(root: Path) -> None:
    found = {(message.id, message.context) for message in catalog.extract_catalog(root) if message.id}
    assert found == {
        ("Save", None),
        ("Saved by %(name)s", None),
        (("%(count)s contact", "%(count)s contacts"), None),
        ("Home", "key"),
        (("letter", "letters"), "mail"),
        ("Close", None),
        ("Home", "page"),
        ("Inner", None),
        (("One match", "%(n)s matches"), None),
    }


def test_writes_sorted_entries_without_dates_places_or_leftovers(root: Path) -> None:
    before = stored(root, 'msgid "Save"\nmsgstr "Enregistrer"\n\nmsgid "Gone"\nmsgstr "Parti"\n')
    path = root / "out.po"
    catalog.write_catalog(path, before, catalog.extract_catalog(root))
    text = path.read_text()
    assert 'msgid "Save"\nmsgstr "Enregistrer"\n' in text
    assert text.index('"Close"') < text.index('"Inner"') < text.index('"Save"')
    assert '#, python-format\nmsgid "Saved by %(name)s"' in text
    assert not any(word in text for word in ("Gone", "views.py", "Date", "#~"))


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("", "not in the catalogue: 'Save'"),
        ('msgid "Save"\nmsgstr ""\n', "without French: 'Save'"),
        ('#, fuzzy\nmsgid "Save"\nmsgstr "Garder"\n', "fuzzy: 'Save'"),
        ('msgid "Old"\nmsgstr "Ancien"\n', "no longer in the code: 'Old'"),
        ('msgid "Saved by %(name)s"\nmsgstr "Enregistré"\n', "placeholders differ: 'Saved by %(name)s'"),
        ('msgid "Save"\nmsgstr "L\'enregistrer"\n', "French typography (\"L'e\"): 'Save'"),
        ('msgid "Save"\nmsgstr "Enregistrer ?"\n', "French typography (' ?'): 'Save'"),
        (
            'msgid "%(count)s contact"\nmsgid_plural "%(count)s contacts"\n'
            'msgstr[0] "%(count)s contact"\nmsgstr[1] ""\n',
            "without French: '%(count)s contact'",
        ),
    ],
)
def test_names_what_is_left_to_translate(root: Path, entry: str, what: str) -> None:
    lines = list(catalog.problems(stored(root, entry), catalog.extract_catalog(root)))
    assert any(line.endswith(what) for line in lines), lines


def test_compiles_what_is_newer_and_gettext_reads_it(root: Path) -> None:
    path = root / "django.po"
    path.write_text(
        catalog.HEADER + 'msgid "%(count)s contact"\nmsgid_plural "%(count)s contacts"\n'
        'msgstr[0] "%(count)s fiche"\nmsgstr[1] "%(count)s fiches"\n'
    )
    assert catalog.compile_catalog(path)
    assert not catalog.compile_catalog(path)
    with path.with_suffix(".mo").open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert french.ngettext("%(count)s contact", "%(count)s contacts", 0) == "%(count)s fiche"
    assert french.ngettext("%(count)s contact", "%(count)s contacts", 2) == "%(count)s fiches"
