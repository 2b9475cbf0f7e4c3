"""New records of an import, written by the database out of the staged rows: one INSERT … SELECT a table and chunk.

What the database cannot decide comes as arrays: whose the records are, which companies, categories and groups their
words name. The keys were taken when the rows were planned, so that a row can be written once only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from contacts.models import Company, Contact
from crm.access.models import User
from crm.records.custom import is_custom
from crm.records.models import Event
from integrations.fields import COMPANIES, CONTACTS
from integrations.models import ImportRow, ImportRun
from integrations.rows import Clean
from integrations.states import MODELS, PARTS, SCALARS

OWNER_KEY = {CONTACTS: "contact_id", COMPANIES: "company_id"}


@dataclass(frozen=True)
class Waiting:
    """What has to be known of a staged row before it is written; its other values stay in the database."""

    number: int
    action: str
    record_id: int | None
    kind: str
    keys: list[str]
    owner: str
    companies: list[str]
    tags: list[str]
    groups: list[str]
    company_id: int | None
    firm: Clean
    has_jobs: bool


def waiting_rows(run: ImportRun, most: int) -> list[Waiting]:
    """Return the next rows to write, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT number, action, record_id,
                   CASE WHEN %s = 'contacts' AND cleaned ? 'name' THEN 'companies' ELSE %s END, keys,
                   coalesce(cleaned->>'owner', ''), cleaned->'companies', cleaned->'tags', cleaned->'groups',
                   (cleaned->>'company_id')::bigint,
                   CASE WHEN cleaned ?| ARRAY['firm', 'company_domain'] THEN
                       coalesce(cleaned->'firm', '{}') || jsonb_build_object('domain', cleaned->'company_domain')
                   END,
                   cleaned ? 'jobs'
               FROM integrations_importrow
               WHERE run_id = %s AND number > %s AND action IN ('create', 'update') ORDER BY number LIMIT %s""",
            [run.kind, run.kind, run.pk, run.cursor, most],
        )
        found = cursor.fetchall()
        return [
            Waiting(
                *(number, action, record, kind, keys, owner),
                companies=_list(companies),
                tags=_list(tags),
                groups=_list(groups),
                company_id=told,
                firm=json.loads(firm) if firm else {},
                has_jobs=jobs,
            )
            for number, action, record, kind, keys, owner, companies, tags, groups, told, firm, jobs in found
        ]


def _list(value: Any) -> list[str]:
    """Read a JSON list, which Django's connections leave as text; None is an empty one."""
    return json.loads(value) if value else []


@dataclass
class Batch:
    """Rows of one kind that become new records, and what their words name.

    `owners` are the people named in cells; `defaults` what added fields begin with; `ties` are (record, company,
    primary), `tags` and `groups` (record, key).
    """

    run: ImportRun
    kind: str
    numbers: list[int]
    owner: User | None
    owners: dict[str, User]
    defaults: Clean
    ties: list[tuple[int, int, bool]] = field(default_factory=list)
    tags: list[tuple[int, int]] = field(default_factory=list)
    groups: list[tuple[int, int]] = field(default_factory=list)

    def insert(self, event: Event) -> None:
        """Write the records, what belongs to them, and their place in the import's event."""
        statement = _record_statement(self.kind, [slug for slug in self.run.mapping if is_custom(slug)])
        self._execute(statement, [json.dumps(self.defaults), *self._owners()])
        key = OWNER_KEY[self.kind]
        for statement in _part_statements(key):
            self._execute(statement, [])
        if self.ties:
            self._execute(_TIES, _columns(self.ties))
        label = "contact" if self.kind == CONTACTS else "company"
        for table, other, pairs in (
            (f"contacts_{label}tag", "tag_id", self.tags),
            ("contacts_membership", "group_id", self.groups),
        ):
            if pairs:
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"INSERT INTO {table} ({key}, {other}) "  # noqa: S608 names of our own tables
                        "SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
                        _columns(pairs),
                    )
        self._execute(_REFERENCES, [event.pk, MODELS[self.kind]._meta.label_lower, event.at])

    def _owners(self) -> list[Any]:
        named = list(self.owners.items())
        return [
            *(self.owner.pk if self.owner else None, self.owner.team_id if self.owner else None),
            *([name for name, _user in named], [user.pk for _name, user in named]),
            [user.team_id for _name, user in named],
        ]

    def _execute(self, statement: str, values: list[Any]) -> None:
        """Run a statement over the rows; their run and numbers come last."""
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, self.run.pk, self.numbers])


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


_ROWS = "r.run_id = %s AND r.number = ANY(%s)"
_TIES = f"""
    INSERT INTO contacts_affiliation (contact_id, company_id, is_primary, role)
    SELECT t.contact, t.company, t.is_primary,
        CASE WHEN t.is_primary THEN coalesce(r.cleaned->>'job_title', '') ELSE '' END
    FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS t (contact, company, is_primary)
    JOIN integrations_importrow r ON r.record_id = t.contact AND {_ROWS}
"""  # noqa: S608 our own condition
_REFERENCES = f"""
    INSERT INTO records_eventref (event_id, type, record_id, at)
    SELECT %s, %s, r.record_id, %s FROM integrations_importrow r WHERE {_ROWS}
"""  # noqa: S608 our own condition


