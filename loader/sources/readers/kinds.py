"""Kinds of sources by file extension."""

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
    """Return the kind of a file by its extension, ignoring `.gz` or `.zst`; None if unknown."""
    return _KINDS.get(Path(strip_compression_suffix(name)).suffix.lower())
