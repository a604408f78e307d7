"""Options that several commands share, so that each is written once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from loader.archive.connection import DEFAULT_TIMEOUT
from loader.errors import SourceError, printable

# Commands that read no sources need not wait for their readers.
if TYPE_CHECKING:
    from loader.sources import ReadOptions, Source

Command = TypeVar("Command", bound=Callable[..., Any])


class Instant(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A capture time in any spelling that `parse_instant` knows."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from loader.sources import parse_instant

        instant = parse_instant(value)
        if instant is None:
            self.fail(
                f"{value!r} is no time; write 2024-05-03T10:15:00Z,"
                " 2024-05-03T15:15+05:00 or 2024-05-03",
                param,
                ctx,
            )
        return instant


class FilePath(click.Path):
    """A file by its name, which may be of any bytes but not of none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if value == "":
            self.fail("a name of no characters is no file", param, ctx)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


FILE: Final = FilePath(path_type=Path, dir_okay=False)
FOLDER: Final = FilePath(path_type=Path, file_okay=False)


class Text(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """Words for the archive, which holds UTF-8."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            str(value).encode()
        except UnicodeEncodeError:
            self.fail(f"{printable(value)!r} is not UTF-8", param, ctx)
        return str(value)


TEXT: Final = Text()


def db_option(function: Command) -> Command:
    """--db: which archive."""
    return click.option(
        "--db",
        type=FILE,
        default=Path("archive.db"),
        show_default=True,
        help="The archive file.",
    )(function)


def timeout_option(function: Command) -> Command:
    """--timeout: how long to wait for another writer."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        default=DEFAULT_TIMEOUT,
        show_default=True,
        help="Seconds to wait for another writer of the archive.",
    )(function)


def reading_options(function: Command) -> Command:
    """SOURCE... and what the user knows about the captures there; see `read_options`."""
    decorators = (
        click.argument("sources", nargs=-1, metavar="SOURCE..."),
        click.option(
            "--list",
            "lists",
            multiple=True,
            metavar="FILE",
            help="A list of sources, one a line, such as Common Crawl's wet.paths.gz.",
        ),
        click.option(
            "--index",
            "indexes",
            multiple=True,
            metavar="FILE",
            help="A list of records of WARC files (Parquet, CSV or JSON lines with filename,"
            " offset, length): just these are read, of whatever host.",
        ),
        click.option(
            "--base", type=TEXT, help="What comes before relative names in --list and --index."
        ),
        click.option("--url", type=TEXT, help="Address of captures that carry none of their own."),
        click.option(
            "--captured-at",
            type=Instant(),
            help="Capture time of captures that carry none, such as 2024-05-03T10:15:00Z.",
        ),
        click.option(
            "--text-column", type=TEXT, help="JSON lines, CSV, Parquet: column of the text."
        ),
        click.option(
            "--url-column", type=TEXT, help="JSON lines, CSV, Parquet: column of the address."
        ),
        click.option(
            "--date-column", type=TEXT, help="JSON lines, CSV, Parquet: column of the capture time."
        ),
        click.option(
            "--host",
            "hosts",
            type=TEXT,
            multiple=True,
            metavar="NAME",
            help="Crawls, Parquet: a host wanted besides brecorder.com, with its subdomains;"
            " * for all. May be given several times.",
        ),
    )
    for decorator in reversed(decorators):
        function = decorator(function)
    return function


def workers_option(function: Command) -> Command:
    """--workers: how many processes read and parse."""
    return click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=available_cores,
        show_default="one a core",
        help="Processes that read and parse; one more writes. 1: a single process does it all.",
    )(function)


def available_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def locations(values: dict[str, Any]) -> Iterator[str | Source | SourceError]:
    """What `reading_options` names: sources, lists of them, indexes of records."""
    from loader.sources import Source, listed_locations

    yield from values["sources"]
    for path in values["lists"]:
        yield from listed_locations(path, values["base"])
    for path in values["indexes"]:
        yield Source(path, "index")


def require_sources(values: dict[str, Any]) -> None:
    """Wrong usage when nothing to read is named."""
    if not (values["sources"] or values["lists"] or values["indexes"]):
        raise click.UsageError("Name a SOURCE, a --list or an --index.")


def read_options(values: dict[str, Any]) -> ReadOptions:
    """The ReadOptions that `reading_options` gathered."""
    from loader.sources import ReadOptions

    return ReadOptions(
        url=values["url"],
        captured_at=values["captured_at"],
        text_column=values["text_column"],
        url_column=values["url_column"],
        date_column=values["date_column"],
        hosts=values["hosts"],
        base=values["base"],
    )
