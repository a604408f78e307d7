"""`loader compact`: shrink the archive file."""

from __future__ import annotations

from pathlib import Path

import click

from loader.archive.archive import Archive
from loader.archive.connection import open_readonly
from loader.cli.options import db_option, timeout_option
from loader.cli.output import print_next_step
from loader.maintain.compact import compact


@click.command("compact")
@db_option
@timeout_option
def compact_command(db: Path, timeout: float) -> None:
    """Retrain the compression dictionary on all raw captures, recompress them with it, and
    release free space in the file. The content stays the same, byte for byte.

    Needs as much free disk space as the archive has. It may be interrupted.

    \b
    Example:
        loader compact
    """
    open_readonly(db, timeout).close()  # fails for a missing archive, which is not created here
    with Archive.open(db, timeout) as archive:
        before, after = compact(archive)
    click.echo(f"{db}: {before:,} bytes before, {after:,} after")
    print_next_step("loader verify --db {}", db)
