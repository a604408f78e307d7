"""What a source is, what may be asked of one, and the limit that every reader keeps to."""

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

# Two hundred times the largest page seen; more is an accident or an attack.
MAX_CAPTURE_BYTES = 16 * 1024 * 1024
# A feed is read as a whole: a thousand items have some megabytes.
MAX_FEED_BYTES = 256 * 1024 * 1024
STDIN = "-"
UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about captures.

    `url` and `captured_at` (normalised by `parse_instant`) go to captures that carry none
    of their own; `captured_basis` is then `option`. The columns are those of a JSON line or
    a Parquet file, dotted paths such as `meta.url` allowed; a column named here is the only
    one looked at. `hosts` are wanted besides the site itself in crawls (`*`: all hosts).
    `base` comes before relative names in lists and indexes.
    """

    url: str | None = None
    captured_at: str | None = None
    text_column: str | None = None
    url_column: str | None = None
    date_column: str | None = None
    hosts: tuple[str, ...] = ()
    base: str | None = None

    @property
    def wanted_hosts(self) -> tuple[str, ...]:
        return (*DEFAULT_HOSTS, *self.hosts)


class Answer(NamedTuple):
    """A web server's answer to a request for a feed; fields of plain values, to be sent on.

    `body` is empty when the server says that the feed is as `etag` and `modified_at` name it.
    `digest` is of the items alone: the time that a feed prints at its head is no news.
    """

    body: bytes
    charset: str | None
    modified_at: str | None
    etag: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """Something to read captures from.

    `location` is as given, or the directory as given joined with the relative path; never
    made absolute. Kind `stdin` is a stream that can be read only once and shows what it
    holds only then: standard input, or a named pipe with an unknown extension. `answer` is what
    a web server gave when it was asked for a feed: that is read, and the server not asked again.
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
    """Things in a source that are no pages: how many, and why (a phrase, such as `image/png`).

    For the user to see; the archive keeps no row of them.
    """

    source: str
    reason: str
    count: int


Item: TypeAlias = Capture | Problem | Revisit | PassedOver


class NotOfKindError(SourceError):
    """A source that can be read and holds another thing than its kind promises."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A directory entry that was passed over on purpose, and why (a phrase)."""

    location: str
    reason: str


def storable(text: str) -> str:
    r"""`text` with each lone surrogate written out (`\udc80`), so that UTF-8 can hold it.

    File names that are not UTF-8 and JSON escapes such as `"\ud800"` give such strings.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
