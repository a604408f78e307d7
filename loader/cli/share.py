"""`loader share`: write a copy of the archive to share."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.options import FILE, TEXT, Instant, db_option, timeout_option
from loader.cli.output import print_next_step, print_table
from loader.errors import printable
from loader.maintain.share.share import Parts, Shared, share
from loader.words import counted


@click.command("share")
@click.argument("out", type=FILE)
@click.option(
    "--without",
    type=click.Choice(("raw", "text")),
    multiple=True,
    help="raw: omit raw captures. text: facts only, without bodies and raw captures.",
)
@click.option("--since", type=Instant(), help="Only captures of this time or later.")
@click.option("--until", type=Instant(), help="Only captures of this time or earlier.")
@click.option(
    "--symbols",
    type=TEXT,
    help="Only quotes of these symbols, and articles that mention them: OGDC,KSE100.",
)
@click.option("--with-closes", is_flag=True, help="Include closes that you imported.")
@click.option(
    "--keep-own-tables",
    is_flag=True,
    help="Keep tables and columns that you added, even if parts are left out.",
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
    """Write a copy to OUT: one file, indexed for reading, which may be taken during a load.

    The copy opens in any SQLite tool, read-only or immutable, and can be queried on a plain web
    server by byte ranges. Its table `provenance` lists the parts left out. Closes that you
    imported are left out unless requested, but days inferred from them stay. Tables and views
    that you added are copied, except when parts are left out: such tables may contain those
    parts, so they are left out too, and listed. Captures without a known time are left out with
    --since and --until, and counted. The copy of a small archive may be larger than it, because of
    an index for histories.

    \b
    Example:
        loader share for-a-friend.db
        loader share facts.db --without text
        loader share oil.db --symbols OGDC,PPL,KSE100 --since 2024-01-01
    """
    if since and until and until < since[: len(until)]:
        raise click.UsageError(f"--until {until} is before --since {since}")
    names = [part for part in (symbols or "").upper().replace(" ", "").split(",") if part]
    if symbols and not names:
        raise click.UsageError(f"--symbols {printable(symbols)!r} names none")
    parts = Parts(
        raw="raw" not in without,
        text="text" not in without,
        closes=with_closes,
        own_tables=keep_own_tables,
        since=since,
        until=until,
        symbols=tuple(names),
    )
    shared = share(db, out, parts, timeout)
    _print(out, shared, is_larger=shared.size > db.stat().st_size)
    print_next_step("loader verify --db {}", out)


def _print(out: Path, shared: Shared, *, is_larger: bool) -> None:
    click.echo(f"{out}: {counted(shared.size, 'byte')}")
    if is_larger:
        click.echo(
            "larger than the archive: its larger pages, and its index for the history of a symbol,"
            " pay off only for larger archives over a network"
        )
    print_table(list(shared.counts.items()))
    for part in shared.left_out:
        click.echo(f"left out: {part}")
    if (history := shared.history) is not None:
        click.echo(
            f"over a network, the history of {history.symbol}"
            f" ({counted(history.quotes, 'quote')}) reads {history.read:,} of"
            f" {counted(history.pages, 'page')}"
        )
    click.echo(f"SHA-256 {shared.sha256}")
