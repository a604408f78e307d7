"""`loader verify`: check the archive for damage, and repair it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click

from loader.archive.archive import Archive
from loader.archive.connection import archive_errors
from loader.cli.options import db_option, timeout_option
from loader.cli.output import print_next_step
from loader.maintain.reparse.compare import Scan
from loader.maintain.verify.finding import Finding
from loader.maintain.verify.repair import needs_new_file, repair
from loader.maintain.verify.salvage import salvage
from loader.maintain.verify.verify import check_is_archive, reading, verify
from loader.rows.problems import storable
from loader.words import counted

# The first round deletes rows with wrong references; the second restores those rows.
_ROUNDS = 2
_MOST_NAMED = 10  # number of findings printed per area


@click.command("verify")
@click.option("--all", "everything", is_flag=True, help="Parse every raw capture, not a sample.")
@click.option("--repair", "mend", is_flag=True, help="Repair damage if possible; implies --all.")
@db_option
@timeout_option
def verify_command(everything: bool, mend: bool, db: Path, timeout: float) -> None:
    """Check the file, its rows and its raw captures; the exit code is 1 if there is damage.

    The checks cover SQLite's own structures, foreign keys, the schema, the full-text index,
    orphaned and contradictory rows, and the digest of every raw capture. Boards and articles of
    a sample are compared with their raw captures; with --all, those of every capture, and the
    inferred days as well.

    --repair rebuilds rows from raw captures in place. If the file itself is damaged, it saves
    the readable content into a new file beside it and does not change the damaged one.

    \b
    Example:
        loader verify
        loader verify --all --db backup.db
        loader verify --repair
    """
    check_is_archive(db)
    findings = _look(db, timeout, everything=everything or mend)
    for _ in range(_ROUNDS if mend else 0):
        if any(finding.is_damage for finding in findings):
            db = _repair(db, findings, timeout)
            click.echo(f"\nAfter the repair: {db}")
            findings = _look(db, timeout, everything=True)
    if any(finding.is_damage for finding in findings):
        if not mend:
            print_next_step("loader verify --repair --db {}", db)
        sys.exit(1)


def _look(db: Path, timeout: float, *, everything: bool) -> list[Finding]:
    scan = Scan()
    with archive_errors(db), reading(db, timeout) as conn:
        findings = list(verify(conn, db, scan, everything=everything))
    findings.sort(key=lambda finding: finding.area)
    for area, group in groupby(findings, key=lambda finding: finding.area):
        _print_area(area, list(group))
    click.echo(
        f"{counted(scan.read, 'capture')} decoded, {scan.parsed:,} parsed again,"
        f" {scan.without_raw:,} kept without raw bytes"
    )
    damage = sum(finding.is_damage for finding in findings)
    click.echo(f"{counted(damage, 'fault')} found" if damage else "no damage found")
    return findings


def _print_area(area: str, findings: Sequence[Finding]) -> None:
    click.echo(f"{area}: {len(findings):,}")
    for finding in findings[:_MOST_NAMED]:
        where = f"snapshot {finding.snapshot_id}: " if finding.snapshot_id else ""
        click.echo(f"  {where}{storable(finding.fault)} ({finding.remedy.value})")
    if (more := len(findings) - _MOST_NAMED) > 0:
        click.echo(f"  and {more:,} more")


def _repair(db: Path, findings: Sequence[Finding], timeout: float) -> Path:
    """Repair in place or into a new file; return the path of the repaired archive."""
    if not needs_new_file(findings):
        with Archive.open(db, timeout) as archive, archive_errors(db):
            repair(archive, findings)
        return db
    saved = salvage(db, db.with_name(f"{db.stem}.salvaged{db.suffix}"), timeout)
    click.echo(
        f"{saved.path}: {counted(saved.snapshots, 'snapshot')} saved,"
        f" {saved.lost:,} lost; {db} is unchanged"
    )
    if saved.users.taken:
        click.echo(
            f"your own, saved: {', '.join(saved.users.taken)};"
            " ids of articles, boards and snapshots may differ in the new file"
        )
    for name in saved.users.stayed:
        click.echo(f"your own, not saved from {db}: {name}")
    return saved.path
