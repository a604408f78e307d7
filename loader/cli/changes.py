"""`loader changes`: list pages that an editor changed, and silent changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from loader.archive.connection import DEFAULT_TIMEOUT
from loader.cli.options import db_option
from loader.cli.terminal import require_stdout
from loader.errors import printable
from loader.maintain.migrated_copy import reading_at_present_schema
from loader.words import counted

_CHANGED: Final = """
select url, headline, version_count, words_added, words_removed, silent_changes, first_seen_at,
    last_seen_at
from changed_pages
order by words_added + words_removed desc, version_count desc, url
limit ?
"""
_SILENT: Final = """
select url, version, headline, headline_before, words_added, words_removed, before_seen_until,
    first_seen_at, updated_at
from silent_changes
order by first_seen_at desc, url, version desc
limit ?
"""


@click.command("changes")
@db_option
@click.option("--silent", is_flag=True, help="Only changes without a new update time.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=20,
    show_default=True,
    help="Largest number of lines to print.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def changes_command(db: Path, silent: bool, limit: int, as_json: bool) -> None:
    """List pages that an editor changed, those with the most words added or removed first.
    With --silent, list the latest changes for which the page gave no new update time.

    Differences of text extraction do not count as changes (docs/articles.md). `loader serve`
    shows the changes word by word at /article/NUMBER/changes.

    \b
    Example:
        loader changes
        loader changes --silent --limit 100 --json
    """
    require_stdout()
    with reading_at_present_schema(db, DEFAULT_TIMEOUT) as conn:
        cursor = conn.execute(_SILENT if silent else _CHANGED, (limit,))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif not rows:
        click.echo("No page was changed silently." if silent else "No page was changed.")
    for row in () if as_json else rows:
        click.echo(_in_words(row))


def _in_words(row: dict[str, Any]) -> str:
    words = f"+{row['words_added']:,} -{row['words_removed']:,} words"
    if "version" in row:
        when = f"version {row['version']}, seen {row['first_seen_at'] or 'at a time not known'}"
    else:
        versions = counted(row["version_count"], "version")
        when = f"{versions}, {row['silent_changes']} changed silently"
    return f"{words}  {when}  {printable(row['headline'] or '')}  {printable(row['url'])}"
