"""`loader compact`: a smaller file."""

from __future__ import annotations

from pathlib import Path

import click

from loader.archive.archive import Archive
from loader.archive.connection import open_readonly
from loader.cli.next_step import tell_next
from loader.cli.options import db_option, timeout_option
from loader.maintain.compact import compact


@click.command("compact", short_help="Make the archive's file smaller.")
@db_option
@timeout_option
def compact_command(db: Path, timeout: float) -> None:
    """Train the dictionary of raw captures anew on all of them, compress them with it, and
    give back what is free in the file. The content stays what it is, byte for byte.

    Takes as much free room on the disk as the archive. It may be interrupted.

    \b
    Example:
        loader compact
    """
    open_readonly(db, timeout).close()  # an archive that is missing is not made here
    with Archive.open(db, timeout) as archive:
        before, after = compact(archive)
    click.echo(f"{db}: {before:,} bytes before, {after:,} after")
    tell_next("loader verify --db {}", db)
