"""What is measured, and the limit each has (design: performance.md, the table "What the product must show")."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import quote

from integrations.bench.client import Ask, Client, Form
from integrations.bench.sample import Person, Sample

Asks = Iterator[Ask]
MOST_STATEMENTS = 12
BARE, BARE_CREATE, BARE_SAVE = "bare view, 50 rows", "bare creation", "bare edit"
BARE_CARDS = "bare view, 100 cards"
BARE_ASK = Ask("/bare/")
# The bare view's p50 on the machine where the peers were measured: absolute limits scale with it.
BARE_OF_PEERS = 6.5


@dataclass(frozen=True)
class Limit:
    """A multiple of another work's p50, or milliseconds that scale with the bare view; of p50, or of p95."""

    times: float = 0
    of: str = BARE
    ms: float = 0
    is_p95: bool = False

    def __str__(self) -> str:
        return f"{self.times:g} × {self.of}" if self.times else f"{self.ms:g} ms{' p95' if self.is_p95 else ''}"

    def milliseconds(self, bare: float, others: dict[str, float]) -> float:
        """The limit in this run: `bare` is the bare view's p50 then, `others` those of the other bare works over it."""
        return self.times * bare * others.get(self.of, 1) if self.times else self.ms * bare / BARE_OF_PEERS


@dataclass(frozen=True)
class Work:
    """One thing people do: whose session, and what is asked, one request per measurement."""

    name: str
    asks: Asks
    who: str = "administrator"
    limits: tuple[Limit, ...] = (Limit(times=3),)
    is_crowded: bool = False
    is_read: bool = True


TYPED = (Limit(ms=30, is_p95=True),)
SORTS = {"name": "sort_name", "touched": "touched_at", "created": "created_at"}


def works(sample: Sample, clients: dict[str, Client]) -> list[Work]:
    """Everything, in the order it is measured; `clients` are signed in, by who they are."""
    return [
        Work(BARE, cycle([BARE_ASK]), limits=(), is_crowded=True),
        *_lists(clients),
        *_searches(sample),
        *_pages(sample),
        *_deals(sample),
        *_typing(sample),
        *_writes(sample),
    ]


def _lists(clients: dict[str, Client]) -> list[Work]:
    found = []
    for who, views in {"administrator": ("all",), "rep": ("mine", "team", "all"), "shared": ("all",)}.items():
        for view in views:
            for sort in SORTS:
                for sign in ("", "-") if who == "administrator" else ("-" if sort == "touched" else "",):
                    path = f"/contacts/?view={view}&sort={sign}{sort}"
                    name, first = (
                        f"list {view}, {sign}{sort}, {who}",
                        who == "administrator" and sign + sort == "-touched",
                    )
                    found.append(Work(name, cycle([Ask(path)]), who, is_crowded=first))
                    found.append(
                        Work(
                            f"{name}, far end",
                            cycle([Ask(far_end(clients[who], path, sign, sort))]),
                            who,
                            is_crowded=first,
                        )
                    )
    return found


def far_end(client: Client, path: str, sign: str, sort: str) -> str:
    """The address of the last page but a row: the cursor after the first page of the opposite order."""
    opposite = path.replace(f"sort={sign}{sort}", f"sort={'' if sign else '-'}{sort}")
    page = client.ask(Ask(opposite)).body.decode()
    cursors = re.findall(r"[?&;]after=([\w-]+)", page)
    return f"{path}&after={cursors[0]}" if cursors else path


def _searches(sample: Sample) -> list[Work]:
    listed = {
        "list, search by part of a name": sample.prefixes(4, sample.anybody),
        "list, search by e-mail": [person.email for person in sample.anybody],
        "list, search by phone": [person.phone for person in sample.anybody],
    }
    found = [Work(name, searching(words)) for name, words in listed.items()]
    own = sample.prefixes(4, sample.own)
    return [*found, Work("list, search by part of a name, rep", searching(own), "rep")]


def searching(words: list[str]) -> Asks:
    return cycle([Ask(f"/contacts/?view=all&q={quote(word)}") for word in words])


def _pages(sample: Sample) -> list[Work]:
    contact = (Limit(times=4), Limit(ms=27))
    pages = {
        "companies": ["/companies/"],
        "groups": ["/groups/"],
        "contact form": ["/contacts/new/"],
        "company page": [f"/companies/{pk}/" for pk in sample.companies],
        "trash": ["/contacts/trash/"],
        "count": ["/contacts/count/?view=all"],
    }
    return [
        Work("contact page", cycle([Ask(f"/contacts/{pk}/") for pk in sample.keys]), limits=contact, is_crowded=True),
        Work("contact page, rep", cycle([Ask(f"/contacts/{pk}/") for pk in sample.own_keys]), "rep", limits=contact),
        *(Work(name, cycle([Ask(path) for path in paths])) for name, paths in pages.items()),
    ]


