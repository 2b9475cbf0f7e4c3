"""The catalogue of translated strings: read from the code, kept in locale/fr, checked, compiled. No GNU gettext."""

import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCES = ["crm", "contacts", "opportunities", "integrations", "templates"]
TEMPLATES = {".html", ".txt", ".xml"}
# Django's names for what Babel knows as gettext, ngettext, pgettext and npgettext.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")},
    "gettext_noop": None,
}
# Without dates, authors or places in the code: two branches that add strings then merge.
HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[sd]|\{\w*\}")
# What French typography wants otherwise: ’ and no-break spaces inside « » and before : ; ? !
TYPOGRAPHY = re.compile(r"\w'\w| [:;?!»%€]|« ")

Key = tuple[str, str | None]


def extract_catalog(root: Path) -> Catalog:
    """Every string that the code and the templates under `root` hand to gettext."""
    catalog = Catalog(locale="en")
    for path in _sources(root):
        text = path.read_text(encoding="utf-8")
        if path.suffix in TEMPLATES:
            # Templates become something like Python, whose indentation means nothing.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=["Translators"])
        for line, messages, comments, context in found:
            catalog.add(messages, None, [(str(path.relative_to(root)), line)], (), comments, context=context)
    return catalog


def read_catalog(path: Path) -> Catalog:
    """The catalogue stored at `path`; empty if there is none."""
    if not path.exists():
        return Catalog(locale="fr")
    with path.open("rb") as file:
        return read_po(file, locale="fr", charset="utf-8", abort_invalid=True)


def write_catalog(path: Path, stored: Catalog, code: Catalog) -> None:
    """Store the strings of `code` with their translations in `stored`, sorted; what the code no longer has goes."""
    stored.update(code, no_fuzzy_matching=True)
    out = io.BytesIO()
    write_po(out, stored, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + out.getvalue().decode(), encoding="utf-8")


def compile_catalog(path: Path) -> bool:
    """Compile the .po at `path` to the .mo beside it if that is older; whether it was.

    Another process may be reading the .mo: the new one takes its place whole.
    """
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
        return False
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".mo", delete=False) as file:
        write_mo(file, read_catalog(path))
    os.chmod(file.name, 0o644)  # noqa: PTH101 - the name is a text
    os.replace(file.name, compiled)  # noqa: PTH105
    return True


def problems(stored: Catalog, code: Catalog) -> Iterator[str]:
    """One line for each string that is missing, obsolete, untranslated, doubtful or badly set."""
    kept = {_key(message): message for message in stored if message.id}
    used = {_key(message): message for message in code if message.id}
    for key in sorted(used.keys() - kept.keys(), key=str):
        path, line = used[key].locations[0]
        yield f"{path}:{line}: not in the catalogue: {key[0]!r}"
    for key in sorted(kept.keys() - used.keys(), key=str):
        yield f"no longer in the code: {key[0]!r}"
    for key in sorted(kept.keys() & used.keys(), key=str):
        for what in _faults(kept[key]):
            yield f"{what}: {key[0]!r}"


def _faults(message: Message) -> Iterator[str]:
    originals, translations = _forms(message.id), _forms(message.string or "")
    if message.fuzzy:
        yield "fuzzy"
    if not all(translations) or (message.pluralizable and len(translations) < 2):
        yield "without French"
        return
    expected = set(PLACEHOLDER.findall(originals[-1]))
    # A singular may say its number in words; nothing may ask for what the code does not give.
    if set(PLACEHOLDER.findall(translations[-1])) != expected or set(PLACEHOLDER.findall(translations[0])) - expected:
        yield "placeholders differ"
    for text in translations:
        if bad := TYPOGRAPHY.search(PLACEHOLDER.sub("", text)):
            yield f"French typography ({bad[0]!r})"


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _key(message: Message) -> Key:
    return _forms(message.id)[0], message.context


def _sources(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", *TEMPLATES} and "migrations" not in path.parts:
                yield path
