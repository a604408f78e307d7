"""`loader merge`: add other archives to an archive."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from loader.archive.archive import Archive
from loader.archive.connection import open_readonly
from loader.archive.users import users_objects
from loader.archive.write.batch import Counts
from loader.cli.options import FILE, timeout_option
from loader.cli.output import print_next_step
from loader.maintain.merge import merge_into
from loader.words import counted


@click.command("merge")
@click.argument("dest", type=FILE)
@click.argument("sources", nargs=-1, required=True, metavar="SRC...", type=FILE)
@timeout_option
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def merge_command(dest: Path, sources: Sequence[Path], timeout: float, quiet: bool) -> None:
    """Add the content of each archive SRC to the archive DEST, which is created if missing.

    The result is the same as that of one load of all captures, however often and in whatever
    order archives are merged. SRC is only read: an older schema is migrated in a copy, a newer
    one is refused. An interrupted merge leaves whole batches, and the same command does the
    rest. Tables and views that users added to SRC are not copied, but listed.

    \b
    Example:
        loader merge archive.db from-a-friend.db
        loader merge all.db part-1.db part-2.db part-3.db
    """
    for source in sources:
        # Faults of a source are reported before DEST is created.
        open_readonly(source, timeout).close()
    with Archive.open(dest, timeout) as archive:
        for source in sources:
            _print(source, merge_into(archive, source, timeout), quiet=quiet)
            if not quiet:
                _print_left_behind(source, timeout)
    print_next_step("loader stats --db {}", dest, quiet=quiet)


def _print(source: Path, merged: Counts, *, quiet: bool) -> None:
    if not quiet:
        click.echo(
            f"{source}: {counted(merged.snapshots, 'new snapshot')}, {merged.duplicates:,} known;"
            f" {counted(merged.boards, 'board')}, {counted(merged.articles, 'article')},"
            f" {counted(merged.problems, 'problem')} new"
        )


def _print_left_behind(source: Path, timeout: float) -> None:
    with closing(open_readonly(source, timeout)) as conn:
        names = [str(item) for item in users_objects(conn) if item.kind in ("table", "view")]
    if names:
        click.echo(f"{source}: not the loader's, so not copied: {', '.join(names)}")