def _deals(sample: Sample) -> list[Work]:
    past = dt.date.today() - dt.timedelta(days=30)  # noqa: DTZ011 the server's day, as it is a day to look back to
    boards = {
        "board, all": ("/opportunities/board/?view=all", "administrator"),
        "board, mine": ("/opportunities/board/?view=mine", "rep"),
        "board by month": ("/opportunities/months/?view=all", "administrator"),
    }
    others = {
        "opportunities": ["/opportunities/?view=all"],
        "opportunity page": [f"/opportunities/{pk}/" for pk in sample.deals],
    }
    # What is summed up over all deals grows with them: told, without a limit.
    sums = {
        "forecast": "/opportunities/forecast/?view=all",
        "board 30 days ago": f"/opportunities/board/?view=all&on={past}",
        "what changed in 30 days": f"/opportunities/changes/?view=all&on={past}",
    }
    cards = (Limit(times=3, of=BARE_CARDS),)
    page = (Limit(times=4), Limit(ms=27))
    return [
        Work(BARE_CARDS, cycle([Ask("/bare/cards/")]), limits=()),
        *(
            Work(name, cycle([Ask(path)]), who, limits=cards, is_crowded=name == "board, all")
            for name, (path, who) in boards.items()
        ),
        *(
            Work(name, cycle([Ask(path) for path in paths]), limits=page if name == "opportunity page" else (Limit(3),))
            for name, paths in others.items()
        ),
        *(Work(name, cycle([Ask(path)]), limits=()) for name, path in sums.items()),
    ]


def _typing(sample: Sample) -> list[Work]:
    found = []
    for who, people in {"administrator": sample.anybody, "rep": sample.own, "shared": sample.anybody}.items():
        typed = {f"{n} letters": sample.prefixes(n, people) for n in (2, 3, 4)}
        typed["12 letters"] = [person.email[:12] for person in people]
        typed["two words"] = [f"{person.first[:4]} {person.last[:4]}" for person in people]
        typed["two beginnings"] = [f"{person.first[:2]} {person.last[:2]}" for person in people]
        typed["e-mail"] = [person.email for person in people]
        typed["phone"] = [national(person)[:9] for person in people]
        typed["typo"] = [mistyped(person.last) for person in people]
        typed["typo, two words"] = [f"{mistyped(person.last)} {person.first}" for person in people]
        typed["no hit"] = [f"{person.last[:4]}zq" for person in people]
        typed["nothing yet"] = [""]
        for name, words in typed.items():
            asks = cycle([Ask(f"/palette/?q={quote(word)}", target="palette-results") for word in words])
            crowded = who == "administrator" and name == "3 letters"
            found.append(Work(f"typeahead, {name}, {who}", asks, who, TYPED, is_crowded=crowded))
    return found


def mistyped(name: str) -> str:
    """The name with two letters in its middle swapped, or one too many where it is short."""
    at = len(name) // 2
    return f"{name[: at - 1]}{name[at]}{name[at - 1]}{name[at + 1 :]}" if len(name) > 4 else f"{name}x"


def national(person: Person) -> str:
    """A phone as it is dialled at home, in pairs."""
    digits = "0" + person.phone[3:]
    return " ".join(digits[n : n + 2] for n in range(0, len(digits), 2))


def _writes(sample: Sample) -> list[Work]:
    number = count()

    def people(path: str) -> Asks:
        for n in number:
            form = {"first_name": "Maëlle", "last_name": f"Le Bench {n}", "email": f"m.{n}@bench.example"}
            yield Ask(path, {**form, "lifecycle": "lead"})

    def titles(path: Callable[[int], str], target: str = "") -> Asks:
        for n, pk in zip(number, cycle(sample.own_keys[:20]), strict=False):
            yield Ask(path(pk), {"job_title": f"Directrice {n}"}, target)

    keys = [str(pk) for pk in sample.keys]
    bulk: list[Form] = [{"act": "tag", "choice": f"{sign}{sample.tag}", "pk": keys} for sign in "+-"]
    saved = "field-job_title"
    return [
        Work(BARE_CREATE, people("/bare/create/"), "rep", limits=(), is_read=False),
        Work(BARE_SAVE, titles(lambda pk: f"/bare/{pk}/save/"), "rep", limits=(), is_read=False),
        Work("create", people("/contacts/new/"), "rep", (Limit(times=3, of=BARE_CREATE), Limit(ms=22)), True, False),
        Work(
            "save in place",
            titles(lambda pk: f"/contacts/{pk}/fields/job_title/", saved),
            *("rep", (Limit(times=3, of=BARE_SAVE),), True, False),
        ),
        Work("bulk tag of 500", cycle([Ask("/contacts/bulk/", form) for form in bulk]), limits=(), is_read=False),
        Work("contact page with history", cycle([Ask(f"/contacts/{pk}/") for pk in sample.own_keys[:20]]), "rep",
             (Limit(times=4), Limit(ms=27)), is_read=False),
    ]  # fmt: skip
