"""Opportunities in files: the stage and the product they name, how they ended, and the people they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from contacts.models import Company, Contact, Email
from crm.records.models import Event, Organisation
from crm.records.text import norm
from integrations.desks.base import BATCH, Desk, Search, filled
from integrations.desks.dated import entries, note_moves
from integrations.desks.deal_values import (
    NUMBERS,
    OF_LINE,
    by_name,
    by_reference,
    name_of,
    plain_line,
    sum_of,
    taker,
    wrong_with,
)
from integrations.desks.pipelines import Pipelines
from integrations.desks.products import Catalogue
from integrations.fields import OPPORTUNITIES
from integrations.models import ImportRow, ImportRun
from integrations.rows import Clean, plain
from opportunities import people
from opportunities.models import (
    CoOwner,
    DealContact,
    DealLine,
    LostReason,
    Opportunity,
    OpportunityTag,
    Stage,
    StageChange,
)
from opportunities.services import moment_of, top_of

if TYPE_CHECKING:
    from crm.access.models import User
    from integrations.cleaning import RowUnderWay
    from integrations.committing import Writer
    from integrations.planning import PlannedRow

_OF_ENDED = ("closed_on", "won_amount", "lost_reason", "lost_text")


class DealDesk(Desk):
    kind = OPPORTUNITIES
    model = Opportunity
    scalars = (
        *("name", "reference", "company", "pipeline", "stage", "amount", "won_amount", "currency", "probability"),
        *("category", "opened_on", "expected_on", "closed_on", "lost_reason", "lost_text", "source", "campaign"),
        *("competitors", "next_step", "next_step_on", "notes"),
    )
    matches = ("reference", "name")
    names = ("name",)
    fields = {"close_date": "expected_on", "engaged_on": "opened_on", "status": "stage", "product": "dealline",
              "lines": "dealline", "takers": "dealcontact", "sellers": "opportunityusershare"}  # fmt: skip

    # Rows of a file

    @classmethod
    def finish(cls, row: RowUnderWay) -> None:
        data = row.data
        if not any(data.get(slug) for slug in ("name", "reference", "company", "product", "lines")):
            row.refuse_row(_("The row has no name, reference, company or product."))

    @classmethod
    def keys(cls, data: Clean, wanted: list[str]) -> list[str]:
        """By reference; without one, or if so wished, by name and company."""
        found = []
        if data.get("reference") and (not wanted or "reference" in wanted):
            found.append(f"reference:{data['reference']}")
        if data.get("name") and ("name" in wanted or not found):
            found.append(f"deal:{norm(data['name'])}|{norm(data.get('company', ''))}")
        return found

    @classmethod
    def searches(cls) -> dict[str, Search]:
        return {"reference": by_reference, "deal": by_name}

    # Deals as plain values

    @classmethod
    def with_values(cls, rows: Any, viewer: User) -> Any:
        people = Contact.objects.visible_to(viewer)
        parts = DealContact.objects.filter(contact__in=people).select_related("contact")
        return rows.select_related("owner", "company", "stage", "pipeline", "lost_reason").prefetch_related(
            "tags",
            Prefetch("lines", DealLine.objects.select_related("product")),
            Prefetch("parts", parts.prefetch_related("contact__emails")),
            Prefetch("user_shares", CoOwner.objects.select_related("user"), to_attr="sellers"),
        )

    @classmethod
    def state(cls, record: Any) -> Clean:
        state = {slug: plain(getattr(record, slug)) for slug in cls.scalars if cls.is_column(slug)}
        for slug in ("company", "pipeline", "stage", "lost_reason", "owner"):
            state[slug] = str(getattr(record, slug) or "")
        if record.probability_source != Opportunity.ProbabilitySource.TYPED:
            state["probability"] = None
        state["tags"] = [tag.name for tag in record.tags.all()]
        state["lines"] = [plain_line(line) for line in record.lines.all()]
        state["takers"] = [taker(tie.contact, tie.part) for tie in record.parts.all()]
        state["sellers"] = [[tie.user.name, tie.per_cent] for tie in record.sellers]
        return filled(state)

    # What a row will do

    @cached_property
    def pipelines(self) -> Pipelines:
        return Pipelines()

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.by)

    @cached_property
    def currency(self) -> str:
        return Organisation.current().currency

    @cached_property
    def reasons(self) -> list[LostReason]:
        return list(LostReason.objects.all())

    def look(self, rows: Iterable[PlannedRow]) -> None:
        """Find the people that rows name, by address, else by name."""
        told = [one for row in rows for one in row.cleaned.get("takers", []) if "id" not in one]
        seen = Contact.objects.visible_to(self.by)
        self._people: dict[str, list[Contact]] = defaultdict(list)
        if not told:
            return
        addresses = Email.objects.filter(address__in={one["email"] for one in told if one["email"]}, contact__in=seen)
        for email in addresses.select_related("contact").order_by("pk"):
            if email.contact:
                self._people[email.address].append(email.contact)
        names = {norm(one["name"]): None for one in told if not one["email"]}
        turned = [" ".join([*name.split()[1:], *name.split()[:1]]) for name in names]
        for contact in seen.filter(sort_name__in=[*names, *turned]).order_by("pk"):
            self._people[norm(f"{contact.first_name} {contact.last_name}".strip())].append(contact)
            self._people[contact.sort_name].append(contact)

    def begin(self, row: PlannedRow) -> str:
        if wrong := self._resolve(row, ""):
            return wrong
        data = row.cleaned
        if "stage" not in data:
            pipeline = self.pipelines.named(data.get("pipeline", "")) or self.pipelines.all[0]
            if (stage := self.pipelines.end(pipeline, Stage.Status.OPEN)) is None:
                return _("This pipeline has no open stage.")
            data["pipeline"], data["stage"] = str(pipeline), str(stage)
        data.setdefault("name", name_of(data))
        return wrong_with(self.incoming(data, None), self._status(data))

    def compare(self, row: PlannedRow, state: Clean) -> str:
        if wrong := self._resolve(row, state.get("pipeline", "")):
            return wrong
        after = self._after(row.cleaned, state)
        return wrong_with({**state, **self.incoming(row.cleaned, state)}, self._status(after))

    def _after(self, data: Clean, state: Clean) -> Clean:
        """A deal's plain values when the row is written."""
        return {**state, **data} if self.planner.on_match == ImportRun.OnMatch.UPDATE else {**data, **state}

    def _status(self, data: Clean) -> str:
        stage = self.pipelines.of_names(data.get("pipeline", ""), data.get("stage", ""))
        return str(stage.status) if stage else str(Stage.Status.OPEN)

    def _resolve(self, row: PlannedRow, pipeline: str) -> str:
        """Put our words for stage, reason, product and people; `pipeline` is where the deal is, "" for a new one."""
        data = row.cleaned
        if wrong := self._resolve_stage(row, pipeline):
            return wrong
        reason = data.pop("lost_reason", "")
        if known := next((one for one in self.reasons if norm(reason) in {norm(one.name_fr), norm(one.name_en)}), None):
            data["lost_reason"] = str(known)
        elif reason and "lost_text" not in data:
            data["lost_text"] = reason
        self._resolve_product(row)
        self._resolve_people(row)
        return ""

    def _resolve_stage(self, row: PlannedRow, pipeline: str) -> str:
        data = row.cleaned
        asked, status = data.get("pipeline", ""), data.pop("status", "")
        found = self.pipelines.named(asked or pipeline)
        if asked and found is None:
            self.planner.warn(row, _("No pipeline has this name: the usual one was taken."), asked)
            del data["pipeline"]
        found = found or self.pipelines.named(pipeline) or self.pipelines.all[0]
        text = data.get("stage", "")
        stage, is_ours = self.pipelines.stage(found, text) if text else (None, True)
        if text and stage is None:
            return _("No stage of the pipeline “%(pipeline)s” is called “%(stage)s”.") % {
                "pipeline": found,
                "stage": text,
            }
        if stage and not is_ours:
            self.planner.warn(
                row, _("This stage is unknown here: the nearest one was taken, “%(stage)s”.") % {"stage": stage}, text
            )
        if status and status != Stage.Status.OPEN and (stage is None or stage.status != status):
            stage = self.pipelines.end(found, status)
        if stage:
            data["pipeline"], data["stage"] = str(found), str(stage)
        return ""

    def _resolve_product(self, row: PlannedRow) -> None:
        """Make a line of the product that a row names, at its price in the currency of the deal."""
        data = row.cleaned
        currency = data.get("currency", self.currency)
        name = data.pop("product", "")
        told = data.get("lines", []) + ([{"product": name, "label": name}] if name else [])
        for line in told:
            named = line.get("product", "")
            product = self.catalogue.named(named) if named else None
            if product:
                if line["label"] == named:
                    line["label"] = product.name
                line["product"] = product.name
                line.setdefault("unit", product.unit)
                line.setdefault("vat_rate", str(product.vat_rate))
                line.setdefault("is_recurring", product.is_recurring)
                if "price" not in line and (price := self.catalogue.price(product, currency)) is not None:
                    line["price"] = str(price)
            elif named:
                del line["product"]
                self.planner.warn(row, _("No product has this name: the line carries the name only."), named)
            line.setdefault("price", data.get("amount", "0.00"))
        if told:
            data["lines"] = told

    def _resolve_people(self, row: PlannedRow) -> None:
        data = row.cleaned
        takers = []
        for one in data.pop("takers", []):
            known = [] if "id" in one else self._people.get(one["email"] or norm(one["name"]), [])
            if "id" in one:
                takers.append(one)
            elif len({contact.pk for contact in known}) == 1:
                takers.append(taker(known[0], one["part"]))
            else:
                text = one["email"] or one["name"]
                reason = (
                    _("Several contacts are called so: nobody was added.") if known else _("No contact is called so.")
                )
                self.planner.warn(row, reason, text)
        sellers = []
        for name, share in data.pop("sellers", []):
            if person := self.planner.person(name):
                sellers.append([person.name, share])
            else:
                self.planner.warn(row, _("Nobody here has this name or address."), name)
        data |= {slug: value for slug, value in (("takers", takers), ("sellers", sellers)) if value}

    def incoming(self, data: Clean, state: Clean | None) -> Clean:
        """Say what the row means by what stage the deal is in: how and when it ended, or when it is expected to."""
        data = dict(data)
        status = self._status(data if state is None else self._after(data, state))
        is_open = status == Stage.Status.OPEN
        if engaged := data.get("engaged_on"):
            data.setdefault("opened_on", engaged)
        if day := data.pop("close_date", ""):
            data.setdefault("expected_on" if is_open else "closed_on", day)
        dropped = (
            _OF_ENDED if is_open else ("lost_reason", "lost_text") if status == Stage.Status.WON else ("won_amount",)
        )
        for slug in dropped:
            data.pop(slug, None)
        if state is None:
            data.setdefault("currency", self.currency)
            if "amount" not in data and "lines" in data:
                data["amount"] = str(sum_of(data))
            if status == Stage.Status.WON and "amount" in data:
                data.setdefault("won_amount", data["amount"])
        return data

    # Writing

    def create(self, writer: Writer, rows: list[ImportRow]) -> None:
        said = [self.planner.incoming(row) for row in rows]
        firms = writer.companies_named([data["company"] for data in said if data.get("company")])
        # The deals of a file come above those of their column, the first of them lowest.
        places: dict[int, float] = {}
        records, steps = [], []
        for row, data in zip(rows, said, strict=True):
            record = self._new(writer, data, firms, row)
            above = places.get(record.stage_id)
            record.position = top_of(record.stage) if above is None else above - 1
            places[record.stage_id] = record.position
            steps.append(entries(record, record.stage, data.get("engaged_on", "")))
            record.stage_since = steps[-1][-1].at
            records.append(record)
        Opportunity._base_manager.bulk_create(records, batch_size=BATCH)
        for row, record in zip(rows, records, strict=True):
            row.record_id = record.pk
        writer.touched += records
        changes = [entry.row(record, self.by) for record, own in zip(records, steps, strict=True) for entry in own]
        StageChange.objects.bulk_create(changes, batch_size=BATCH)
        self.add(writer, list(zip(records, said, strict=True)))

    def _new(self, writer: Writer, data: Clean, firms: dict[str, list[Company]], row: ImportRow) -> Opportunity:
        stage = self._stage(data)
        is_sum = "lines" in data and Decimal(data["amount"]) == sum_of(data)
        known = firms.get(norm(data.get("company", "")), [])
        return Opportunity(
            **self.values(data),
            **self.owned(data, writer),
            custom=self.planner.custom(data),
            company=known[0] if known else None,
            pipeline_id=stage.pipeline_id,
            stage=stage,
            status=stage.status,
            lost_reason=self._reason(data.get("lost_reason", "")),
            amount_source=Opportunity.AmountSource.LINES if is_sum else Opportunity.AmountSource.TYPED,
            probability_source="typed" if "probability" in data else "stage",
        )

    def _stage(self, data: Clean) -> Stage:
        stage = self.pipelines.of_names(data.get("pipeline", ""), data.get("stage", ""))
        assert stage is not None  # noqa: S101 the row was decided with it
        return stage

    def _reason(self, name: str) -> LostReason | None:
        return next((one for one in self.reasons if str(one) == name), None)

    def update(self, writer: Writer, rows: list[ImportRow]) -> None:
        self._firms = writer.companies_named([row.diff["company"][1] for row in rows if "company" in row.diff])
        super().update(writer, rows)
        event = Event.objects.filter(changeset=self.planner.run.changeset_id).order_by("pk")[0]
        moved = {row.record_id or 0 for row in rows if "stage" in row.diff}
        note_moves(event, moved, [row.record_id or 0 for row in rows])

    def apply(self, record: Any, row: ImportRow) -> set[str]:
        changed = super().apply(record, row)
        diff = row.diff
        if "company" in diff:
            record.company = self._firms[norm(diff["company"][1])][0]
            changed.add("company")
        if "lost_reason" in diff:
            record.lost_reason = self._reason(diff["lost_reason"][1])
            changed.add("lost_reason")
        if "amount" in diff:
            record.amount_source = Opportunity.AmountSource.TYPED
            changed.add("amount_source")
        if "probability" in diff:
            record.probability_source = Opportunity.ProbabilitySource.TYPED
            changed.add("probability_source")
        if {"stage", "pipeline"} & diff.keys():
            changed |= self._move(record, diff)
        return changed

    def _move(self, record: Any, diff: Clean) -> set[str]:
        """Put a deal into another stage; one that is open again has not ended."""
        stage = self._stage(
            {slug: diff[slug][1] if slug in diff else str(getattr(record, slug)) for slug in ("pipeline", "stage")}
        )
        record.stage, record.pipeline_id, record.status = stage, stage.pipeline_id, stage.status
        if stage.status == Stage.Status.OPEN:
            record.closed_on, record.won_amount, record.lost_reason, record.lost_text = None, None, None, ""
        elif stage.status == Stage.Status.WON:
            record.lost_reason, record.lost_text = None, ""
            record.won_amount = record.amount if record.won_amount is None else record.won_amount
        else:
            record.won_amount = None
        record.stage_since = max(record.stage_since, moment_of(record.closed_on))
        return {"stage", "pipeline", "status", "stage_since", *_OF_ENDED}

    def locked(self, keys: list[int | None]) -> Any:
        rows = Opportunity._base_manager.select_for_update(of=("self",)).select_related("stage", "pipeline")
        return rows.in_bulk(keys)

    def add(self, writer: Writer, parts: list[tuple[Any, Clean]]) -> None:
        lines, takers, sellers, tags = [], [], [], []
        for record, data in parts:
            for place, line in enumerate(data.get("lines", [])):
                product = self.catalogue.named(line["product"]) if line.get("product") else None
                values = {
                    name: Decimal(line[name]) if name in NUMBERS else line[name] for name in OF_LINE if name in line
                }
                lines.append(DealLine(opportunity=record, product=product, position=place, **values))
            for one in data.get("takers", []):
                takers.append(DealContact(opportunity=record, contact_id=one["id"], part=one["part"]))
            for name, share in data.get("sellers", []):
                sellers.append((record, self.planner.person(name), share))
            tags += [OpportunityTag(opportunity=record, tag=writer.tag(name)) for name in data.get("tags", [])]
        DealLine.objects.bulk_create(lines, batch_size=BATCH)
        # What somebody added in between is there already: that is no error.
        DealContact.objects.bulk_create(takers, batch_size=BATCH, ignore_conflicts=True)
        people.add_co_owners(sellers)
        OpportunityTag.objects.bulk_create(tags, batch_size=BATCH, ignore_conflicts=True)