def _record_statement(kind: str, added: list[str]) -> str:
    """Insert the records themselves, each column from the cleaned value of its name, else its default.

    `added` are the slugs of added fields that the file fills; they are letters, digits and underscores.
    """
    model: type[Contact] | type[Company] = Contact if kind == CONTACTS else Company
    columns = {
        column.name: _column(column, is_read=column.name in {*SCALARS[kind], "domains"})
        for column in model._meta.concrete_fields
        if column.name in SCALARS[kind] or not (column.null or column.generated or column.has_db_default())
        if column.name not in {"id", "owner", "team", "created_at", "updated_at", "custom"}
    }
    columns["custom"] = ("", _custom(added))
    read = ", ".join(f"{name} {sql}" for name, (sql, _value) in columns.items() if sql)
    return f"""
        INSERT INTO {model._meta.db_table} (id, owner_id, team_id, created_at, updated_at, {", ".join(columns)})
        SELECT r.record_id, CASE WHEN o.name IS NULL THEN d.owner ELSE o.owner END,
            CASE WHEN o.name IS NULL THEN d.team ELSE o.team END, now(), now(),
            {", ".join(value for _sql, value in columns.values())}
        FROM (SELECT %s::bigint AS owner, %s::bigint AS team) AS d
        CROSS JOIN integrations_importrow r
        CROSS JOIN LATERAL jsonb_to_record(r.cleaned) AS c ({read})
        LEFT JOIN unnest(%s::text[], %s::bigint[], %s::bigint[]) AS o (name, owner, team)
            ON o.name = r.cleaned->>'owner'
        WHERE {_ROWS} ORDER BY r.number
    """  # noqa: S608 names of our own columns


def _column(column: Any, *, is_read: bool) -> tuple[str, str]:
    """Return the SQL type a column's value is read as ("" where no file fills it), and the expression to insert."""
    sql = str(column.db_type(connection))
    if column.null:
        return sql, f"c.{column.name}"
    default = column.get_default()
    plain = json.dumps(default) if isinstance(column, models.JSONField) else str(default)
    default_sql = f"'{plain}'::{sql}"
    return (sql, f"coalesce(c.{column.name}, {default_sql})") if is_read else ("", default_sql)


def _custom(added: list[str]) -> str:
    """Read the values of added fields over their defaults."""
    if not added:
        return "%s::jsonb"
    values = ", ".join(f"'{slug}', r.cleaned->'{slug}'" for slug in added)
    return f"%s::jsonb || jsonb_strip_nulls(jsonb_build_object({values}))"


def _part_statements(key: str) -> list[str]:
    """Insert e-mails, phones, addresses and links; the first of a kind is the primary one."""
    parts = ", ".join(f"coalesce(e.v->>'{part}', '')" for part in PARTS)
    return [
        f"""INSERT INTO contacts_email ({key}, label, address, is_primary)
        SELECT r.record_id, e.v->>0, e.v->>1, e.n = 1 {_values_of("emails")}""",
        f"""INSERT INTO contacts_phone ({key}, label, number, digits, is_primary)
        SELECT r.record_id, e.v->>0, e.v->>1, coalesce(r.cleaned->'digits'->>(e.n::int - 1), ''), e.n = 1
        {_values_of("phones")}""",
        f"""INSERT INTO contacts_postaladdress ({key}, label, is_primary, {", ".join(PARTS)})
        SELECT r.record_id, e.v->>'label', e.n = 1, {parts} {_values_of("addresses")}""",
        f"""INSERT INTO contacts_link ({key}, title, url)
        SELECT r.record_id, coalesce(t.found[1], ''), coalesce(t.found[2], e.v #>> '{{}}')
        {_values_of("links", _TITLE)}""",
    ]


# The title and the address of a web address (cells.untitled); NULL where it has no title.
_TITLE = "CROSS JOIN LATERAL (SELECT regexp_match(e.v #>> '{}', '^(.*\\S)\\s+<(\\S+)>$')) AS t (found)"


def _values_of(slug: str, more: str = "") -> str:
    """Read the values of a list, `v`, with their place in it, `n`."""
    return f"""FROM integrations_importrow r
        CROSS JOIN LATERAL jsonb_array_elements(r.cleaned->'{slug}') WITH ORDINALITY AS e (v, n) {more}
        WHERE r.cleaned ? '{slug}' AND {_ROWS} ORDER BY r.number, e.n"""


def mark_to_link(run: ImportRun, numbers: list[int]) -> None:
    """Mark the rows whose company is still to be linked to its parent."""
    run.rows.filter(number__in=numbers, cleaned__has_key="parent").update(step=ImportRow.Step.TO_LINK)
