"""The command that usually comes next, named for whoever sits at a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote

import click

from loader.errors import printable


def tell_next(command: str, *paths: Path, quiet: bool = False) -> None:
    """Name the next command on standard error; `{}` in it stands for each of the paths.

    Silent in scripts, where standard output is no terminal, and with `quiet`.
    """
    if not quiet and sys.stdout.isatty():
        shown = printable(command.format(*(quote(str(path)) for path in paths)))
        click.secho(f"Next: {shown}", err=True, dim=True)
