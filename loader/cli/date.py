"""`loader date`: infer the trading day of each board."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import click

from loader.archive.archive import Archive
from loader.archive.connection import open_readonly
from loader.archive.dating import DatingCounts, count_dated, date_all
from loader.archive.dating.explain import explain_day
from loader.archive.dating.files import ClosesReport, take_changes, take_closes
from loader.cli.calendar_note import warn_of_years_without_sessions
from loader.cli.options import TEXT, db_option, timeout_option
from loader.cli.output import print_next_step, print_table
from loader.cli.terminal import require_stdout
from loader.maintain.migrated_copy import reading_at_present_schema
from loader.market.closes_file import ClosesError, read_changes_file, read_closes_file
from loader.words import counted

_MOST_NAMED = 5

File = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("date")
@click.option(
    "--closes",
    multiple=True,
    type=File,
    metavar="FILE",
    help="CSV of index closes: date, close, and symbol (default KSE100).",
)
@click.option(
    "--holidays",
    multiple=True,
    type=File,
    metavar="FILE",
    help="CSV of corrections to the calendar: date, and open (yes or no).",
)
@click.option("--force", is_flag=True, help="Accept closes that most boards contradict.")
@click.option(
    "--explain",
    type=TEXT,
    metavar="BOARD|DAY",
    help="Only explain the day of a board (id or digest), or of the boards of a day.",
)
@db_option
@timeout_option
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def date_command(
    closes: Sequence[Path],
    holidays: Sequence[Path],
    force: bool,
    explain: str | None,
    db: Path,
    timeout: float,
    quiet: bool,
) -> None:
    """Date all boards of the archive again, with its own evidence and yours.

    The evidence is shared index bases, closes from your files and from the archive's articles,
    capture times, and boards of the days before and after. Without sufficient evidence a board
    has no date. `load` dates new boards in the same way.

    Closes stay in the archive, marked as yours, for later loads; see docs/dating.md.

    \b
    Example:
        loader date --closes kse100.csv
        loader date --explain 1742d79e
        loader date --explain 2024-05-03
    """
    if explain:
        if closes or holidays:
            raise click.UsageError("--explain changes nothing: give the files without it")
        _explain(db, timeout, explain)
        return
    _date(db, timeout, closes, holidays, force=force, quiet=quiet)


def _explain(db: Path, timeout: float, board: str) -> None:
    require_stdout()
    with reading_at_present_schema(db, timeout) as conn:
        for line in explain_day(conn, board, db):
            click.echo(line)


def _date(
    db: Path,
    timeout: float,
    closes: Sequence[Path],
    holidays: Sequence[Path],
    *,
    force: bool,
    quiet: bool,
) -> None:
    open_readonly(db, timeout).close()  # fails for a missing archive, which is not created here
    changes = [(path, read_changes_file(_text(path), str(path))) for path in holidays]
    tables = [(path, read_closes_file(_text(path), str(path))) for path in closes]
    reports: list[tuple[Path, ClosesReport]] = []

    def work(conn: sqlite3.Connection) -> None:
        changed = sum(take_changes(conn, days, path.name) for path, days in changes)
        if changed:
            date_all(conn, new_calendar=True)
        for path, rows in tables:
            reports.append((path, take_closes(conn, rows, path.name, force=force)))
        date_all(conn)

    with Archive.open(db, timeout) as archive:
        archive.in_transaction(work)
        counts = count_dated(archive.conn)
    if not quiet:
        for path, report in reports:
            _print_closes(path, report)
        _print_counts(counts, db)
        warn_of_years_without_sessions(db, timeout)
        print_next_step("loader serve --open --db {}", db)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ClosesError(str(path), f"cannot be read: {error}", "write it in UTF-8") from error


def _print_closes(path: Path, report: ClosesReport) -> None:
    counts = report.counts
    click.echo(
        f"{path}: {counted(counts.new, 'close')} new, {counts.equal:,} equal,"
        f" {len(counts.conflicts):,} in conflict"
    )
    if report.judged:
        click.echo(f"  {report.judged}")
    _print_days("in conflict, so not used", counts.conflicts)
    _print_days("left out, no session on that day", report.no_sessions)


def _print_days(label: str, days: Sequence[str]) -> None:
    if days:
        more = f" and {len(days) - _MOST_NAMED} more" if len(days) > _MOST_NAMED else ""
        click.echo(f"  {label}: {', '.join(days[:_MOST_NAMED])}{more}")


def _print_counts(counts: DatingCounts, db: Path) -> None:
    print_table(
        [
            ("boards", counts.boards),
            ("with a trading day", counts.dated),
            ("with an index day only", counts.index_only),
            ("without", counts.boards - counts.dated - counts.index_only),
            ("groups of one day", counts.groups),
            ("trading days", counts.days),
        ]
    )
    if counts.dated < counts.boards:
        click.echo(f"Why a board has none: loader date --explain BOARD --db {db}")
