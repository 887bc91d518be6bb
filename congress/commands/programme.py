"""Commands about congresses and their programmes: in from files, out to files, a copy for the next year."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from congress.commands.working import FILE, app, congress_of, say
from congress.congresses.copying import Wanted
from congress.congresses.imports import import_congress
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised
from congress.programme import imports
from congress.programme.exchange import columns, matching, reading, storing
from congress.programme.exchange.plans import Defaults, Plan
from congress.registration import copying
from congress.web import draft_files

_BY = "command line"
_SHOWN = 20  # errors named at once
_CONGRESS = click.option("--congress", "slug", required=True, help="Slug of the congress.")


@click.command("import-venues")
@FILE
def import_venues(file: Path) -> None:
    """Load venues from a CSV FILE."""
    with app():
        begin_writing()
        done = imports.import_venues(file)
        db.session.commit()
    say(done)


@click.command("import-congress")
@FILE
def import_congress_(file: Path) -> None:
    """Make or change a congress from a TOML FILE, such as congress/data/krakowice2018.toml."""
    with app():
        begin_writing()
        made = import_congress(file)
        db.session.commit()
        click.echo(f"/{made.slug}/ is ready. Next: congress import-programme FILE --congress {made.slug}")


@click.command("import-programme")
@FILE
@_CONGRESS
def import_programme(file: Path, slug: str) -> None:
    """Load sessions and public events from a CSV FILE of sources into the draft; release them with: congress release.

    The columns are those of congress/data/programme_2018.csv. Tables of export-programme, schedules and calendars: import-draft.
    """
    with app():
        begin_writing()
        done = imports.import_programme(file, congress_of(slug))
        db.session.commit()
    say(done)


@click.command("import-draft")
@FILE
@_CONGRESS
@click.option("--dry-run", is_flag=True, help="Only say what would be added and changed.")
def import_draft(file: Path, slug: str, dry_run: bool) -> None:
    """Load a table (CSV, XLSX), a schedule (JSON, XML) or a calendar (ICS) into the draft, wholly or not at all."""
    with app():
        if not dry_run:
            begin_writing()
        congress = congress_of(slug)
        plan = _plan(congress, file)
        if dry_run:
            db.session.rollback()
            click.echo(
                f"{plan.count('new')} would be added, {plan.count('changed')} changed; {len(plan.missing)} are not in the file."
            )
            return
        done = storing.store(congress, plan, by=_BY, now=now())
        db.session.commit()
    click.echo(
        f"{done.added} added, {done.changed} changed, {plan.count('same')} unchanged; {len(plan.missing)} are not in the file."
    )


def _plan(congress: Congress, file: Path) -> Plan:
    """What the file would do. Raises ClickException, with line and column, where anything in it is wrong."""
    try:
        with file.open("rb") as opened:
            sheet = reading.read(opened, congress)
    except OSError as reason:
        raise click.ClickException(f"{file} cannot be read: {reason.strerror}.") from None
    languages = matching.languages_of(congress, sheet.header)
    matched = columns.guess(sheet.header, languages, [columns.labels(languages)])
    if problems := matching.heading_problems(matched, languages):
        raise click.ClickException("\n".join(problems))
    plan = matching.check(congress, sheet, matched, Defaults())
    wrong = [f"{file.name}, line {row.line}, {name}: {said}" for row in plan.rows for name, said in row.errors.items()]
    if wrong:
        more = [f"… and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise click.ClickException("\n".join([*wrong[:_SHOWN], *more, "Nothing was written."]))
    return plan


@click.command("export-programme")
@FILE
@_CONGRESS
@click.option(
    "--language", default="en", show_default=True, type=click.Choice(list(LANGUAGES)), help="Of schedules and calendars."
)
def export_programme(file: Path, slug: str, language: str) -> None:
    """Write the draft to FILE: a table (.csv, .xlsx) that holds everything, a schedule (.json, .xml) or a calendar (.ics)."""
    suffix = file.suffix.removeprefix(".").lower()
    if suffix not in draft_files.TYPES:
        raise click.ClickException(f"“{file.name}” should end in one of: {', '.join(f'.{each}' for each in draft_files.TYPES)}.")
    with app():
        content = draft_files.content(congress_of(slug), suffix, language)
    try:
        file.write_bytes(content)
    except OSError as reason:
        raise click.ClickException(f"{file} cannot be written: {reason.strerror}.") from None
    click.echo(f"The draft is in {file}.")


@click.command("copy-congress")
@click.argument("slug")
@click.argument("new_slug")
@click.option("--first-day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Of the new congress.")
@click.option("--name", required=True, help="Its short name, in English.")
@click.option("--name-pl", default="", help="The same in Polish.")
def copy_congress(slug: str, new_slug: str, first_day: datetime, name: str, name_pl: str) -> None:
    """Make the congress NEW_SLUG with settings, draft, questions and words of mails of the congress SLUG, and with nobody's data."""
    wanted = Wanted(new_slug, Localised(en=name, pl=name_pl), Localised(), first_day.date())
    with app():
        begin_writing()
        done = copying.copy_congress(congress_of(slug), wanted, by=_BY, now=now())
        db.session.commit()
    click.echo(
        f"/{new_slug}/ is made, with {done.placements} entries in its draft. Next: congress create-organiser --congress {new_slug}"
    )


COMMANDS = (import_venues, import_congress_, import_programme, import_draft, export_programme, copy_congress)
