"""The command line: options in, library calls, text and exit codes out."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import Any, Final

import click

from loader.cli.stops import Stopped, raising_stops
from loader.cli.terminal import safe_streams
from loader.errors import LoaderError, printable
from loader.version import __version__

# Name, which is that of the module too, and what --help says of it. Importing every command to
# print this list would take half a second; a test holds it to the commands' own words.
_COMMANDS: Final = {
    "changes": "Tell which pages an editor changed.",
    "compact": "Make the archive's file smaller.",
    "date": "Work out which trading day each board shows.",
    "doctor": "Say what is missing here, and what comes next.",
    "export": "Write articles, tables, quotes as Parquet, CSV or JSON lines.",
    "load": "Append captures to the archive.",
    "merge": "Add what other archives hold to an archive.",
    "parse": "Print what load would store.",
    "reparse": "Parse the raw captures again with today's parser.",
    "serve": "Show the archive in the browser.",
    "share": "Write a copy of the archive for others.",
    "stats": "Tell what the archive holds.",
    "verify": "Check that the archive is sound; repair it.",
}


class Commands(click.Group):
    """Imports a command when it is asked for, and turns what can go wrong for the user into one
    line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"loader.cli.{cmd_name}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def main(self, *args: Any, **extra: Any) -> Any:
        # None lets click decide: colours in a terminal alone.
        color = False if os.environ.get("NO_COLOR") else None
        with safe_streams() as closed:
            try:
                with raising_stops():
                    return super().main(*args, **{"obj": closed, "color": color, **extra})
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

    Exit codes: 0 done, 1 an error, 2 wrong usage; stopped by a signal, 128 and its number.

    \b
    Example:
        loader load pages/ corpus.jsonl.gz    # append to archive.db
        loader serve --open                   # look at it in the browser
    """
