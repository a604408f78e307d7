"""Suggest the next command to users at a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote

import click

from loader.errors import printable


def print_next_step(command: str, *paths: Path, quiet: bool = False) -> None:
    """Print the next command to standard error, with each `{}` replaced by a path.

    Prints nothing in scripts, where standard output is not a terminal, or with `quiet`.
    """
    if not quiet and sys.stdout.isatty():
        shown = printable(command.format(*(quote(str(path)) for path in paths)))
        click.secho(f"Next: {shown}", err=True, dim=True)
