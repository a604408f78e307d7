"""One file as one capture."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import MAX_CAPTURE_BYTES, ReadOptions, Source, read_captures
from loader.sources.source import SourceKind

Write = Callable[[str, bytes], str]
Read = Callable[..., list[Capture | Problem]]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        (".txt", "text/plain"),
        (".html", "text/html"),
        (".htm", "text/html"),
        (".mhtml", "multipart/related"),
        (".mht", "multipart/related"),
    ],
)
def test_a_capture_has_the_exact_bytes(
    write: Write, read: Read, extension: str, media_type: str, suffix: str
) -> None:
    data = b"\xef\xbb\xbf <html>\r\n\0\xff not UTF-8 \n\n"
    location = write("page" + extension + suffix, data)
    assert read(location) == [Capture(data=data, media_type=media_type, source=location)]  # type: ignore[arg-type]


def test_options_give_address_and_time(write: Write, read: Read) -> None:
    location = write("page.txt", b"x")
    options = {"url": "https://x.example/1", "captured_at": "2024-05-03T10:15:00Z"}
    (capture,) = read(location, **options)
    assert isinstance(capture, Capture)
    assert capture.url == "https://x.example/1"
    assert capture.captured_at == "2024-05-03T10:15:00Z"
    assert capture.captured_basis == "option"


@pytest.mark.parametrize("name", ["page.txt", "page.html.gz", "page.txt.zst"])
@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf\n"])
def test_a_blank_file_is_a_problem(write: Write, read: Read, name: str, data: bytes) -> None:
    location = write(name, data)
    (problem,) = read(location)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.source) == ("empty", location)


@pytest.mark.parametrize("name", ["page.txt", "page.txt.gz", "page.html.zst"])
def test_the_limit_of_a_capture_is_exact(write: Write, read: Read, name: str) -> None:
    (capture,) = read(write(name, b"x" * MAX_CAPTURE_BYTES))
    assert isinstance(capture, Capture)
    assert len(capture.data) == MAX_CAPTURE_BYTES
    (problem,) = read(write(name, b"x" * (MAX_CAPTURE_BYTES + 1)))
    assert isinstance(problem, Problem)
    assert problem.kind == "too-large"
    assert problem.detail == "The file has 16,777,217 bytes; a capture may have 16,777,216."
    assert problem.excerpt == "x" * 199 + "…"


def test_a_huge_plain_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole; reading it would take minutes
    told: list[int] = []
    (problem,) = read_captures(Source(str(path), "text"), ReadOptions(), told.append)
    assert isinstance(problem, Problem)
    assert problem.kind == "too-large"
    assert "1,099,511,627,776 bytes" in problem.detail
    assert sum(told) == 1 << 40


@pytest.mark.parametrize("name", ["page.txt", "page.txt.gz", "lines.jsonl.zst"])
def test_progress_adds_up_to_the_bytes_on_disk(write: Write, name: str) -> None:
    kind = "jsonl" if "jsonl" in name else "text"
    first = b'{"text": "x"}\n' if kind == "jsonl" else b"A text.\n"
    location = write(name, first + os.urandom(1_000_000).hex().encode())
    told: list[int] = []
    list(read_captures(Source(location, kind), progress=told.append))  # type: ignore[arg-type]
    assert sum(told) == Path(location).stat().st_size
    assert len(told) > 1


def test_a_file_that_grows_while_read_is_told(write: Write) -> None:
    location = write("page.txt", b"x" * 600_000)

    def grow(_count: int) -> None:
        if Path(location).stat().st_size == 600_000:
            with Path(location).open("ab") as file:
                file.write(b"y")

    items = list(read_captures(Source(location, "text"), progress=grow))
    assert [type(item) for item in items] == [Capture, Problem]
    assert isinstance(items[1], Problem)
    assert items[1].kind == "changed-while-read"


def test_a_file_that_changes_without_growing_is_told(write: Write) -> None:
    location = write("lines.jsonl", b'{"text": "x"}\n' * 2)
    items = read_captures(Source(location, "jsonl"))
    first = next(items)
    os.utime(location, ns=(1, 1))
    assert isinstance(first, Capture)
    kinds = [item.kind if isinstance(item, Problem) else "capture" for item in items]
    assert kinds == ["capture", "changed-while-read"]


def test_a_file_that_goes_between_finding_and_reading_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        list(read_captures(Source(str(tmp_path / "gone.txt"), "text")))


def test_a_directory_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a directory, not a file"):
        list(read_captures(Source(str(tmp_path), "text")))


def test_a_device_is_refused_before_it_is_opened() -> None:
    with pytest.raises(SourceError, match="character device"):
        list(read_captures(Source("/dev/zero", "text")))


def test_a_refused_open_is_a_source_error(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    location = write("page.txt", b"x")

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", location)

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(SourceError) as caught:
        list(read_captures(Source(location, "text")))
    assert (caught.value.subject, caught.value.fault) == (location, "permission denied")


def test_a_named_pipe_is_read_as_its_kind(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"hello" * 100_000,))
    writer.start()
    (capture,) = read_captures(Source(str(pipe), "html"))
    writer.join()
    assert isinstance(capture, Capture)
    assert (capture.data, capture.media_type) == (b"hello" * 100_000, "text/html")


HTML = b"<!DOCTYPE html><html><body><p>A text.</p></body></html>"
MESSAGE = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML


@pytest.mark.parametrize(
    ("name", "kind", "data", "media_type"),
    [
        ("page.txt", "text", HTML, "text/html"),
        ("page.txt", "text", b"\xef\xbb\xbf<!-- saved -->" + HTML, "text/html"),
        ("page.txt", "text", MESSAGE, "multipart/related"),
        ("page.html", "html", MESSAGE, "multipart/related"),
        ("page.mht", "mhtml", HTML, "text/html"),
        ("page.html", "html", b"A text.", "text/html"),
        (
            "page.txt",
            "text",
            b"A text that names <html> and Content-Type: text/html.",
            "text/plain",
        ),
        ("page.txt", "text", b'["Quoted", he said.]', "text/plain"),
    ],
)
def test_content_decides_what_kind_of_page_it_is(
    write: Write, name: str, kind: SourceKind, data: bytes, media_type: str
) -> None:
    (capture,) = read_captures(Source(write(name, data), kind))
    assert isinstance(capture, Capture)
    assert (capture.data, capture.media_type) == (data, media_type)


@pytest.mark.parametrize(
    ("data", "holds"),
    [
        (b'{"text": "A text."}\n', "jsonl"),
        (b'{\n "text": "A text."\n}\n', "a JSON object over several lines"),
        (b'[{"text": "A text."}]', "a JSON list"),
        (b"url,text\nhttps://x.example/,A text.\n", "csv"),
        (b"<rss version='2.0'><channel></channel></rss>", "feed"),
        (b"WARC/1.0\r\n", "warc"),
        (b"PK\x03\x04", "zip"),
        (b"%PDF-1.4 text", "a PDF file"),
        (b"From a@x.example Fri May  3 10:15:00 2024\nSubject: x\n\nA text.", "a mailbox"),
    ],
)
def test_other_kinds_named_as_a_text_are_refused(write: Write, data: bytes, holds: str) -> None:
    with pytest.raises(SourceError) as refused:
        list(read_captures(Source(write("page.txt", data), "text")))
    assert holds in str(refused.value)
    assert refused.value.remedy == "rename it"
