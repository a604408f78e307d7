"""`loader reparse`: parse the raw captures again with the present parser."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import click

from loader.archive.archive import Archive
from loader.archive.connection import archive_errors, open_readonly
from loader.archive.dating import has_undated
from loader.archive.versions import is_read_by_another
from loader.cli.options import db_option, timeout_option
from loader.cli.output import print_next_step, print_table
from loader.cli.terminal import require_stdout
from loader.maintain.migrated_copy import reading_at_present_schema
from loader.maintain.reparse.compare import Found, Scan, compare
from loader.maintain.reparse.differences import RAW_CAPTURE, REFUSED
from loader.maintain.reparse.rewrite import rewrite_all
from loader.rows.problems import storable

_SHOWN = 160  # characters of a value in --diff

# A damaged capture, and one that only an earlier parser accepted, whose rows are kept.
_NOT_REWRITTEN = frozenset({RAW_CAPTURE, REFUSED})


@click.command("reparse")
@click.option("--dry-run", is_flag=True, help="Only report changes, without writing them.")
@click.option("--diff", is_flag=True, help="Print each change: the row before and after.")
@db_option
@timeout_option
def reparse_command(dry_run: bool, diff: bool, db: Path, timeout: float) -> None:
    """Parse all raw captures in the archive again, and write the changes.

    Changes are reported by kind before any is written. With the parser that loaded the archive
    nothing changes, and no byte is written. The command may be interrupted: finished snapshots
    stay complete, and the next run does the rest. Snapshots without a raw capture are kept.
    Loads record the version that parsed them again; later differences count as damage.

    \b
    Example:
        loader reparse --dry-run --diff
        loader reparse
    """
    if dry_run:
        require_stdout()
        with reading_at_present_schema(db, timeout) as conn:
            is_changed = bool(_print_changes(conn, diff=diff))
        if is_changed:
            print_next_step("loader reparse --db {}", db)
        return
    open_readonly(db, timeout).close()  # fails for a missing archive, which is not created here
    with Archive.open(db, timeout) as archive:
        with archive_errors(db):
            changed = _print_changes(archive.conn, diff=diff)
        # A killed run may have left only the dating to do.
        is_unfinished = bool(changed) or has_undated(archive.conn)
        if is_unfinished or is_read_by_another(archive.conn):
            rewrite_all(archive, changed)
            click.echo("written" if is_unfinished else "recorded: parsed by this version as well")
    print_next_step("loader verify --all --db {}", db)


def _print_changes(conn: sqlite3.Connection, *, diff: bool) -> list[int]:
    """Print the differences to the present parser; return the snapshots to rewrite."""
    scan, kinds, changed = Scan(), Counter[str](), list[int]()
    for found in compare(conn, scan):
        kinds.update(difference.kind for difference in found.differences)
        if any(d.kind not in _NOT_REWRITTEN for d in found.differences):
            changed.append(found.snapshot_id)
        if diff:
            _print_diff(found)
    _print(scan, kinds, changed)
    return changed


def _print_diff(found: Found) -> None:
    for difference in found.differences:
        click.echo(f"snapshot {found.snapshot_id}: {difference.kind}")
        click.echo(f"  - {_short(difference.before)}")
        click.echo(f"  + {_short(difference.after)}")


def _short(value: object) -> str:
    text = storable(repr(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."


def _print(scan: Scan, kinds: Counter[str], changed: list[int]) -> None:
    print_table([("captures parsed again", scan.parsed), ("without raw capture", scan.without_raw)])
    if kinds:
        click.echo("\nChanges by kind")
        print_table(sorted(kinds.items()))
    if not changed:
        click.echo("nothing changes")
