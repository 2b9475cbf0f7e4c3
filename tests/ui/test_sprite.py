"""The sprite holds every icon that is named, and a wrong name stops the build."""

from pathlib import Path

import pytest
from django.conf import settings

from crm.ui.sprite import UnknownIconError, build_sprite, used_icons

LUCIDE = settings.NODE_MODULES / "lucide-static" / "icons"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "crm").mkdir()
    (tmp_path / "logo.svg").write_text('<svg viewBox="0 0 28 28"><rect/></svg>')
    return tmp_path


def test_names_are_read_in_templates_and_code(root: Path) -> None:
    (root / "templates" / "a.html").write_text(
        """{% icon "phone" %} {% icon 'mail' "i-14" %} {% icon item.icon %} {% include "b.html" with icon="plus" %}"""
    )
    (root / "crm" / "nav.py").write_text(
        'NavItem(label="x", icon="users")\nclass A:\n    icon: str = "tag"\nX = {"icon": "sun"}\ny = icon("moon")'
    )
    assert set(used_icons(root)) == {"phone", "mail", "plus", "users", "tag", "sun", "moon"}


def test_the_sprite_holds_the_mark_and_the_drawings(root: Path) -> None:
    (root / "templates" / "a.html").write_text('{% icon "phone" %}')
    sprite = build_sprite(root, LUCIDE, root / "logo.svg")
    assert sprite.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="logo" viewBox="0 0 28 28"><rect/></symbol>'
    )
    assert '<symbol id="phone" viewBox="0 0 24 24"><path d=' in sprite
    assert sprite.count("<symbol") == 2


def test_a_name_that_does_not_exist_is_told_with_its_template(root: Path) -> None:
    (root / "templates" / "a.html").write_text('{% icon "phoen" %}')
    with pytest.raises(UnknownIconError, match=r"templates/a.html: there is no icon “phoen”"):
        build_sprite(root, LUCIDE, root / "logo.svg")
