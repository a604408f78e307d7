"""Print tables, unread sources, and the next step."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Final

import click

from loader.errors import SourceError, printable
from loader.words import counted

NOTHING_FOUND: Final = (
    "Nothing found: no file of a kind that is read, and no record of a wanted host"
    " (see `loader load --help`)"
)
_MOST_NAMED: Final = 20  # unread sources printed singly


def print_table(rows: Sequence[tuple[str, int | str | None]]) -> None:
    """Print names on the left and figures aligned on the right; None is a dash."""
    shown = [(name, _figure(value)) for name, value in rows]
    left = max((len(name) for name, _ in shown), default=0)
    right = max((len(value) for _, value in shown), default=0)
    for name, value in shown:
        click.echo(f"{name:<{left}}  {value:>{right}}")


def _figure(value: int | str | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else value


def print_unread(failures: Sequence[SourceError], see: str = "") -> None:
    """Print sources that could not be read to standard error, and `see` after the rest."""
    for failure in failures[:_MOST_NAMED]:
        click.echo(f"not read: {failure}", err=True)
    if (more := len(failures) - _MOST_NAMED) > 0:
        click.echo(f"not read: {counted(more, 'more source')}{see}", err=True)


def print_next_step(command: str, *paths: Path, quiet: bool = False) -> None:
    """Print the next command to standard error, with each `{}` replaced by a path.

    Prints nothing in scripts, where standard output is not a terminal, or with `quiet`.
    """
    if not quiet and sys.stdout.isatty():
        shown = printable(command.format(*(quote(str(path)) for path in paths)))
        click.secho(f"Next: {shown}", err=True, dim=True)
