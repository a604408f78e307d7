"""The kinds of sources by the extension of their names."""

from __future__ import annotations

from pathlib import Path

from loader.sources.source import SourceKind
from loader.sources.transport.compressed import strip_compression_suffix

_KINDS: dict[str, SourceKind] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".eml": "mhtml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".zip": "zip",
    ".wacz": "zip",
    ".warc": "warc",
    ".wet": "wet",
    ".parquet": "parquet",
}


def kind_of_name(name: str) -> SourceKind | None:
    """The kind that the extension of a file name tells, past `.gz` or `.zst`; else None."""
    return _KINDS.get(Path(strip_compression_suffix(name)).suffix.lower())
