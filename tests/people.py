"""Who the tests sign in as: alice owns the records, bob is in her team, charlie in another one, dana administers."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.access.models import User
from tests.factories import make_team, make_user

SignIn = Callable[[User], Client]


@pytest.fixture
def alice(db: None) -> User:
    """A sales rep: sees her team's records, edits and deletes her own."""
    return make_user("alice", team=make_team("West"))


@pytest.fixture
def bob(alice: User) -> User:
    """A team-mate of alice, with the same role."""
    return make_user("bob", team=alice.team)


@pytest.fixture
def charlie(db: None) -> User:
    """A sales rep of another team: an outsider."""
    return make_user("charlie", team=make_team("East"))


@pytest.fixture
def dana(db: None) -> User:
    """The administrator: sees and edits everything."""
    return make_user("dana", role="administrator")


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A client of somebody signed in: `sign_in(alice).get(…)`."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of
