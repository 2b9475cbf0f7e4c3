"""Products in files: what they are called, and their price in each currency."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from crm.records.models import Organisation
from crm.records.text import norm
from integrations.desks.base import BATCH, Desk, Search, filled
from integrations.fields import PRODUCTS
from integrations.models import ImportRow, ImportRun
from integrations.rows import Clean
from opportunities.models import Price, Product

if TYPE_CHECKING:
    from crm.access.models import User
    from integrations.cleaning import RowUnderWay
    from integrations.committing import Writer
    from integrations.planning import PlannedRow


def squeezed(name: str) -> str:
    """Write a product's name for comparing, without spaces: “GTX Pro” and “GTXPro” are one."""
    return norm(name).replace(" ", "")


class Catalogue:
    """The products somebody may see, by name and by code, read once."""

    def __init__(self, viewer: User) -> None:
        self.viewer = viewer

    @cached_property
    def _known(self) -> dict[str, Product]:
        found: dict[str, Product] = {}
        rows = Product.objects.visible_to(self.viewer).prefetch_related("prices")
        for product in rows.order_by("is_active", "-pk"):  # The oldest of those on sale counts.
            found[squeezed(product.name)] = product
            if product.code:
                found[f"#{squeezed(product.code)}"] = product
        return found

    def named(self, text: str) -> Product | None:
        """The product of a name, else of a code."""
        return self._known.get(squeezed(text)) or self._known.get(f"#{squeezed(text)}")

    def price(self, product: Product, currency: str) -> Decimal | None:
        """What a product costs in a currency, None where that is not set."""
        return next((price.amount for price in product.prices.all() if price.currency == currency), None)


class ProductDesk(Desk):
    kind = PRODUCTS
    model = Product
    scalars = ("name", "code", "family", "description", "unit", "vat_rate", "is_recurring", "is_active")
    matches = ("code", "name")
    names = ("name",)
    fields = {"prices": "price", "currency": "price"}

    @classmethod
    def finish(cls, row: RowUnderWay) -> None:
        if not row.data.get("name"):
            row.refuse_row(_("The row has no product name."))

    @classmethod
    def keys(cls, data: Clean, wanted: list[str]) -> list[str]:
        """By code, then by name, whatever its spaces."""
        keys = [f"code:{norm(data['code'])}"] if data.get("code") else []
        keys += [f"product:{squeezed(data['name'])}"] if data.get("name") else []
        sorts = {"code" if one == "code" else "product" for one in wanted}
        return [key for key in keys if not sorts or key.partition(":")[0] in sorts]

    @classmethod
    def searches(cls) -> dict[str, Search]:
        return {"code": _by_code, "product": _by_name}

    @classmethod
    def with_values(cls, rows: Any, viewer: User) -> Any:
        return rows.select_related("owner").prefetch_related("prices")

    @classmethod
    def state(cls, record: Any) -> Clean:
        prices = [[price.currency, str(price.amount)] for price in record.prices.all()]
        return filled({**super().state(record), "prices": prices, "owner": record.owner.name if record.owner else ""})

    # What a row will do

    @cached_property
    def currency(self) -> str:
        return Organisation.current().currency

    def begin(self, row: PlannedRow) -> str:
        self._price(row)
        return ""

    def compare(self, row: PlannedRow, state: Clean) -> str:
        self._price(row)
        return ""

    def _price(self, row: PlannedRow) -> None:
        """Gather all prices of a row; one without a currency is in the company's."""
        data = row.cleaned
        if price := data.pop("price", ""):
            data["prices"] = [[data.pop("currency", self.currency), price], *data.get("prices", [])]

    def incoming(self, data: Clean, state: Clean | None) -> Clean:
        """Leave out prices that are there, unless the file overwrites them."""
        if state is None or "prices" not in data:
            return data
        known = dict(state.get("prices", []))
        overwrites = self.planner.on_match == ImportRun.OnMatch.UPDATE
        prices = [
            [currency, price]
            for currency, price in data["prices"]
            if currency not in known or (overwrites and Decimal(known[currency]) != Decimal(price))
        ]
        return {**data, "prices": prices}

    # Writing

    def create(self, writer: Writer, rows: list[ImportRow]) -> None:
        said = [self.planner.incoming(row) for row in rows]
        records = [
            Product(**self.values(data), **self.owned(data, writer), custom=self.planner.custom(data)) for data in said
        ]
        Product._base_manager.bulk_create(records, batch_size=BATCH)
        for row, record in zip(rows, records, strict=True):
            row.record_id = record.pk
        writer.touched += records
        self.add(writer, list(zip(records, said, strict=True)))

    def add(self, writer: Writer, parts: Iterable[tuple[Any, Clean]]) -> None:
        rows = {
            (record.pk, currency): Price(product=record, currency=currency, amount=Decimal(amount))
            for record, data in parts
            for currency, amount in data.get("prices", [])
        }
        Price.objects.bulk_create(
            rows.values(),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["product", "currency"],
            update_fields=["amount"],
        )


def _by_code(values: set[str], viewer: User) -> list[tuple[str, int]]:
    rows = Product.objects.visible_to(viewer).exclude(code="").order_by("pk")
    return [(key, pk) for code, pk in rows.values_list("code", "pk") if (key := norm(code)) in values]


def _by_name(values: set[str], viewer: User) -> list[tuple[str, int]]:
    rows = Product.objects.visible_to(viewer).order_by("pk").values_list("name", "pk")
    return [(key, pk) for name, pk in rows if (key := squeezed(name)) in values]
