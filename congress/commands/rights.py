"""``congress rights``: the table of who may open and change what."""

from __future__ import annotations

import click
from flask import current_app

from congress.commands import working
from congress.desk import doors


@click.command("rights")
@click.option("--role", type=click.Choice(list(doors.COLUMNS)), help="Only what this one opens.")
def rights(role: str | None) -> None:
    """Print every address with those who open it (r) and change something there (w), one a line, with tabs between columns."""
    with working.app(ready=False):
        columns = [role] if role else list(doors.COLUMNS)
        click.echo("\t".join(["address", "behind", *columns]))
        for row in doors.table(current_app.url_map):
            cells = [_cell(row, column) for column in columns]
            if role is None or cells != ["-"]:
                click.echo("\t".join([row.rule, str(row.behind), *cells]))


def _cell(row: doors.Row, column: str) -> str:
    reads, writes = column in (row.reads or ()), column in (row.writes or ())
    return "rw" if reads and writes else "w" if writes else "r" if reads else "-"


COMMANDS = (rights,)
