"""Saved views: a list under a name, shared without showing anybody more, at hand for whoever pins it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from crm.access.models import User
from crm.lists.models import SavedView
from crm.records.models import Changeset, Event
from tests.factories import make_company, make_contact, make_team, make_user
from tests.people import SignIn

ADDRESS = "view=all&sort=name&lifecycle=customer&columns=name,email"


def save(client: Client, name: str = "Customers", address: str = ADDRESS, **over: Any) -> SavedView:
    answer = client.post("/views/contact/new/", {"name": name, "sharing": "", "address": address, **over})
    assert answer.status_code == 303, answer.text
    view: SavedView = SavedView.objects.get(name=name)
    return view


@pytest.fixture
def client(alice: User, sign_in: SignIn) -> Client:
    return sign_in(alice)


def test_a_view_keeps_filters_order_and_columns(client: Client, alice: User) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer", email="ann@valmont.example")
    make_contact("Ben", owner=alice)
    view = save(client)
    assert (view.query, view.columns) == ("view=all&sort=name&lifecycle=customer", ["name", "email"])
    page = client.get("/contacts/" + view.address)
    assert [row.first_name for row in page.context["page"].rows] == ["Ann"]
    assert [f.slug for f in page.context["state"].columns] == ["name", "email"]
    assert not page.context["is_changed"]
    assert "Customers" in page.text
    event = Event.objects.get(verb="savedview.created")
    assert event.actor == alice
    assert "lifecycle" not in str(event.data)


def test_only_what_can_be_read_is_kept(client: Client) -> None:
    view = save(client, address="view=nobody&lifecycle=martian&nonsense=1&after=xyz&sort=password&saved=7")
    assert view.query == "view=all&sort=-touched"


@pytest.mark.parametrize("post", [{"name": ""}, {"name": "x" * 81}, {"sharing": "moon"}, {"sharing": "team"}])
def test_a_form_with_faults_says_them(client: Client, post: dict[str, str]) -> None:
    answer = client.post("/views/contact/new/", {"name": "Customers", "sharing": "", "address": ADDRESS, **post})
    assert answer.status_code == 422
    assert ADDRESS.replace("&", "&amp;") in answer.text, "what is to be saved stays"
    assert not SavedView.objects.exists()


def test_the_dot_says_that_the_address_differs(client: Client) -> None:
    view = save(client)
    page = client.get(f"/contacts/{view.address}&city__empty=1")
    assert page.context["is_changed"]
    assert "Changed, not saved" in page.text
    answer = client.post(f"/views/{view.pk}/save/", {"address": f"{view.query}&city__empty=1"})
    assert answer.status_code == 303
    view.refresh_from_db()
    assert view.query == "view=all&sort=name&city__empty=1&lifecycle=customer"
    assert not client.get("/contacts/" + view.address).context["is_changed"]
    changeset = Changeset.objects.filter(source="edit").latest("created_at")
    client.post(f"/undo/{changeset.pk}/")
    view.refresh_from_db()
    assert view.query == "view=all&sort=name&lifecycle=customer"


def test_columns_chosen_in_a_view_are_a_change_of_it(client: Client) -> None:
    view = save(client)
    answer = client.post("/contacts/columns/", {"columns": ["city", "email"], "next": "/contacts/" + view.address})
    page = client.get(answer["Location"])
    assert [f.slug for f in page.context["state"].columns] == ["name", "city", "email"]
    assert page.context["is_changed"]
    assert [f.slug for f in client.get("/contacts/?view=all").context["state"].columns] != ["name", "city", "email"]


def test_columns_are_moved_without_a_mouse(client: Client) -> None:
    def columns(**post: Any) -> list[str]:
        client.post("/contacts/columns/", post)
        return [f.slug for f in client.get("/contacts/?view=all").context["state"].columns]

    assert columns(columns=["phone", "city", "email"], move="-email") == ["name", "phone", "email", "city"]
    assert columns(columns=["phone", "city", "email"], move="+phone") == ["name", "city", "phone", "email"]
    assert columns(columns=["phone", "city"], move="-phone") == ["name", "phone", "city"]
    assert columns(columns=["phone", "city"], move="+nothing") == ["name", "phone", "city"]


def test_renaming_and_sharing(client: Client, alice: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    view = save(client)
    for user in (bob, charlie):
        assert sign_in(user).get(f"/views/{view.pk}/").status_code == 404
    answer = client.post(f"/views/{view.pk}/", {"name": "Clients", "sharing": "team", "team": alice.team_id})
    assert answer.status_code == 303
    view.refresh_from_db()
    assert (view.name, view.sharing, view.team) == ("Clients", "team", alice.team)
    assert "Clients" in sign_in(bob).get("/contacts/?view=all").text
    assert "Clients" not in sign_in(charlie).get("/contacts/?view=all").text
    below = make_user(team=make_team(parent=alice.team))
    assert SavedView.objects.visible_to(below).exists()
    above = make_user(team=make_team())
    assert not SavedView.objects.visible_to(above).exists()
    client.post(f"/views/{view.pk}/", {"name": "Clients", "sharing": "everyone", "team": alice.team_id})
    assert "Clients" in sign_in(charlie).get("/contacts/?view=all").text


def test_a_shared_view_shows_nobody_more(client: Client, alice: User, charlie: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer")
    make_contact("Cyd", owner=charlie, lifecycle="customer")
    hidden = make_company("Hidden Works", owner=alice)
    view = save(client, sharing="everyone", address=f"view=all&lifecycle=customer&company__not={hidden.pk}")
    page = sign_in(charlie).get("/contacts/" + view.address)
    assert [row.first_name for row in page.context["page"].rows] == ["Cyd"]
    assert "Hidden Works" not in page.text
    assert sign_in(charlie).get(f"/views/{view.pk}/count/").text == "1"


def test_me_in_a_shared_view_is_whoever_looks(client: Client, alice: User, bob: User, sign_in: SignIn) -> None:
    make_contact("Ann", owner=alice)
    make_contact("Ben", owner=bob)
    view = save(client, sharing="everyone", address="view=all&owner=me")
    rows = sign_in(bob).get("/contacts/" + view.address).context["page"].rows
    assert [row.first_name for row in rows] == ["Ben"]


def test_a_shared_view_is_changed_by_its_owner_or_an_administrator(
    client: Client, bob: User, dana: User, sign_in: SignIn
) -> None:
    view = save(client, sharing="everyone")
    private = save(client, name="Private")
    for verb, post in (("", {"name": "Mine", "sharing": ""}), ("save/", {"address": ""}), ("delete/", {})):
        assert sign_in(bob).post(f"/views/{view.pk}/{verb}", post).status_code == 403
        assert sign_in(dana).post(f"/views/{private.pk}/{verb}", post).status_code == 404
    assert sign_in(bob).get(f"/views/{view.pk}/").status_code == 200
    renamed = {"name": "For all", "sharing": "everyone"}
    assert sign_in(dana).post(f"/views/{view.pk}/", renamed).status_code == 303
    view.refresh_from_db()
    assert (view.name, view.owner.email) == ("For all", "alice@example.com")


def test_a_deleted_view_comes_back_with_undo_and_stays_pinned(client: Client, bob: User, sign_in: SignIn) -> None:
    view = save(client, sharing="everyone")
    sign_in(bob).post(f"/views/{view.pk}/pin/")
    client.post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    page = sign_in(bob).get("/contacts/" + view.address)
    assert "no longer exists or is not shared with you" in page.text
    changeset = Changeset.objects.get(source="trash")
    assert sign_in(bob).post(f"/undo/{changeset.pk}/").status_code == 409, "it is not his"
    assert client.post(f"/undo/{changeset.pk}/").status_code == 303
    assert [each.name for each in sign_in(bob).get("/contacts/?view=all").context["saved"].tabs] == ["Customers"]


def test_pins_are_tabs_and_entries_of_the_side_bar_in_the_order_chosen(client: Client) -> None:
    one, two = save(client, "One"), save(client, "Two")

    def tabs() -> list[str]:
        return [each.name for each in client.get("/contacts/?view=all").context["saved"].tabs]

    assert tabs() == ["One", "Two"]
    client.post(f"/views/{two.pk}/pin/", {"step": "-1"})
    assert tabs() == ["Two", "One"]
    client.post(f"/views/{two.pk}/pin/", {"step": "-1"})
    assert tabs() == ["Two", "One"], "it is the first already"
    assert f"/contacts/?saved={one.pk}" in client.get("/companies/?view=all").text, "the side bar has it everywhere"
    client.post(f"/views/{one.pk}/pin/", {"off": "1"})
    assert tabs() == ["Two"]
    assert f"/contacts/?saved={one.pk}" not in client.get("/companies/?view=all").text


def test_a_list_opens_on_the_view_chosen_for_it(client: Client, bob: User, sign_in: SignIn) -> None:
    view = save(client, sharing="everyone")
    client.post(f"/views/{view.pk}/default/")
    assert client.get("/contacts/")["Location"] == "/contacts/" + view.address
    assert client.get("/contacts/?view=all").status_code == 200
    assert sign_in(bob).get("/contacts/").status_code == 200, "only for who chose it"
    client.post(f"/views/{view.pk}/default/", {"off": "1"})
    assert client.get("/contacts/").status_code == 200


def test_the_short_address_of_a_view_leads_to_it_as_it_is_now(client: Client) -> None:
    view = save(client)
    assert client.get(f"/contacts/?saved={view.pk}")["Location"] == "/contacts/" + view.address
    for hostile in ("0", "-1", "x" * 300, "9" * 40, "%00", "' OR 1=1"):
        page = client.get("/contacts/", {"saved": hostile})
        assert page.status_code == 200
        assert page.context["state"].problems == ["This saved view no longer exists or is not shared with you."]


def test_counts_come_after_the_page_and_stay_a_minute(client: Client, alice: User) -> None:
    make_contact("Ann", owner=alice, lifecycle="customer")
    view = save(client)
    answer = client.get(f"/views/{view.pk}/count/")
    assert (answer.text, answer["Cache-Control"]) == ("1", "private, max-age=60")


def test_a_view_of_no_list_is_nowhere(client: Client) -> None:
    assert client.get("/views/nonsense/new/").status_code == 404
    assert client.post("/views/nonsense/new/", {"name": "x", "address": ""}).status_code == 404


def test_views_cost_a_list_a_few_statements(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(10):
        view = save(client, f"View {number}")
    with django_assert_max_num_queries(12):
        client.get("/contacts/" + view.address)
