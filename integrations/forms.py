"""The forms of an import: the file, how it is read, where its columns go and by which rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Group
from crm.access.models import User
from crm.records.custom import CustomField
from crm.records.dates import DateOrder
from crm.records.models import Organisation, Tag
from crm.records.services import may_assign
from crm.records.text import clean_line, norm
from integrations.added import columns_for
from integrations.fields import COMPANIES, CONTACTS, OPPORTUNITIES, PRODUCTS, USERS
from integrations.guarding import seen_by
from integrations.matching import MATCHES
from integrations.models import ImportRun
from integrations.new_fields import NEW, new_choices, new_field
from integrations.reading.encodings import TWICE
from integrations.resources import columns, takes_many
from integrations.services import may_import
from integrations.states import MODELS

if TYPE_CHECKING:
    from integrations.mapping import Proposal

ENCODINGS: dict[str, str | Promise] = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "iso8859_15": "ISO 8859-15",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    TWICE: gettext_lazy("UTF-8 encoded twice, mended"),
}
DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar"),
}
MATCH_NAMES = {
    "email": gettext_lazy("E-mail address; without one, name and company"),
    "phone": gettext_lazy("Phone"),
    "siren": gettext_lazy("SIREN"),
    "domain": gettext_lazy("Domain"),
    "reference": gettext_lazy("Reference; without one, name and company"),
    "code": gettext_lazy("Code"),
}
# One of these has to be filled, or no row could become a record.
NAMING = {
    CONTACTS: {"full_name", "first_name", "last_name", "company", "email", "email_work", "email_home", "email_other"},
    COMPANIES: {"name"},
    OPPORTUNITIES: {"name", "reference", "company", "product", "lines"},
    PRODUCTS: {"name"},
    USERS: {"full_name", "first_name", "last_name", "email"},
}
_NO_NAME = {
    CONTACTS: gettext_lazy("Choose at least one column that holds a name, an e-mail address or a company."),
    COMPANIES: gettext_lazy("Choose the column that holds the company’s name."),
    OPPORTUNITIES: gettext_lazy("Choose at least one column that holds a name, a reference, a company or a product."),
    PRODUCTS: gettext_lazy("Choose the column that holds the product’s name."),
    USERS: gettext_lazy("Choose at least one column that holds a name or an e-mail address."),
}


class FileForm(forms.Form):
    """A file to import, and what it holds."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, XLSX, ODS, vCard or JSON lines, as your spreadsheet, your phone or your former program writes it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ods,.vcf,.json,.jsonl"}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste a table"),
        required=False,
        max_length=1_000_000,
        strip=False,
        help_text=gettext_lazy("Copied from a spreadsheet, with its headers in the first line."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("It holds"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False
        kinds = [(kind, label) for kind, label in ImportRun.Kind.choices if may_import(by, kind)]
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("It holds"),
            required=False,
            choices=[("", _("Find out from the file")), *kinds],
        )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        limit = Organisation.current().upload_limit_mb
        if file.size > limit * 1024**2:
            message = _(
                "The file has %(size)s MB; at most %(limit)s MB are accepted. Split it, or ask an administrator."
            )
            raise ValidationError(message % {"size": -(-file.size // 1024**2), "limit": limit})
        return file

    def clean(self) -> dict[str, Any]:
        """Take the pasted table for a file where there is none."""
        values = super().clean() or self.cleaned_data
        if not values.get("file") and not self.errors:
            if not values.get("pasted", "").strip():
                raise ValidationError({"file": _("Choose a file, or paste a table below.")})
            name = _("Pasted table")
            values["file"] = ContentFile(values["pasted"].encode(), name=f"{name}.txt")
        return values


class ReadingForm(forms.Form):
    """How the file is read, where the detection was wrong."""

    kind = forms.ChoiceField(label=gettext_lazy("It holds"))
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)

    def __init__(self, *args: Any, by: User, sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        detect = ("", _("Detect"))
        choices: dict[str, list[tuple[str, Any]]] = {
            "kind": [(kind, label) for kind, label in ImportRun.Kind.choices if may_import(by, kind)],
            "encoding": [detect, *ENCODINGS.items()],
            "delimiter": [detect, *DELIMITERS.items()],
            "sheet": [(sheet, sheet) for sheet in sheets],
        }
        for name in ("encoding", "delimiter") if sheets else ("sheet",):
            del self.fields[name]
        for name, field in self.fields.items():
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 all are
            field.choices = choices[name]


class MappingForm(forms.Form):
    """The field of each column, and the rules of the import."""

    on_match = forms.ChoiceField(
        label=gettext_lazy("When a record is there already"),
        choices=ImportRun.OnMatch.choices,
        widget=forms.RadioSelect,
        initial=ImportRun.OnMatch.FILL,
    )
    match = forms.MultipleChoiceField(
        label=gettext_lazy("Recognised by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A row that fits several records is left out, and told."),
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner of the new records"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )
    tags = forms.CharField(
        label=gettext_lazy("Categories for every row"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Several are separated by commas."),
    )
    group = forms.CharField(
        label=gettext_lazy("Group for every row"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("One of yours, or a new name."),
        widget=forms.TextInput(attrs={"list": "import-groups"}),
    )
    lenient = forms.BooleanField(
        label=gettext_lazy("Import a row without the cells that cannot be read"),
        required=False,
        help_text=gettext_lazy("Otherwise the whole row is left out, and told."),
    )

    def __init__(self, *args: Any, run: ImportRun, proposals: list[Proposal], **kwargs: Any) -> None:
        self.run = run
        self.proposals = proposals
        kwargs["initial"] = _initial(run)
        super().__init__(*args, **kwargs)
        known = columns(run.kind)
        for name, slug in (("tags", "tags"), ("group", "groups")):
            if slug not in known:
                del self.fields[name]
        if "owner" in known and may_assign(run.by, MODELS[run.kind]):
            self.fields["owner"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]
        else:
            del self.fields["owner"]
        self.fields["match"].choices = [(sort, _match_name(run.kind, sort)) for sort in MATCHES[run.kind]]  # type: ignore[attr-defined]
        choices = _choices(run.kind, run.by)
        self.made: dict[int, CustomField] = {}
        for proposal in proposals:
            self.fields[f"field-{proposal.column}"] = forms.ChoiceField(
                label=_("Field for “%(header)s”") % {"header": proposal.header},
                choices=choices,
                required=False,
                initial=proposal.field,
            )

    def ask_order(self, ambiguous: dict[int, list[str]]) -> None:
        """Ask once for the order of day and month in columns whose dates read both ways."""
        for column, samples in ambiguous.items():
            self.fields[f"order-{column}"] = forms.ChoiceField(
                label=_("“%(header)s”: %(samples)s")
                % {"header": self.run.headers[column], "samples": ", ".join(samples)},
                choices=[(DateOrder.DAY_FIRST, _("Day first")), (DateOrder.MONTH_FIRST, _("Month first"))],
                widget=forms.RadioSelect,
                initial=self.run.rules.get("orders", {}).get(str(column), DateOrder.DAY_FIRST),
            )

    def clean_tags(self) -> list[str]:
        """Split the categories; each has its own limit."""
        names = [clean_line(name) for name in self.cleaned_data["tags"].replace(";", ",").split(",")]
        limit = Tag._meta.get_field("name").max_length or 0
        if any(len(name) > limit for name in names):
            raise ValidationError(_("A category has at most %(limit)s characters.") % {"limit": limit})
        return list(dict.fromkeys(filter(None, names)))

    def clean_group(self) -> str:
        return clean_line(self.cleaned_data["group"])

    def clean(self) -> dict[str, Any]:
        """Check that rows can become records, and that no field is fed twice that holds one value."""
        super().clean()
        mapping = self.mapping()
        if not NAMING[self.run.kind].intersection(mapping):
            raise ValidationError(str(_NO_NAME[self.run.kind]))
        self._check_new(mapping)
        own, known = columns(self.run.kind), columns_for(self.run.kind, self.run.by)
        for slug, count in Counter(mapping).items():
            field = known.get(slug)
            if field and count > 1 and not (slug in own and takes_many(self.run.kind, slug, mapping)):
                for column in [column for column, other in enumerate(mapping) if other == slug][1:]:
                    self.add_error(f"field-{column}", _("“%(field)s” holds one value only.") % {"field": field.label})
        return dict(self.cleaned_data)

    def _check_new(self, mapping: list[str]) -> None:
        """Check the fields to be made, and keep them."""
        for column, chosen in enumerate(mapping):
            if not chosen.startswith(NEW):
                continue
            try:
                field = new_field(self.run, column, chosen)
                if any(norm(field.label) == norm(other.label) for other in self.made.values()):
                    raise ValidationError(_("Another column of this name makes a field already."))
                self.made[column] = field
            except ValidationError as wrong:
                self.add_error(f"field-{column}", wrong)

    def mapping(self) -> list[str]:
        """Return the field of each column."""
        return [self.cleaned_data.get(f"field-{proposal.column}", "") for proposal in self.proposals]

    def rules(self) -> dict[str, Any]:
        """Return the rules as the run keeps them."""
        asked = [name for name in ("on_match", "tags", "group", "lenient") if name in self.fields]
        rules: dict[str, Any] = {name: self.cleaned_data[name] for name in asked}
        rules["match"] = ",".join(self.cleaned_data["match"])
        if "owner" in self.fields:
            owner = self.cleaned_data["owner"]
            rules["owner"] = owner.pk if owner else None
        orders = {name[6:]: value for name, value in self.cleaned_data.items() if name.startswith("order-")}
        return rules | ({"orders": orders} if orders else {})

    def groups(self) -> list[str]:
        """Return the names of groups to suggest."""
        return list(Group.objects.editable_by(self.run.by).order_by("sort_name").values_list("name", flat=True)[:200])


FORMATS = [("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("vcf", "vCard"), ("jsonl", "JSON lines")]


class ExportForm(forms.Form):
    """Which file a list becomes."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=FORMATS,
        initial="csv",
        widget=forms.RadioSelect,
    )
    columns_of = forms.ChoiceField(
        label=gettext_lazy("Columns"),
        required=False,
        choices=[
            ("", gettext_lazy("All fields, as an import takes them again")),
            ("list", gettext_lazy("The columns of the list")),
        ],
        initial="",
        widget=forms.RadioSelect,
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Delimiter of CSV"),
        required=False,
        choices=[("", gettext_lazy("As usual in your language")), *list(DELIMITERS.items())[:3]],
    )
    mark = forms.ChoiceField(
        label=gettext_lazy("Beginning of CSV"),
        required=False,
        choices=[("", gettext_lazy("With a byte order mark, for Excel")), ("none", gettext_lazy("Without"))],
    )

    def __init__(self, *args: Any, has_cards: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_cards:
            formats = self.fields["format"]
            assert isinstance(formats, forms.ChoiceField)  # noqa: S101 declared above
            formats.choices = [pair for pair in FORMATS if pair[0] != "vcf"]

    def options(self) -> dict[str, Any]:
        """Return delimiter and byte order mark of CSV."""
        return {"delimiter": self.cleaned_data["delimiter"], "mark": self.cleaned_data["mark"] != "none"}


def _match_name(kind: str, sort: str) -> str:
    if sort == "name":
        return _("Name and company") if kind in (CONTACTS, OPPORTUNITIES) else _("Name")
    if sort == "email" and kind == USERS:
        return _("E-mail address")
    return str(MATCH_NAMES[sort])


def _initial(run: ImportRun) -> dict[str, Any]:
    """Return the rules a form begins with: those chosen before, else the importer as owner."""
    rules: dict[str, Any] = {"owner": run.by_id, "on_match": ImportRun.OnMatch.FILL, **run.rules}
    usual = {CONTACTS: ["email"], OPPORTUNITIES: ["reference"]}.get(run.kind, list(MATCHES[run.kind]))
    match = [sort for sort in run.rules.get("match", "").split(",") if sort] or usual
    return rules | {"tags": ", ".join(run.rules.get("tags", [])), "match": match}


def _choices(kind: str, by: User) -> list[tuple[str, Any]]:
    """Return the fields that the importer may choose from, under their headings."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in seen_by(by, kind, columns_for(kind, by).values()):
        groups.setdefault(str(one.group), []).append((one.slug, str(one.label)))
    made = new_choices(by)
    return [
        ("", _("Do not import")),
        *groups.items(),
        *([(str(_("New field, called as the column")), made)] if made else []),
    ]
