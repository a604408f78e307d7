"""Measure the memory for one input: `python -m tests.fuzz.memory html comments 500000`.

It is the peak resident size of a process of its own, which includes C libraries (Lexbor, zlib,
zstd). Prints the number of bytes read, and of bytes by which the process grew beyond those for a
small input of the same kind.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from loader.model import Capture
from loader.page import parse_capture
from loader.sources import read_captures
from loader.sources.source import Source
from tests.preparing import prepared

_LINE: Final = (
    '{"text": "KARACHI: Cotton firmed.", "url": "https://www.brecorder.com/news/40123456"}\n'
)

# (start, what is repeated, end)
JSONL: Final = {
    "lines": ("", _LINE, ""),
    "lines of one address": ("", '{"url": "https://www.brecorder.com/news/40123456"}\n', ""),
    "lines that are no JSON": ("", "Cotton\n", ""),
    "empty lines": ("", "\n", ""),
    "one long text": ('{"text": "', "Cotton firms ", '"}'),
    "one long text of escapes": ('{"text": "', "\\u0041", '"}'),
    "one long number": ('{"text": ', "1", "}"),
    "one line without an end": ("", "a", ""),
    "brackets": ('{"text": ', "[", ""),
    "keys": ('{"text": "A."', ', "a": 1', "}"),
    "objects": ('{"text": "A.", "x": [', "{},", "{}]}"),
}
# Of these each line is a capture of its own, so that memory is bounded whatever the size.
_PIECES: Final = 10_000
STREAMED: Final = ("lines", "lines of one address", "lines that are no JSON", "empty lines")


def _read_page(data: bytes) -> None:
    capture = Capture(data, "text/html", "page", None, captured_at="2024-05-03T10:15:00Z")
    prepared(parse_capture(capture))


def _read_jsonl(path: Path) -> None:
    for item in read_captures(Source(str(path), "jsonl")):
        prepared(parse_capture(item) if isinstance(item, Capture) else item)


def _greatest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _written(path: Path, shape: tuple[str, str, str], count: int) -> Path:
    """Write an input to disk in pieces, so that the process never holds all of it."""
    start, unit, end = shape
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(start)
        for written in range(0, count, 1000):
            file.write(unit * min(1000, count - written))
        file.write(end)
    return path


def main(kind: str, name: str, size: int) -> None:
    """Print the size of an input and the memory for reading it, both in bytes."""
    from tests.fuzz.test_linear import HTML

    shape = (HTML if kind == "html" else JSONL)[name]
    # Of what is read piece by piece the number of pieces tells, and not their length.
    count = _PIECES if name in STREAMED else size // len(shape[1].encode())
    with tempfile.TemporaryDirectory() as folder:
        small = _written(Path(folder) / "small", shape, 10)
        large = _written(Path(folder) / "large", shape, count)
        sizes = []
        for path in (small, large):
            _read_page(path.read_bytes()) if kind == "html" else _read_jsonl(path)
            sizes.append(_greatest())
        print(large.stat().st_size, sizes[1] - sizes[0])


def memory_of(kind: str, name: str, size: int) -> tuple[int, int]:
    """Return the bytes of an input and of memory for reading it."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.memory", kind, name, str(size)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    read, grown = map(int, result.stdout.split())
    return read, grown


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
