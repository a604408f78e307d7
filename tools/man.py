"""Write the manual page docs/loader.1 from the commands' own help: `python -m tools.man`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from loader.cli import main as loader_command
from loader.version import __version__

PAGE = Path(__file__).parent.parent / "docs" / "loader.1"

_EXIT = (
    ("0", "Done; of a load, every source was read to its end."),
    ("1", "An error, with its reason on standard error; what could be done is done."),
    ("2", "Wrong usage, nothing was done."),
    ("130, 143", "Stopped by a signal (Ctrl-C, kill); whole batches written before stay."),
)


def manual() -> str:
    """Return the page as man(7) text, without a date, so that it changes only with the help."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    # With the command's own settings, among them -h.
    context = loader_command.make_context("loader", [], resilient_parsing=True)
    yield f'.TH LOADER 1 "" "brecorder-archive {__version__}" "User Commands"'
    yield ".SH NAME\nloader \\- captures of Business Recorder pages in, one SQLite file out"
    yield ".SH SYNOPSIS\n.B loader\nCOMMAND [OPTIONS] [ARGUMENTS]"
    yield ".SH DESCRIPTION"
    yield from _prose(loader_command)
    yield ".SH COMMANDS"
    for name in loader_command.list_commands(context):
        command = loader_command.get_command(context, name)
        if command is not None:
            yield from _section(command, context)
    yield ".SH EXIT STATUS"
    for code, meaning in _EXIT:
        yield f".TP\n.B {code}\n{_escaped(meaning)}"
    yield ".SH SEE ALSO\n.BR datasette (1),\n.BR sqlite3 (1)"


def _section(command: click.Command, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=command.name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS loader {command.name} {_escaped(usage)}"
    yield from _prose(command)
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record:
            yield f".TP\n.B {_escaped(record[0])}\n{_escaped(record[1])}"


def _prose(command: click.Command) -> Iterator[str]:
    """Yield the help of a command by paragraphs; examples keep their lines."""
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(command.help or "")):
        if paragraph.startswith("\b"):
            lines = paragraph.removeprefix("\b").strip("\n").splitlines()
            yield ".PP\n.nf"
            yield from map(_escaped, lines)
            yield ".fi"
        else:
            yield ".PP\n" + _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """Escape text for man(7), with hyphens that can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="utf-8")
