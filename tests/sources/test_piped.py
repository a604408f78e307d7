"""Standard input and pipes: read once, with the format detected from the first bytes."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from loader.errors import SourceError
from loader.model import Capture, MediaType, Problem
from loader.sources import ReadOptions, Source, find_sources, read_captures

STDIN = Source("-", "stdin")
PipeIn = Callable[..., list[Capture | Problem]]
Wrap = Callable[[bytes], bytes]


@pytest.fixture
def pipe_in(monkeypatch: pytest.MonkeyPatch) -> PipeIn:
    """All items of these bytes as standard input."""

    def pipe_in(data: bytes, options: ReadOptions | None = None) -> list[Capture | Problem]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return list(read_captures(STDIN, options or ReadOptions()))

    return pipe_in


@pytest.mark.parametrize("wrap", [bytes, gzip.compress, zstandard.compress])
@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"KSE100 1,000\n", "text/plain"),
        (b"\n\n <!doctype HTML>x", "text/html"),
        (b"\xef\xbb\xbf<html>x", "text/html"),
        (b" " * 40_000 + b"<html>x", "text/html"),
        (b"\xff\xfe\x00", "text/plain"),
    ],
)
def test_a_page_is_one_capture(
    pipe_in: PipeIn, data: bytes, media_type: MediaType, wrap: Wrap
) -> None:
    assert pipe_in(wrap(data)) == [Capture(data=data, media_type=media_type, source="-")]


@pytest.mark.parametrize("wrap", [bytes, gzip.compress, zstandard.compress])
def test_lines_are_captures_with_offsets(pipe_in: PipeIn, wrap: Wrap) -> None:
    items = pipe_in(wrap(b'\n{"text": "a"}\n{"text": "b"}\n'))
    captures = [item for item in items if isinstance(item, Capture)]
    assert [(capture.data, capture.offset) for capture in captures] == [(b"a", 1), (b"b", 15)]
    assert {item.source for item in items} == {"-"}


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_blank_input_is_told(pipe_in: PipeIn, data: bytes) -> None:
    (problem,) = pipe_in(data)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.source) == ("empty", "-")


def test_options_apply(pipe_in: PipeIn) -> None:
    (capture,) = pipe_in(b"x", ReadOptions(url="https://x.example/", captured_at="2024-05-03"))
    assert isinstance(capture, Capture)
    assert (capture.url, capture.captured_basis) == ("https://x.example/", "option")


def test_cut_off_input_is_a_source_error(pipe_in: PipeIn) -> None:
    with pytest.raises(SourceError, match="-: ends in the middle of the gzip data"):
        pipe_in(gzip.compress(b"hello")[:-3])


def test_closed_standard_input_is_a_source_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SourceError, match="standard input is closed"):
        list(read_captures(STDIN))


def test_a_real_pipe_that_comes_in_drops_is_read() -> None:
    code = (
        "from loader.sources import *\n"
        "for item in read_captures(Source('-', 'stdin')): print(item.data, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        for byte in b'\n {"text": "' + b"x" * 100 + b'"}\n{"text": "b"}':
            child.stdin.write(bytes([byte]))
            child.stdin.flush()
        out, _ = child.communicate()
    assert out.split() == [b"b'" + b"x" * 100 + b"'", b"b'b'"]


def test_a_named_pipe_of_unknown_extension_is_sniffed(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (source,) = find_sources([str(pipe)])
    assert isinstance(source, Source)
    writer = threading.Thread(target=pipe.write_bytes, args=(b'{"text": "a"}\n',))
    writer.start()
    (capture,) = read_captures(source)
    writer.join()
    assert isinstance(capture, Capture)
    assert (capture.data, capture.source) == (b"a", str(pipe))


@pytest.mark.parametrize("wrap", [bytes, gzip.compress, zstandard.compress])
@pytest.mark.parametrize(
    ("magic", "kind"), [(b"WARC/1.0\r\n", "warc"), (b"PAR1\x15\x04", "parquet")]
)
def test_what_is_read_from_files_only_is_told_so(
    pipe_in: PipeIn, magic: bytes, kind: str, wrap: Wrap
) -> None:
    with pytest.raises(SourceError, match=f"a stream of {kind}.*save it to a file first"):
        pipe_in(wrap(magic))
