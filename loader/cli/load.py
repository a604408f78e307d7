"""`loader load`: append captures to the archive."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import click

from loader.archive.archive import Archive
from loader.archive.undated import in_words
from loader.cli.calendar_note import warn_of_years_without_sessions
from loader.cli.on_cluster import on_cluster, require_parts
from loader.cli.options import (
    db_option,
    locations,
    read_options,
    reading_options,
    require_sources,
    timeout_option,
    workers_option,
)
from loader.cli.output import NOTHING_FOUND, print_next_step, print_table, print_unread
from loader.cli.progress import ByteProgress, total_bytes
from loader.ingest.load import LoadPlan, LoadResult, load_sources
from loader.words import counted

_MOST_REASONS = 20  # for passing records over


@click.command("load")
@reading_options
@db_option
@timeout_option
@workers_option
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Read on a Dask cluster: the address of its scheduler, such as tcp://host:8786, or"
    " local to start one here.",
)
@click.option(
    "--parts",
    metavar="FOLDER",
    help="With --cluster: the folder, a path or s3://..., for the archives that tasks write."
    "  [default with local: a temporary folder beside the archive]",
)
@click.option("--reread", is_flag=True, help="Read sources even if they were read before.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def load_command(
    db: Path,
    timeout: float,
    quiet: bool,
    workers: int,
    cluster: str | None,
    parts: str | None,
    reread: bool,
    **values: Any,
) -> None:
    """Append the captures at each SOURCE to the archive.

    A SOURCE is a file (.txt, .html, .mhtml, .eml, .xml, .rss, .atom, .jsonl, .ndjson, .csv, .tsv,
    .warc, .wet, each also .gz or .zst, and .parquet, .zip, .wacz), a folder of such files, an
    address such as s3://bucket/folder/ or that of a feed, or - for standard input (a page, a feed,
    JSON lines). From crawls, only records of brecorder.com and of hosts named by --host are read.

    Captures are deduplicated by digest, so that loading a source again is always safe. A source
    that was read to its end and has not changed is not read again without --reread. Input that
    cannot be read or parsed becomes a row in the table `problems`, with the reason.

    With --cluster, tasks on any number of machines load the sources into small archives in
    the folder --parts, and this process merges them into the archive. Repeating the command
    makes only the missing ones.

    The exit code is 0 if every source was read, 1 if one could not be read (the others are loaded
    nevertheless), 2 for wrong usage.

    \b
    Example:
        loader load pages/ corpus.jsonl.gz
        loader load --index captures.parquet
        loader load page.txt --url https://www.brecorder.com/news/40301234 \\
            --captured-at 2024-05-03T10:15:00Z
        loader load crawl/ --cluster local
        loader load s3://bucket/crawl/ --cluster tcp://10.0.0.5:8786 --parts s3://bucket/parts/
    """
    started = time.monotonic()
    require_sources(values)
    require_parts(cluster, parts)
    total = total_bytes(values["sources"])
    load_plan = LoadPlan(workers=workers, reread=reread)
    with ByteProgress(total, enabled=not quiet) as bar:
        if cluster is not None:
            result = on_cluster(db, timeout, cluster, parts, load_plan, values, bar)
        else:
            with Archive.open(db, timeout) as archive:
                result = load_sources(
                    archive, locations(values), read_options(values), bar, plan=load_plan
                )
    print_unread(result.failures, "; see `problems` in the archive")
    if not quiet:
        _print_counts(result, db, time.monotonic() - started)
        warn_of_years_without_sessions(db, timeout)
        print_next_step("loader serve --open --db {}", db)
    if result.failures:
        sys.exit(1)


def _print_counts(result: LoadResult, db: Path, seconds: float) -> None:
    counts = result.counts
    print_table(
        [
            ("captures read", counts.captures),
            ("new snapshots", counts.snapshots),
            ("duplicates", counts.duplicates),
            ("new boards", counts.boards),
            ("new quotes", counts.quotes),
            ("new articles", counts.articles),
            ("new problems", counts.problems),
            ("sources read before", result.read_before),
            ("seconds", f"{seconds:.1f}"),
        ]
    )
    if result.outdated:
        click.echo(
            f"Read {counted(result.outdated, 'source')} again that an earlier parser had read; to"
            f" update the captures stored then: loader reparse --db {db}"
        )
    for reason, count in result.passed_over.most_common(_MOST_REASONS):
        click.echo(f"Passed over {counted(count, 'record')} of wanted addresses: {reason}")
    if result.undated:
        click.echo("\n".join(in_words(result.undated)))
    if result.skipped:
        skipped = counted(len(result.skipped), "file")
        click.echo(f"Skipped {skipped} in folders: hidden or unsupported")
    if not (counts.captures or counts.problems or result.failures or result.read_before):
        click.echo(NOTHING_FOUND)
    if counts.problems:
        click.echo(f"Why a capture is a problem: loader stats --db {db}")
