"""`manage.py import contacts FILE`: what the pages of an import do, from a shell and without a worker."""  # noqa: N999

import json
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from crm.access.models import User
from crm.console.shell import acting_user
from crm.records.services import Refused
from integrations import services
from integrations.added import columns_for
from integrations.matching import MATCHES
from integrations.models import ImportRow, ImportRun
from integrations.reading import UnreadableFile, open_file
from integrations.states import MODELS

UNREADABLE = 2


class Command(BaseCommand):
    help = "Import a file of contacts or companies: the same detection, mapping, matching and undo as the pages have."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=list(MODELS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="email", default="", help="who imports; else the first administrator")
        parser.add_argument(
            "--mapping", default="auto", help="auto, or a JSON file of {header: field} as --json prints it"
        )
        parser.add_argument(
            "--match",
            default="",
            help="email (people without an address: by name and company), phone, name; companies: siren, domain, name; "
            "several joined by commas",
        )
        parser.add_argument("--on-match", default=ImportRun.OnMatch.FILL, choices=ImportRun.OnMatch.values)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 2 and one sentence where the file cannot be read; raises CommandError for other refusals."""
        if options["match"] and not set(options["match"].split(",")) <= set(MATCHES[options["kind"]]):
            raise CommandError(f"{options['kind']} are matched by {' or '.join(MATCHES[options['kind']])}.")
        by = acting_user(options["email"])
        with translation.override(by.language):
            try:
                run = self._import(by, options)
            except UnreadableFile as unreadable:
                self.stderr.write(str(unreadable))
                raise SystemExit(UNREADABLE) from unreadable
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            result = report(run)
            if options["dry_run"]:
                forget(run)
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else "\n".join(_in_words(result)))

    def _import(self, by: User, options: dict[str, Any]) -> ImportRun:
        """Check the whole file, and write it unless this is a dry run."""
        with open_file(options["file"]) as file:
            run = services.start_import(File(file, name=options["file"].name), by=by, kind=options["kind"])
        mapping = run.mapping if options["mapping"] == "auto" else _mapping(run, Path(options["mapping"]))
        rules = {"on_match": options["on_match"], "match": options["match"]}
        services.request_plan(run, mapping, rules, here=True)
        services.plan_import(run)
        run.refresh_from_db()
        if run.status == ImportRun.Status.FAILED:
            message = run.message
            forget(run)
            raise UnreadableFile(message)
        if not options["dry_run"]:
            services.request_commit(run, here=True)
            services.commit_import(run)
            run.refresh_from_db()
        return run


def _mapping(run: ImportRun, path: Path) -> list[str]:
    """Read which field each column goes to; columns the file does not name are left out."""
    try:
        chosen = json.loads(path.read_text("utf-8"))
        known = columns_for(run.kind, run.by)
        unknown = [one for one in chosen if one not in run.headers]
        unknown += [one for one in chosen.values() if one and one not in known]
    except (OSError, ValueError, AttributeError) as error:
        forget(run)
        raise CommandError(f"{path} cannot be read as a JSON object of headers and fields.") from error
    if unknown:
        forget(run)
        raise CommandError(f"No column or field has the name {unknown[0]}.")
    return [chosen.get(header, "") for header in run.headers]


def forget(run: ImportRun) -> None:
    """Remove an import that wrote nothing, its file and its rows: they are personal data."""
    run.file.delete(save=False)
    run.delete()


def report(run: ImportRun) -> dict[str, Any]:
    """Return what an import found and did, as `--json` prints it."""
    detected = run.look["detected"]
    failed = run.rows.filter(action=ImportRow.Action.FAIL).order_by("number")
    return {
        "detected": {name: detected[name] for name in ("encoding", "delimiter")} | {"preset": run.preset},
        "mapping": dict(zip(run.headers, run.mapping, strict=True)),
        "rows": run.counts.get("total", 0),
        "created": run.counts.get(ImportRow.Action.CREATE, 0),
        "updated": run.counts.get(ImportRow.Action.UPDATE, 0),
        "identical": run.counts.get(ImportRow.Action.SAME, 0),
        "skipped": run.counts.get(ImportRow.Action.SKIP, 0),
        "failed": run.counts.get(ImportRow.Action.FAIL, 0),
        "errors": [
            {"row": row.number, **{name: error[name] for name in ("column", "value", "reason")}}
            for row in failed.iterator(chunk_size=500)
            for error in row.errors
            if not error["warning"]
        ],
        "changeset": str(run.changeset_id) if run.changeset_id else None,
    }


def _in_words(result: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{result[name]} {name}" for name in ("created", "updated", "identical", "skipped", "failed"))
    lines = [f"{result['rows']} rows: {counts}."]
    lines += [f"Row {error['row']}: {error['column']} {error['reason']}" for error in result["errors"]]
    if result["changeset"]:
        lines.append(f"Changeset {result['changeset']}: `manage.py undo {result['changeset']}` takes it back.")
    return lines
