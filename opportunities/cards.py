"""The cards of the board, drawn in Python as the rows of a list are (crm/ui/cells.py)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.access.models import User
from crm.access.rights import kind_of
from crm.ui import formatting
from crm.ui.cells import TAGS_SHOWN
from crm.ui.templatetags.sillage import avatar, icon, tag
from opportunities.board import Board, Lane
from opportunities.models import Opportunity
from opportunities.record_types import OPPORTUNITY

KIND = kind_of(Opportunity)


@dataclass(frozen=True)
class Words:
    """What the controls of a card are called, translated once a page, and what of deals the viewer may see."""

    today: dt.date
    acts: str
    tick: str
    nothing_planned: str
    late: str
    next_step: str
    days_here: str
    sees_next: bool
    by_month: bool

    @classmethod
    def of(cls, board: Board, viewer: User) -> Words:
        return cls(
            today=timezone.localdate(),
            acts=_("Actions: %(name)s"),
            tick=_("Tick %(name)s"),
            nothing_planned=_("Nothing planned"),
            late=_("Late:"),
            next_step=_("Next step"),
            days_here=_("Days in this stage"),
            sees_next=viewer.rights.sees(KIND, "next_step") and viewer.rights.sees(KIND, "next_step_on"),
            by_month=board.by_month,
        )


def cards_html(board: Board, lane: Lane, viewer: User) -> SafeString:
    """The cards of a lane, in their order."""
    words = Words.of(board, viewer)
    return mark_safe("\n".join(_card(deal, lane, words) for deal in lane.cards))  # noqa: S308 - every part is escaped


def card_html(board: Board, lane: Lane, deal: Any, viewer: User, swap: str = "") -> SafeString:
    """One card; `swap` is what htmx does with it (`hx-swap-oob`)."""
    return mark_safe(_card(deal, lane, Words.of(board, viewer), swap))  # noqa: S308 - every part is escaped


def _card(deal: Any, lane: Lane, words: Words, swap: str = "") -> str:
    name, days = escape(deal.name), days_in_stage(deal, words.today)
    is_stale = lane.stay is not None and days > lane.stay
    company = escape(deal.company_name or "")
    acts, tick = escape(words.acts % {"name": deal.name}), escape(words.tick % {"name": deal.name})
    parts = [
        f'<article class="deal{" rot" if is_stale else ""}" id="deal-{deal.pk}" data-row data-deal="{deal.pk}"',
        f' data-lane="{lane.key}" data-stage="{deal.stage_id}"',
        "" if deal.may_edit else " data-fixed",
        f' hx-swap-oob="{swap}"' if swap else "",
        ">",
        f'<p class="t"><a href="{OPPORTUNITY.address("detail", deal.pk)}" draggable="false">{name}</a></p>',
    ]
    if deal.may_edit:
        parts.append(
            f'<label class="hit pick"><input class="check" type="checkbox" form="picked" name="pk" value="{deal.pk}" '
            f'data-pick aria-label="{tick}"></label>'
            f'<a class="iconlink more" role="button" aria-haspopup="menu" draggable="false" data-deal-menu '
            f'href="{OPPORTUNITY.address("move", deal.pk)}" aria-label="{acts}" title="{acts}">{icon("ellipsis")}</a>'
        )
    if company:
        parts.append(f'<p class="co">{company}</p>')
    if worth := _worth(deal):
        parts.append(f'<p class="row">{worth}</p>')
    if is_stale:
        here = ngettext("%(count)s day in this stage", "%(count)s days in this stage", days) % {"count": days}
        parts.append(f'<p class="rotmsg">{icon("hourglass")}{escape(here)}</p>')
    owner = avatar(deal.owner, "xs", label=True) if deal.owner else ""
    age = escape(_("%(count)s d") % {"count": days})
    parts.append(
        f'<p class="f">{owner}{_next(deal, words)}<span class="age" title="{escape(words.days_here)}">{age}</span></p>'
        "</article>"
    )
    return "".join(parts)


def _worth(deal: Any) -> str:
    """Amount and tags in a row."""
    amount = ""
    if deal.amount is not None:
        amount = f'<span class="amt num">{escape(formatting.money(deal.amount, deal.currency))}</span>'
    tags = "".join(tag(each) for each in deal.listed_tags[:TAGS_SHOWN])
    if more := deal.listed_tags[TAGS_SHOWN:]:
        rest = escape(", ".join(str(each) for each in more))
        tags += f'<span class="tag" title="{rest}">+{len(more)}<span class="vh"> {rest}</span></span>'
    return amount + tags


def _next(deal: Any, words: Words) -> str:
    """The next step with its day: late, today, coming; amber where nothing is planned."""
    if not words.sees_next:
        return ""
    if not deal.next_step and deal.next_step_on is None:
        return f'<span class="next is-none">{icon("triangle-alert")}{escape(words.nothing_planned)}</span>'
    text = escape(deal.next_step or words.next_step)
    if deal.next_step_on is None:
        return f'<span class="next">{icon("calendar")}<span class="trunc">{text}</span></span>'
    day = escape(formatting.day_short(deal.next_step_on))
    if deal.next_step_on < words.today:
        sign, kind = f'{icon("circle-alert")}<span class="vh">{escape(words.late)} </span>', " is-late"
    else:
        sign, kind = icon("calendar"), " is-today" if deal.next_step_on == words.today else ""
    return f'<span class="next{kind}">{sign}<span class="trunc">{text}</span><span>· {day}</span></span>'


def days_in_stage(deal: Any, today: dt.date) -> int:
    """Whole days since the deal entered its stage, in the viewer's time zone."""
    return max(0, (today - timezone.localdate(deal.stage_since)).days)
