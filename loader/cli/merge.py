"""`loader merge`: the union of archives."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from loader.archive.archive import Archive
from loader.archive.connection import open_readonly
from loader.archive.users import users_objects
from loader.archive.write.batch import Counts
from loader.cli.next_step import tell_next
from loader.cli.options import FILE, timeout_option
from loader.maintain.merge import merge_into


@click.command("merge", short_help="Add what other archives hold to an archive.")
@click.argument("dest", type=FILE)
@click.argument("sources", nargs=-1, required=True, metavar="SRC...", type=FILE)
@timeout_option
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def merge_command(dest: Path, sources: Sequence[Path], timeout: float, quiet: bool) -> None:
    """Add what each archive SRC holds to the archive DEST, which is made when there is none.

    The result is what one load of all their captures would have made, in whatever order
    they are merged and however often. SRC is only read: one of an older schema is brought
    up to date in a copy, one of a newer is refused. A merge that is interrupted leaves whole
    batches, and the same command does the rest. Tables and views that others made in SRC stay
    there, and are named.

    \b
    Example:
        loader merge archive.db from-a-friend.db
        loader merge all.db part-1.db part-2.db part-3.db
    """
    for source in sources:
        # What is wrong with a source is said before DEST is made.
        open_readonly(source, timeout).close()
    with Archive.open(dest, timeout) as archive:
        for source in sources:
            _tell(source, merge_into(archive, source, timeout), quiet=quiet)
            if not quiet:
                _tell_what_stays(source, timeout)
    tell_next("loader stats --db {}", dest, quiet=quiet)


def _tell(source: Path, merged: Counts, *, quiet: bool) -> None:
    if not quiet:
        click.echo(
            f"{source}: {merged.snapshots:,} new snapshots, {merged.duplicates:,} there before;"
            f" {merged.boards:,} boards, {merged.articles:,} articles,"
            f" {merged.problems:,} problems new"
        )


def _tell_what_stays(source: Path, timeout: float) -> None:
    with closing(open_readonly(source, timeout)) as conn:
        names = [str(item) for item in users_objects(conn) if item.kind in ("table", "view")]
    if names:
        click.echo(f"{source}: not the loader's, so not taken along: {', '.join(names)}")
