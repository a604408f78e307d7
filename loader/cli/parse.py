"""`loader parse`: print captures as `load` would store them, in JSON lines."""

from __future__ import annotations

import sys
from typing import Any

import click

from loader.cli.options import locations, read_options, reading_options, require_sources
from loader.cli.output import NOTHING_FOUND, print_unread
from loader.cli.terminal import require_stdout
from loader.errors import SourceError
from loader.ingest.reading import parse_sources, unreadable
from loader.page.record import to_json
from loader.sources import PassedOver, Skipped


@click.command("parse")
@reading_options
def parse_command(**values: Any) -> None:
    """Print captures as `load` would store them, one JSON object each, without a database.

    The exit code is 1 if a source could not be read.

    \b
    Example:
        loader parse page.txt | python -m json.tool
    """
    require_sources(values)
    require_stdout()
    failures: list[SourceError] = []
    is_empty = True
    for item in parse_sources(locations(values), read_options(values)):
        if isinstance(item, SourceError):
            failures.append(item)
            click.echo(to_json(unreadable(item.subject, item)))
        elif not isinstance(item, Skipped | PassedOver):
            is_empty = False
            click.echo(to_json(item))
    if is_empty and not failures:
        click.echo(NOTHING_FOUND, err=True)
    print_unread(failures)
    if failures:
        sys.exit(1)
