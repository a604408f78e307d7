"""Write the same pages in every format that the loader reads."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.synthetic import pages
from tests.sources.warc_files import conversion, warc_bytes

Page = dict[str, str]


def some_pages(count: int = 60, seed: int = 7) -> list[Page]:
    return list(pages(count, 0.3, seed))


def write_lines(path: Path, chosen: list[Page]) -> Path:
    path.write_text("".join(json.dumps(page) + "\n" for page in chosen), encoding="utf-8")
    return path


def write_wet(path: Path, chosen: list[Page]) -> Path:
    records = [conversion(page["text"].encode(), page["url"], page["timestamp"]) for page in chosen]
    path.write_bytes(warc_bytes(records, compress=path.suffix == ".gz"))
    return path


def write_folder(folder: Path, chosen: list[Page], files: int, *, form: str = "jsonl") -> Path:
    """Distribute the pages over several files of one folder."""
    folder.mkdir()
    for number in range(files):
        part = chosen[number::files]
        if form == "jsonl":
            write_lines(folder / f"{number:03}.jsonl", part)
        else:
            write_wet(folder / f"{number:03}.warc.wet.gz", part)
    return folder
