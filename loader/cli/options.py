"""Options shared by several commands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from loader.archive.connection import DEFAULT_TIMEOUT
from loader.errors import SourceError, printable

# Commands that read no sources need not import the readers.
if TYPE_CHECKING:
    from loader.sources import ReadOptions, Source

Command = TypeVar("Command", bound=Callable[..., Any])


class Instant(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A capture time in any format that `parse_instant` accepts."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from loader.sources import parse_instant

        instant = parse_instant(value)
        if instant is None:
            self.fail(
                f"{value!r} is not a time; write 2024-05-03T10:15:00Z,"
                " 2024-05-03T15:15+05:00 or 2024-05-03",
                param,
                ctx,
            )
        return instant


class FilePath(click.Path):
    """A file name of any bytes, but not an empty one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if value == "":
            self.fail("an empty name is not a file", param, ctx)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


FILE: Final = FilePath(path_type=Path, dir_okay=False)
FOLDER: Final = FilePath(path_type=Path, file_okay=False)


class Text(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """Text for the archive, which must be valid UTF-8, and not empty like an unset variable."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            str(value).encode()
        except UnicodeEncodeError:
            self.fail(f"{printable(value)!r} is not UTF-8", param, ctx)
        if not str(value).strip():
            self.fail("it is empty: give a value, or leave the option out", param, ctx)
        return str(value)


TEXT: Final = Text()


def db_option(function: Command) -> Command:
    """Add --db, the archive."""
    return click.option(
        "--db",
        type=FILE,
        default=Path("archive.db"),
        show_default=True,
        help="The archive file.",
    )(function)


def timeout_option(function: Command) -> Command:
    """Add --timeout, the time to wait for another writer."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        default=DEFAULT_TIMEOUT,
        show_default=True,
        help="Seconds to wait for another writer of the archive.",
    )(function)


def reading_options(function: Command) -> Command:
    """Add SOURCE... and the options about its captures; see `read_options`."""
    decorators = (
        click.argument("sources", nargs=-1, metavar="SOURCE..."),
        click.option(
            "--list",
            "lists",
            multiple=True,
            metavar="FILE",
            help="A list of sources, one per line, such as Common Crawl's wet.paths.gz.",
        ),
        click.option(
            "--index",
            "indexes",
            multiple=True,
            metavar="FILE",
            help="An index of WARC records (Parquet, CSV or JSON lines with filename, offset,"
            " length): only these are read, from any host.",
        ),
        click.option("--base", type=TEXT, help="Prefix of relative names in --list and --index."),
        click.option("--url", type=TEXT, help="Address of the page in the one SOURCE."),
        click.option(
            "--captured-at",
            type=Instant(),
            help="Time of captures without a capture time, such as 2024-05-03T10:15:00Z.",
        ),
        click.option(
            "--text-column", type=TEXT, help="Column of the text in JSON lines, CSV, Parquet."
        ),
        click.option(
            "--url-column", type=TEXT, help="Column of the address in JSON lines, CSV, Parquet."
        ),
        click.option(
            "--date-column", type=TEXT, help="Column of the time in JSON lines, CSV, Parquet."
        ),
        click.option(
            "--host",
            "hosts",
            type=TEXT,
            multiple=True,
            metavar="NAME",
            help="A further host to read from crawls and Parquet, besides brecorder.com, with its"
            " subdomains; * for all hosts. May be repeated.",
        ),
    )
    for decorator in reversed(decorators):
        function = decorator(function)
    return function


def workers_option(function: Command) -> Command:
    """Add --workers, the number of processes that read and parse."""
    return click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=available_cores,
        show_default="one per core",
        help="Number of processes that read and parse; one more writes. With 1, a single process"
        " does everything.",
    )(function)


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def locations(values: dict[str, Any]) -> Iterator[str | Source | SourceError]:
    """Yield the sources of `reading_options`: given, from lists, and indexes of records."""
    from loader.sources import Source, listed_locations

    yield from values["sources"]
    for path in values["lists"]:
        yield from listed_locations(path, values["base"])
    for path in values["indexes"]:
        yield Source(path, "index")


def require_sources(values: dict[str, Any]) -> None:
    """Raise UsageError if no source is given, or one address for several."""
    sources = values["sources"]
    if not (sources or values["lists"] or values["indexes"]):
        raise click.UsageError("Name a SOURCE, a --list or an --index.")
    is_one_file = len(sources) == 1 and not Path(sources[0]).is_dir()
    if values["url"] and (not is_one_file or values["lists"] or values["indexes"]):
        # Pages under one address would count as versions of one page.
        raise click.UsageError("--url is the address of one page: give it with one file.")


def read_options(values: dict[str, Any]) -> ReadOptions:
    """Return the ReadOptions from the values of `reading_options`."""
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
