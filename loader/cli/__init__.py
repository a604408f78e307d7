"""The command line: options in, library calls, text and exit codes out."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from loader import __version__
from loader.cli.compact import compact_command
from loader.cli.date import date
from loader.cli.export import export_command
from loader.cli.load import load
from loader.cli.merge import merge
from loader.cli.parse import parse
from loader.cli.reparse import reparse
from loader.cli.serve import serve
from loader.cli.share import share_command
from loader.cli.stats import stats
from loader.cli.stops import Stopped, raising_stops
from loader.cli.terminal import safe_streams
from loader.cli.verify import verify_command
from loader.errors import LoaderError, printable


class Commands(click.Group):
    """Turns what can go wrong for the user into one line and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        with safe_streams() as closed:
            try:
                with raising_stops():
                    return super().main(*args, **{"obj": closed, **extra})
            except Stopped as stop:
                click.echo(str(stop), err=True)
                raise
            except LoaderError as error:  # of --help, which is printed before any command runs
                click.echo(f"Error: {error}", err=True)
                sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LoaderError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # click ends the command in silence
            # About a file that no part of the loader knows better words for.
            name = printable(os.fsdecode(error.filename or "system"))
            raise click.ClickException(f"{name}: {error.strerror or error}") from error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="loader")
def main() -> None:
    """Turn captures of Business Recorder pages into one SQLite file.

    Each page carries a ticker board (30 shares, four indices) above an article. Give the
    loader saved pages, text corpora or crawls; it appends every capture to the archive,
    once, with each quote checked and the raw bytes kept. Datasette shows the file; any
    SQLite tool can read it.

    \b
    Example:
        loader load pages/ corpus.jsonl.gz    # append to archive.db
        loader serve --open                   # look at it in the browser
    """


for command in (
    compact_command,
    export_command,
    load,
    date,
    merge,
    parse,
    reparse,
    serve,
    share_command,
    stats,
    verify_command,
):
    main.add_command(command)
