"""The command line: options in, library calls, text and exit codes out."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from typing import Any, Final

import click

from loader.cli.stops import Stopped, raising_stops
from loader.cli.terminal import safe_streams
from loader.errors import LoaderError, printable
from loader.version import __version__

# Commands, which are also module names, with their short help: importing every command to print
# the list would take half a second.
_COMMANDS: Final = {
    "changes": "List pages that an editor changed.",
    "compact": "Shrink the archive file.",
    "date": "Infer the trading day of each board.",
    "doctor": "Check this machine and the archive, and name the next step.",
    "export": "Write articles, tables and quotes as Parquet, CSV or JSON lines.",
    "load": "Append captures to the archive.",
    "merge": "Add other archives to an archive.",
    "parse": "Print captures as load would store them.",
    "reparse": "Parse the raw captures again with the present parser.",
    "serve": "Show the archive in the browser.",
    "share": "Write a copy of the archive to share.",
    "stats": "Summarise the archive.",
    "verify": "Check the archive for damage, and repair it.",
}


class Commands(click.Group):
    """A group that imports commands on demand and turns errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"loader.cli.{cmd_name}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        command.short_help = _COMMANDS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def main(self, *args: Any, **extra: Any) -> Any:
        # None lets click decide: colours only in a terminal.
        color = False if os.environ.get("NO_COLOR") else None
        with safe_streams() as closed:
            try:
                with raising_stops():
                    return super().main(*args, **{"obj": closed, "color": color, **extra})
            except Stopped as stop:
                click.echo(str(stop), err=True)
                raise
            except LoaderError as error:  # from --help, which is printed before any command runs
                click.echo(f"Error: {error}", err=True)
                sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (LoaderError, OSError) as error:
            if ctx.params["verbose"]:
                for line in traceback.format_exc().splitlines():
                    click.echo(printable(line), err=True)  # it may contain a file name
            if isinstance(error, LoaderError):
                raise click.ClickException(str(error)) from error
            if error.errno == errno.EPIPE:
                raise  # click ends the command silently
            # For a file error that no other part of the loader has reworded.
            name = printable(os.fsdecode(error.filename or "system"))
            raise click.ClickException(f"{name}: {error.strerror or error}") from error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--verbose", "-v", is_flag=True, help="Print the traceback of an error.")
@click.version_option(__version__, prog_name="loader")
def main(verbose: bool) -> None:
    """Turn captures of Business Recorder pages into one SQLite file.

    Each page has a ticker board (30 shares, four indices) above an article. The loader reads
    saved pages, text corpora and crawls, and appends every capture to the archive once, with
    each quote checked and the raw bytes kept. Datasette shows the file, and any SQLite tool
    can read it.

    Exit codes: 0 success, 1 an error, 2 wrong usage, 128 + N stopped by signal N.

    \b
    Example:
        loader load pages/ corpus.jsonl.gz    # append to archive.db
        loader serve --open                   # view it in the browser
    """
