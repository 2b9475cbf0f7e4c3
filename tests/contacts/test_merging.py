"""Merged records become one, everything that hung on them moves along, and the merge comes apart again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.merging import merge_companies
from contacts.models import Company, Contact, ContactTag, Email, Membership
from crm.access.models import User
from crm.history import TRACKED
from crm.records import merge, services
from crm.records.models import EventRef, Tag
from crm.records.purge import purge_merged, purge_trash
from crm.records.services import Refused
from crm.records.undo import undo
from crm.ui.timeline import timeline
from tests.factories import make_affiliation, make_company, make_contact, make_group, make_team, make_user
from tests.records.test_undo import tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return make_user("office", role="office-staff", team=make_team())


def twins(office: User) -> tuple[Contact, Contact]:
    """Two records of one person, each with something of its own and something that both have."""
    one = make_contact("Zoé", "Martin", email="zoe@martin.example", phone="+33612345678", owner=office)
    two = make_contact("Zoe", "MARTIN", email="zoe@work.example", phone="+33612345678", job_title="Buyer", owner=office)
    Email.objects.create(contact=two, address="zoe@martin.example")
    firm, tag, group = make_company(), Tag.objects.create(name="Press"), make_group(owner=office)
    for contact in (one, two):
        make_affiliation(contact, firm, is_primary=True)
        ContactTag.objects.create(contact=contact, tag=tag)
    Membership.objects.create(contact=two, group=group)
    services.share(two, by=office, person=make_user("nina"), edit=False)
    return one, two


def test_relations_move_and_unite_and_the_loser_leaves_every_list(office: User) -> None:
    one, two = twins(office)
    merge.merge(one, [two], {"job_title": "Buyer"}, by=office)
    one.refresh_from_db()
    assert one.job_title == "Buyer"
    assert sorted(one.emails.values_list("address", "is_primary")) == [
        ("zoe@martin.example", True),
        ("zoe@work.example", False),
    ]
    assert [phone.number for phone in one.phones.all()] == ["+33612345678"]
    counts = (one.affiliations.count(), one.memberships.count(), one.tag_links.count(), one.user_shares.count())
    assert counts == (1, 1, 1, 1)
    assert list(Contact.objects.visible_to(office)) == [one]
    assert not Contact.objects.visible_to(office, trashed=True).exists()
    assert not Contact.objects.search("buyer", office).filter(pk=two.pk).exists()


def test_undo_brings_every_row_back(office: User) -> None:
    one, two = twins(office)
    before = tables()
    changeset = merge.merge(one, [two], {"job_title": "Buyer"}, by=office)
    undone = undo(changeset, by=office)
    assert undone.left == []
    assert tables() == before


def test_undo_keeps_what_was_added_since_and_is_open_for_90_days(office: User) -> None:
    one, two = twins(office)
    changeset = merge.merge(one, [two], by=office)
    services.add_child(Email(contact=one, address="new@martin.example"), by=office)
    services.save_edit(one, {"department": "Sales"}, by=office)
    type(changeset).objects.filter(pk=changeset.pk).update(created_at=timezone.now() - timedelta(days=89))
    undo(changeset, by=office)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.department, two.trashed_at, two.merged_into_id) == ("Sales", None, None)
    assert {email.address for email in one.emails.all()} == {"zoe@martin.example", "new@martin.example"}
    assert {email.address for email in two.emails.all()} == {"zoe@martin.example", "zoe@work.example"}


def test_after_90_days_a_merge_is_final(office: User) -> None:
    one, two = twins(office)
    changeset = merge.merge(one, [two], by=office)
    type(changeset).objects.filter(pk=changeset.pk).update(created_at=timezone.now() - timedelta(days=91))
    with pytest.raises(Refused):
        undo(changeset, by=office)


def test_of_merges_one_upon_the_other_the_last_comes_apart_first(office: User) -> None:
    one, two, three = (make_contact(owner=office, email=f"{n}@example.com") for n in range(3))
    before = tables()
    first = merge.merge(two, [three], by=office)
    second = merge.merge(one, [two], by=office)
    assert merge.winner_of(Contact.objects.get(pk=three.pk)) == one
    assert one.emails.count() == 3
    with pytest.raises(Refused):
        undo(first, by=office)
    undo(second, by=office)
    undo(first, by=office)
    assert tables() == before


def test_the_timeline_tells_what_happened_to_both(office: User) -> None:
    one, two = twins(office)
    services.save_edit(two, {"department": "Sales"}, by=office)
    merge.merge(one, [two], by=office)
    told = timeline(one, office, editable=True)
    lines = [line.new for day in told.days for entry in day.entries for line in entry.lines]
    assert "Sales" in lines
    merges = [entry for day in told.days for entry in day.entries if entry.deed.icon == "merge"]
    assert len(merges) == 1
    assert merges[0].undo


def test_the_timeline_of_who_stayed_tells_that_the_merge_was_undone(office: User) -> None:
    one, two = twins(office)
    undo(merge.merge(one, [two], by=office), by=office)
    entries = [entry for day in timeline(one, office, editable=True).days for entry in day.entries]
    assert [entry.deed.icon for entry in entries if entry.deed.icon in ("merge", "undo-2")] == ["undo-2", "merge"]


def test_who_may_merge_may_edit_the_winner_and_delete_the_losers() -> None:
    team = make_team()
    rep, colleague = make_user("rep", team=team), make_user("colleague", team=make_team())
    mine, also_mine, theirs = make_contact(owner=rep), make_contact(owner=rep), make_contact(owner=colleague)
    for winner, loser in ((mine, theirs), (theirs, mine)):
        with pytest.raises(Refused):
            merge.merge(winner, [loser], by=rep)
    with pytest.raises(Refused):
        merge.merge(mine, [mine], by=rep)
    with pytest.raises(Refused):
        merge.merge(mine, [], by=rep)
    may_delete = Contact.objects.deletable_by(rep).filter(pk=also_mine.pk).exists()
    if may_delete:
        merge.merge(mine, [also_mine], by=rep)
    else:
        with pytest.raises(Refused):
            merge.merge(mine, [also_mine], by=rep)


def test_the_address_of_a_merged_record_leads_to_the_winner_if_the_viewer_may_see_it(office: User) -> None:
    one, two = twins(office)
    merge.merge(one, [two], by=office)
    client, outsider = Client(), Client()
    client.force_login(office)
    outsider.force_login(make_user("outsider", team=make_team()))
    response: Any = client.get(f"/contacts/{two.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/contacts/{one.pk}/")
    assert outsider.get(f"/contacts/{two.pk}/").status_code == 404
    assert client.post(f"/contacts/{two.pk}/restore/").status_code == 404


def test_merged_records_go_after_90_days_and_leave_the_winner_whole(office: User) -> None:
    one, two = twins(office)
    services.save_edit(two, {"department": "Sales"}, by=office)
    merge.merge(one, [two], by=office)
    purge_trash(timezone.now() + timedelta(days=60))
    purge_merged(timezone.now() + timedelta(days=89))
    assert Contact.objects.filter(pk=two.pk).exists()
    assert purge_merged(timezone.now() + timedelta(days=91)) == 1
    assert not Contact.objects.filter(pk=two.pk).exists()
    assert one.emails.count() == 2
    versions: Any = next(tracked.versions for tracked in TRACKED if tracked.model is Contact)
    assert not versions.objects.filter(pgh_obj_id=two.pk).exists()
    assert not EventRef.objects.filter(type="contacts.contact", record_id=two.pk).exists()
    assert EventRef.objects.filter(type="contacts.contact", record_id=one.pk, event__verb="contact.changed").exists()


def test_who_deletes_the_winner_for_good_deletes_the_person(office: User) -> None:
    one, two = twins(office)
    merge.merge(one, [two], by=office)
    services.trash(Contact.objects.filter(pk=one.pk), by=office)
    purge_trash(timezone.now() + timedelta(days=31))
    assert not Contact.objects.filter(pk__in=[one.pk, two.pk]).exists()


def test_no_company_ends_up_above_itself(office: User) -> None:
    top = make_company("Top", owner=office)
    loser = make_company("Old", owner=office, parent=top)
    middle = make_company("Middle", owner=office, parent=loser)
    winner = make_company("New", owner=office, parent=middle)
    before = tables()
    changeset = merge_companies(winner, [loser], {}, by=office)
    winner.refresh_from_db()
    middle.refresh_from_db()
    assert (winner.parent, middle.parent) == (top, winner)
    undo(changeset, by=office)
    assert tables() == before
    assert Company.objects.visible_to(office).count() == 4
