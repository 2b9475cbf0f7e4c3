"""People, companies, how they are tied, how they are reached, and the groups they are put in.

In the order of foreign keys: undo puts rows back in the order in which the tables are declared.
"""

# ruff: noqa: I001 - the order is that of foreign keys
from contacts.models.people import Company, Contact
from contacts.models.points import Email, Label, Link, Phone, Point, PostalAddress
from contacts.models.ties import Affiliation, CompanyTag, ContactTag, Group, Membership
from contacts.models.shares import (
    CompanyTeamShare,
    CompanyUserShare,
    ContactTeamShare,
    ContactUserShare,
    GroupTeamShare,
    GroupUserShare,
)
from contacts.models.duplicates import (
    CompanyApart,
    CompanyPair,
    ContactApart,
    ContactPair,
    DuplicateHit,
    DuplicateKey,
    DuplicateSearch,
    Pair,
)
from contacts.models.entries import CompanyEntry, ContactEntry

__all__ = [
    "Affiliation",
    "Company",
    "CompanyApart",
    "CompanyEntry",
    "CompanyPair",
    "CompanyTag",
    "CompanyTeamShare",
    "CompanyUserShare",
    "Contact",
    "ContactApart",
    "ContactEntry",
    "ContactPair",
    "ContactTag",
    "ContactTeamShare",
    "ContactUserShare",
    "DuplicateHit",
    "DuplicateKey",
    "DuplicateSearch",
    "Email",
    "Group",
    "GroupTeamShare",
    "GroupUserShare",
    "Label",
    "Link",
    "Membership",
    "Pair",
    "Phone",
    "Point",
    "PostalAddress",
]
