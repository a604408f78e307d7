"""`loader parse`: what `load` would store, as JSON lines."""

from __future__ import annotations

import sys
from typing import Any

import click

from loader.bulk.load import LoadResult, parse_sources
from loader.cli.options import locations, read_options, reading_options, require_sources
from loader.page.record import to_json


@click.command(short_help="Print what load would store, as JSON lines.")
@reading_options
def parse(**values: Any) -> None:
    """Print what `load` would store, one JSON object a capture, and touch no database.

    \b
    Example:
        loader parse page.txt | python -m json.tool
        loader parse pages/ | jq -r '.article.headline'
    """
    require_sources(values)
    result = LoadResult()
    for item in parse_sources(locations(values), read_options(values), result, {}):
        click.echo(to_json(item))
    for failure in result.failures:
        click.echo(f"not read: {failure}", err=True)
    if result.failures:
        sys.exit(1)
