"""`loader share`: a copy of the archive for others."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.next_step import tell_next
from loader.cli.options import FILE, TEXT, Instant, db_option, timeout_option
from loader.cli.tables import print_table
from loader.maintain.share.share import Parts, Shared, share


@click.command("share", short_help="Write a copy of the archive for others.")
@click.argument("out", type=FILE)
@click.option(
    "--without",
    type=click.Choice(("raw", "text")),
    multiple=True,
    help="raw: no raw captures. text: facts only, no bodies, no raw captures.",
)
@click.option("--since", type=Instant(), help="Only captures of this time or later.")
@click.option("--until", type=Instant(), help="Only captures of this time or earlier.")
@click.option(
    "--symbols", type=TEXT, help="Only quotes of these, and articles that name them: OGDC,KSE100."
)
@click.option("--with-closes", is_flag=True, help="Also the closes that you brought.")
@click.option(
    "--keep-own-tables",
    is_flag=True,
    help="With parts left out: also tables and columns that you made, whatever is in them.",
)
@db_option
@timeout_option
def share_command(
    out: Path,
    without: tuple[str, ...],
    since: str | None,
    until: str | None,
    symbols: str | None,
    with_closes: bool,
    keep_own_tables: bool,
    db: Path,
    timeout: float,
) -> None:
    """Write a copy to OUT: one file, indexed for reading, safe to take during a load.

    The copy opens in any SQLite tool, read-only or immutable, and serves from a plain web
    server by byte ranges. Its table `provenance` says what was left out. Closes that you
    brought stay with you unless asked for; days that they gave stay in the copy. Tables and
    views that you made go along; where parts are left out, tables that the loader does not
    know are too, since they may hold just those, and are named.

    \b
    Example:
        loader share for-a-friend.db
        loader share facts.db --without text
        loader share oil.db --symbols OGDC,PPL,KSE100 --since 2024-01-01
    """
    parts = Parts(
        raw="raw" not in without,
        text="text" not in without,
        closes=with_closes,
        own_tables=keep_own_tables,
        since=since,
        until=until,
        symbols=tuple(part for part in (symbols or "").upper().replace(" ", "").split(",") if part),
    )
    _tell(out, share(db, out, parts, timeout))
    tell_next("loader verify --db {}", out)


def _tell(out: Path, shared: Shared) -> None:
    click.echo(f"{out}: {shared.size:,} bytes")
    print_table(list(shared.counts.items()))
    for part in shared.left_out:
        click.echo(f"left out: {part}")
    if (history := shared.history) is not None:
        click.echo(
            f"the history of {history.symbol}, {history.quotes:,} quotes, reads"
            f" {history.read:,} of {history.pages:,} pages"
        )
    click.echo(f"SHA-256 {shared.sha256}")
