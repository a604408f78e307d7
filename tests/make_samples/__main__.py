"""Rewrite tests/samples from the texts and the simulated markets."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

from .listing import listing_page
from .pages import page_files
from .spring import json_lines, spring_records

TEXTS = Path(__file__).parent / "texts"
SAMPLES = Path(__file__).parent.parent / "samples"


def read_text(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


def compressed(data: bytes) -> bytes:
    """Return gzip data without a name or a time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


def all_files() -> dict[str, bytes]:
    """Return the content of every generated file by name, before compression of `.gz` files."""
    files = page_files(lambda name: read_text(f"pages/{name}.txt"))
    unused = {path.stem for path in (TEXTS / "pages").glob("*.txt")} - {
        Path(name).stem for name in files
    }
    if unused:
        raise ValueError(f"not named in tests/make_samples/pages.py: {', '.join(sorted(unused))}")
    names = sorted(path.stem for path in (TEXTS / "spring").glob("[0-9]*.txt"))
    stories = [name for name in names if not name.endswith(".v2")]
    records = spring_records(read_text, stories)
    half = len(records) // 2
    files["spring-2024.jsonl"] = json_lines(records[:half], ascii_only=False)
    files["spring-2024-part2.jsonl.gz"] = json_lines(records[half:], ascii_only=True)
    files["2024-latest-news.html"] = listing_page().encode()
    return files


def holds(path: Path, content: bytes) -> bool:
    """Whether a file has this content; `.gz` files are compared decompressed."""
    if not path.exists():
        return False
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data) == content


def main(arguments: list[str]) -> int:
    files = all_files()
    changed = [name for name, content in files.items() if not holds(SAMPLES / name, content)]
    if "--check" in arguments:
        print("\n".join(changed) or "tests/samples is up to date")
        return 1 if changed else 0
    SAMPLES.mkdir(exist_ok=True)
    for name in changed:
        content = files[name]
        (SAMPLES / name).write_bytes(compressed(content) if name.endswith(".gz") else content)
    print(f"{len(files)} samples, {len(changed)} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
