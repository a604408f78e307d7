"""`loader parse`: what `load` would store, as JSON lines or as Parquet parts."""

from __future__ import annotations

import sys
from typing import Any

import click

from loader.cli.options import (
    locations,
    read_options,
    reading_options,
    require_sources,
    workers_option,
)
from loader.errors import LoaderError, SourceError
from loader.ingest.load import LoadResult, parse_sources
from loader.page.record import to_json

_MAX_NAMED = 20


@click.command(short_help="Print what load would store, or write it as Parquet parts.")
@reading_options
@click.option(
    "--to",
    metavar="FOLDER",
    help="Write Parquet parts there, on a Dask cluster; a path or an address (s3://...).",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="With --to: the scheduler of a Dask cluster, tcp://host:8786; else a local one starts.",
)
@workers_option
def parse(to: str | None, dask: str | None, workers: int, **values: Any) -> None:
    """Print what `load` would store, one JSON object a capture, and touch no database.

    With --to the captures go into Parquet parts instead, which `loader load FOLDER/` appends
    to an archive: parsing for many machines. The same command again makes only the parts
    that are missing. Exit code 1 when a source could not be read.

    \b
    Example:
        loader parse page.txt | python -m json.tool
        loader parse --to parts/ --dask tcp://10.0.0.5:8786 --list wet.paths.gz
    """
    require_sources(values)
    if to is None:
        if dask is not None:
            raise click.UsageError("--dask needs --to FOLDER.")
        failures = _print(values)
    else:
        failures = _write_parts(values, to, dask, workers)
    for failure in failures[:_MAX_NAMED]:
        click.echo(f"not read: {failure}", err=True)
    if (more := len(failures) - _MAX_NAMED) > 0:
        click.echo(f"not read: {more} more sources", err=True)
    if failures:
        sys.exit(1)


def _print(values: dict[str, Any]) -> list[SourceError]:
    result = LoadResult()
    for item in parse_sources(locations(values), read_options(values), result, {}):
        click.echo(to_json(item))
    return result.failures


def _write_parts(
    values: dict[str, Any], to: str, dask: str | None, workers: int
) -> list[SourceError]:
    try:
        from loader.ingest.cluster import parse_to_parts
    except ImportError as error:
        raise click.ClickException(
            f"--to needs {error.name}: pip install 'brecorder-archive[cluster]'"
        ) from error
    try:
        result = parse_to_parts(
            locations(values), read_options(values), to, address=dask, workers=workers
        )
    except LoaderError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{len(result.parts)} parts in {to}, {result.made} of them new,"
        f" with {result.captures:,} captures"
    )
    return result.failures
