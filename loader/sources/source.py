"""Sources, the options for reading them, and the limits of every reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from loader.errors import SourceError
from loader.model import Capture, Problem, Revisit
from loader.sources.hosts import DEFAULT_HOSTS

SourceKind = Literal[
    "text",
    "html",
    "mhtml",
    "jsonl",
    "csv",
    "feed",
    "zip",
    "warc",
    "wet",
    "parquet",
    "index",
    "stdin",
]
Progress: TypeAlias = Callable[[int], None]

# Two hundred times the largest page seen; anything larger is an accident or an attack.
MAX_CAPTURE_BYTES = 16 * 1024 * 1024
# A feed is held in memory; a thousand items take some megabytes.
MAX_FEED_BYTES = 256 * 1024 * 1024
STDIN = "-"
UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options of the user for reading captures.

    `url` and `captured_at` (normalised by `parse_instant`) apply to captures without their own.
    Columns are those of JSON lines, CSV and Parquet files, and may be dotted paths such as
    `meta.url`; a column named here is the only one considered. `hosts` are read from crawls besides
    the site itself (`*`: all hosts). `base` is the prefix of relative names in lists and indexes.
    """

    url: str | None = None
    captured_at: str | None = None
    text_column: str | None = None
    url_column: str | None = None
    date_column: str | None = None
    hosts: tuple[str, ...] = ()
    base: str | None = None

    @property
    def captured_basis(self) -> str | None:
        """The basis of times that come from `captured_at`."""
        return "option" if self.captured_at else None

    @property
    def wanted_hosts(self) -> tuple[str, ...]:
        return (*DEFAULT_HOSTS, *self.hosts)


NO_OPTIONS = ReadOptions()


class Answer(NamedTuple):
    """A web server's response to a request for a feed, as plain values that can be pickled.

    `body` is empty if the feed has not changed since `etag` and `modified_at`. `digest` covers only
    the items, since a new build time is not a change of the feed.
    """

    body: bytes
    charset: str | None
    modified_at: str | None
    etag: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A source of captures.

    `location` is as given, or the directory as given joined with the relative path; it is never
    made absolute. Kind `stdin` is a stream that can be read only once, so its format is detected
    while reading: standard input, or a named pipe with an unknown extension. `answer` is the
    response to a request for a feed, which is read instead of sending the request again.
    """

    location: str
    kind: SourceKind
    answer: Answer | None = None

    @property
    def name(self) -> str:
        """The location as text that can be stored and printed."""
        return storable(self.location)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Records of a source that are not pages: their number, and the reason (such as `image/png`).

    Shown to the user; not stored in the archive.
    """

    source: str
    reason: str
    count: int


Item: TypeAlias = Capture | Problem | Revisit | PassedOver


class NotOfKindError(SourceError):
    """A readable source whose content is of another kind."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A directory entry that was skipped on purpose, and the reason (a phrase)."""

    location: str
    reason: str


def storable(text: str) -> str:
    r"""Return `text` with lone surrogates escaped (`\udc80`), so that UTF-8 can encode it.

    Such strings come from file names that are not UTF-8 and JSON escapes such as `"\ud800"`.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
