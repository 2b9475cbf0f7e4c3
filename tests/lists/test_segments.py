"""A saved view is a living group, of the rows its viewer may see and never wider than it says; why a list is empty."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import QueryDict

from contacts.record_types import CONTACT
from crm.access.models import User
from crm.lists.empty import hiding
from crm.lists.models import SavedView
from crm.lists.state import ListState, read_state
from tests.factories import make_contact
from tests.people import SignIn


def make_view(owner: User, query: str, sharing: str = "everyone", type_: str = "contact") -> SavedView:
    view: SavedView = SavedView.objects.create(
        owner=owner, type=type_, name="Key accounts", query=query, columns=["name"], sharing=sharing
    )
    return view


def state(user: User, **params: object) -> ListState:
    return read_state(QueryDict(urlencode({"view": "all", **params})), CONTACT, user)


def names(user: User, **params: object) -> set[str]:
    return {row.first_name for row in state(user, **params).rows()}


def test_what_is_in_a_segment_and_what_is_not(alice: User) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer")
    make_contact("Ben", owner=alice, source="Fair")
    view = make_view(alice, "view=all&any=1&lifecycle=customer&source=nothing")
    assert names(alice, segment=view.pk) == {"Ann"}
    assert names(alice, segment__not=view.pk) == {"Ben"}
    assert state(alice, segment=view.pk).chips[0].labels == ["Key accounts"]
    assert names(alice, segment=view.pk, lifecycle="lead") == set()


def test_a_segment_holds_what_its_viewer_may_see_and_me_is_the_viewer(alice: User, charlie: User) -> None:
    make_contact("Ann", owner=alice)
    make_contact("Cyd", owner=charlie)
    view = make_view(alice, "view=mine&sort=name")
    assert names(alice, segment=view.pk) == {"Ann"}
    assert names(charlie, segment=view.pk) == {"Cyd"}
    assert names(charlie, segment__not=view.pk) == set()


def test_a_segment_that_cannot_be_read_is_named_and_left_out(alice: User, charlie: User) -> None:
    broken = make_view(alice, "view=all&lifecycle=martian")
    private = make_view(alice, "view=all", sharing="")
    other = make_view(alice, "view=all", type_="company")
    own = make_view(alice, "view=all")
    SavedView.objects.filter(pk=own.pk).update(query=f"view=all&segment={own.pk}")
    for user, key in ((alice, broken.pk), (charlie, private.pk), (alice, other.pk), (alice, own.pk), (alice, 2**70)):
        assert state(user, segment=key).problems == ["The filter “Segment” could not be read; it was left out."]


def test_segments_stand_among_the_groups(alice: User, sign_in: SignIn) -> None:
    view = make_view(alice, "view=all&lifecycle=customer")
    page = sign_in(alice).get("/groups/?view=all")
    assert f"/contacts/?saved={view.pk}" in page.text.partition('aria-label="Segments"')[2]


def test_an_empty_list_names_the_filter_that_emptied_it(alice: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer")
    assert hiding(state(alice, lifecycle="customer", source="fair")) == {"source"}
    assert hiding(state(alice, lifecycle="lead", source="fair")) == set()
    assert hiding(state(alice, lifecycle="customer", q="zzz")) == {"q"}
    page = sign_in(alice).get("/contacts/?view=all&lifecycle=customer&source=fair")
    told = page.text.partition("Nothing matches")[2]
    assert "This one alone hides everything" in told
    assert "Source" in told.partition("Clear all filters")[0]
    assert "Lifecycle" not in told.partition("Clear all filters")[0]


def test_nothing_is_told_of_rows_out_of_sight(alice: User, charlie: User) -> None:
    make_contact("Cyd", owner=charlie, lifecycle="customer")
    assert hiding(state(alice, lifecycle="customer", source="fair")) == set()
