"""The sprite of icons: those of lucide-static that templates and code name, and the product's mark, in one file."""

import re
from collections.abc import Iterator
from pathlib import Path

SOURCES = ["crm", "contacts", "opportunities", "integrations", "templates"]
# {% icon "phone" %} and {% include "…" with icon="phone" %}.
IN_TEMPLATES = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")
# icon="phone", icon: str = "phone", "icon": "phone" and icon("phone").
IN_CODE = re.compile(r"""\bicon["']?(?:\s*:\s*str)?\s*[=:(]\s*["']([a-z0-9-]+)["']""")
LOGO = "logo"


class UnknownIconError(Exception):
    """A name that lucide-static does not have; the message names the file that uses it."""


def build_sprite(root: Path, icons: Path, logo: Path) -> str:
    """The sprite of every icon named under `root`, from the folder `icons`, with the mark from the file `logo`.

    Raises UnknownIconError.
    """
    symbols = [_symbol(LOGO, logo)] if logo.exists() else []
    for name, user in sorted(used_icons(root).items()):
        if not (icons / f"{name}.svg").exists():
            raise UnknownIconError(f"{user.relative_to(root)}: there is no icon “{name}” in lucide-static.")
        symbols.append(_symbol(name, icons / f"{name}.svg"))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def used_icons(root: Path) -> dict[str, Path]:
    """The names used, each with the first file that uses it."""
    found: dict[str, Path] = {}
    for path in _sources(root):
        pattern = IN_CODE if path.suffix == ".py" else IN_TEMPLATES
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            name = next(filter(None, match.groups()))
            found.setdefault(name, path)
    found.pop(LOGO, None)
    return found


def _sources(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in {".py", ".html"})


def _symbol(name: str, path: Path) -> str:
    """The drawing at `path` as a symbol; its colours and strokes come from the style sheet."""
    match = re.search(r"<svg([^>]*)>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    if match is None:
        raise UnknownIconError(f"{path} is not a drawing.")
    box = re.search(r'viewBox="([^"]+)"', match[1])
    drawing = re.sub(r"\n\s*", "", match[2]).strip()
    return f'<symbol id="{name}" viewBox="{box[1] if box else "0 0 24 24"}">{drawing}</symbol>'
