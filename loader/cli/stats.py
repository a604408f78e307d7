"""`loader stats`: summarise the archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from loader.archive.connection import DEFAULT_TIMEOUT
from loader.archive.stats import read_stats
from loader.archive.undated import Undated, in_words
from loader.cli.options import db_option
from loader.cli.output import print_next_step, print_table
from loader.cli.terminal import require_stdout
from loader.maintain.migrated_copy import reading_at_present_schema

_LARGEST = 8  # number of tables whose size is printed


@click.command("stats")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def stats_command(db: Path, as_json: bool) -> None:
    """Summarise the archive: counts, spans of dates, problems by kind, sizes.

    \b
    Example:
        loader stats
        loader stats --db other.db --json
    """
    require_stdout()
    with reading_at_present_schema(db, DEFAULT_TIMEOUT) as conn:
        found = read_stats(conn)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        _print(found)
        print_next_step("loader serve --open --db {}", db)


def _print(found: dict[str, Any]) -> None:
    print_table(list(found["counts"].items()))
    click.echo("\nDates, earliest to latest")
    print_table(
        [
            (name, f"{first} to {last}" if first else None)
            for name, (first, last) in found["spans"].items()
        ]
    )
    if found["undated"]:
        click.echo("\n" + "\n".join(in_words(Undated(**found["undated"]))))
    if found["problems"]:
        click.echo("\nProblems by kind (docs/problems.md)")
        print_table(list(found["problems"].items()))
    click.echo(f"\nSize in bytes: {found['size']:,}")
    if found["sizes"]:
        print_table(list(found["sizes"].items())[:_LARGEST])
