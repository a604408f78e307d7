"""JSON lines: captures, and problems for the other lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import MAX_CAPTURE_BYTES

Write = Callable[[str, bytes], str]
Read = Callable[..., list[Capture | Problem]]


@pytest.fixture
def lines(write: Write, read: Read) -> Callable[..., list[Capture | Problem]]:
    """The items of a JSONL file made of these lines (objects, or bytes as they are)."""

    def items(*given: object, **options: str) -> list[Capture | Problem]:
        encoded = [x if isinstance(x, bytes) else json.dumps(x).encode() for x in given]
        return read(write("lines.jsonl", b"\n".join(encoded)), **options)

    return items


def only_capture(items: list[Capture | Problem]) -> Capture:
    (item,) = items
    assert isinstance(item, Capture), item
    return item


def only_problem(items: list[Capture | Problem]) -> Problem:
    (item,) = items
    assert isinstance(item, Problem), item
    return item


def test_a_line_is_a_capture(write: Write, read: Read) -> None:
    line = {"text": "KSE100 ▲", "url": "https://x.example/1", "timestamp": "2024-05-03T10:15:00Z"}
    location = write("lines.jsonl", json.dumps(line).encode() + b"\n")
    assert read(location) == [
        Capture(
            data="KSE100 ▲".encode(),
            media_type="text/plain",
            source=location,
            offset=0,
            url="https://x.example/1",
            captured_at="2024-05-03T10:15:00Z",
            captured_basis="column timestamp",
            charset="utf-8",
        )
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz", "a.ndjson.zst"])
def test_the_offset_leads_back_to_the_line(write: Write, read: Read, name: str) -> None:
    stream = b'\xef\xbb\xbf{"text": "one"}\r\n\n   \n{"text": "\xc3\xa9"}\n{"text": "three"}'
    items = read(write(name, stream))
    texts = []
    for item in items:
        assert isinstance(item, Capture)
        assert item.offset is not None
        line = stream[item.offset :].splitlines()[0]
        assert json.loads(line)["text"].encode() == item.data
        texts.append(item.data.decode())
    assert texts == ["one", "é", "three"]


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ("\n <!DOCTYPE html><p>x", "text/html"),
        ("<HTML><p>x", "text/html"),
        ("<!-- saved -->\n<!-- twice --><html><p>x", "text/html"),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html><p>x", "text/html"),
        ("<head><title>x</title></head><body>x", "text/html"),
        ("\ufeff\u00a0<html>", "text/html"),
        ("<!-- never closed <html>", "text/plain"),
        ("plain <html>", "text/plain"),
        ("<html5 is not a tag", "text/plain"),
    ],
)
def test_html_in_a_text_column_is_seen(
    lines: Callable[..., list[Capture | Problem]], text: str, media_type: str
) -> None:
    assert only_capture(lines({"text": text})).media_type == media_type


def test_html_columns_are_html(lines: Callable[..., list[Capture | Problem]]) -> None:
    assert only_capture(lines({"raw_html": "<p>x"})).media_type == "text/html"
    named = only_capture(lines({"a": {"html": "<p>x"}}, text_column="a.html"))
    assert named.media_type == "text/html"


def test_lone_surrogates_survive_in_the_data(
    lines: Callable[..., list[Capture | Problem]],
) -> None:
    capture = only_capture(lines(b'{"text": "a\\ud800b", "url": "https://x.example/\\udfff"}'))
    assert capture.data.decode("utf-8", "surrogatepass") == "a\ud800b"
    assert capture.url == "https://x.example/\\udfff"


def test_options_serve_lines_without_their_own(
    lines: Callable[..., list[Capture | Problem]],
) -> None:
    options = {"url": "https://option.example/", "captured_at": "2020-01-02"}
    own = {"text": "x", "url": "https://own.example/", "date": "2024-05-03"}
    first, second = lines(own, {"text": "y", "url": " ", "date": None}, **options)
    assert isinstance(first, Capture)
    assert isinstance(second, Capture)
    assert (first.url, first.captured_at) == ("https://own.example/", "2024-05-03")
    assert first.captured_basis == "column date"
    assert (second.url, second.captured_at) == ("https://option.example/", "2020-01-02")
    assert second.captured_basis == "option"


def test_named_columns_are_the_only_ones_looked_at(
    lines: Callable[..., list[Capture | Problem]],
) -> None:
    line = {
        "text": "not me",
        "url": "not me",
        "date": "2001-01-01",
        "body": "me",
        "meta": {"link": "https://x.example/", "when": 1714731300},
    }
    columns = {"text_column": "body", "url_column": "meta.link", "date_column": "meta.when"}
    capture = only_capture(lines(line, **columns))
    assert (capture.data, capture.url) == (b"me", "https://x.example/")
    assert capture.captured_at == "2024-05-03T10:15:00Z"
    assert capture.captured_basis == "column meta.when"
    none = only_capture(lines(line, text_column="body", url_column="no", date_column="no"))
    assert (none.url, none.captured_at, none.captured_basis) == (None, None, None)


def test_an_unreadable_date_is_told_beside_the_capture(
    lines: Callable[..., list[Capture | Problem]],
) -> None:
    capture, problem = lines({"text": "x", "date": "last Friday"}, captured_at="2020-01-02")
    assert isinstance(capture, Capture)
    assert (capture.captured_at, capture.captured_basis) == (None, None)
    assert isinstance(problem, Problem)
    assert problem.kind == "bad-date"
    assert problem.detail == "Line 1 has no readable date in column date."
    assert (problem.excerpt, problem.offset) == ("last Friday", 0)


def test_a_date_that_is_an_object_is_unreadable(
    lines: Callable[..., list[Capture | Problem]],
) -> None:
    capture, problem = lines({"text": "x", "date": {"$date": 1}})
    assert isinstance(capture, Capture)
    assert isinstance(problem, Problem)
    assert (problem.kind, capture.captured_at) == ("bad-date", None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "is not JSON: Expecting value at column 1"),
        (b'{"text": "cut of', "is not JSON: Unterminated string starting at column 10."),
        (b'{"text": "x"} {"text": "y"}', "is not JSON: Extra data at column 15"),
        (b'{"text": "\xff"}', "is not UTF-8 at its byte 10"),
        (b'{"text": "\xed\xa0\x80"}', "is not UTF-8 at its byte 10"),
        ('{"text": "x"}'.encode("utf-16"), "is not UTF-8 at its byte 0"),
        (b'{"text": "x", "n": ' + b"9" * 100_000 + b"}", "holds a number of 100000 digits"),
        (b'{"text": ' + b"[" * 200_000, "is nested too deeply to be read as JSON"),
        (b'{"a":' * 200_000, "is nested too deeply to be read as JSON"),
    ],
    ids=["prose", "cut", "two", "bytes", "surrogate", "utf-16", "number", "arrays", "objects"],
)
def test_bad_json_is_told_and_the_next_line_read(
    lines: Callable[..., list[Capture | Problem]], line: bytes, reason: str
) -> None:
    first, problem, last = lines({"text": "a"}, line, {"text": "b"})
    assert isinstance(first, Capture)
    assert isinstance(last, Capture)
    assert isinstance(problem, Problem)
    assert problem.kind == "bad-json"
    assert problem.detail.startswith("Line 2 " + reason)
    assert problem.offset == len(b'{"text": "a"}\n')
    assert problem.excerpt
    assert len(problem.excerpt) <= 200


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"[]", "array"),
        (b'"text"', "string"),
        (b"1", "number"),
        (b"1.5", "number"),
        (b"null", "null"),
        (b"true", "truth value"),
    ],
)
def test_json_that_is_no_object_is_told(
    lines: Callable[..., list[Capture | Problem]], line: bytes, name: str
) -> None:
    problem = only_problem(lines(line))
    assert problem.kind == "not-an-object"
    assert problem.detail == f"Line 1 is a JSON {name}, no object."


def test_a_line_without_text_lists_its_columns(
    lines: Callable[..., list[Capture | Problem]],
) -> None:
    problem = only_problem(lines({"text": 5, "words": "x", "ke\ny\ud800": 1}))
    assert problem.kind == "no-text"
    assert problem.detail == (
        "Line 1 has no text column; its columns are: text, words, ke y\\ud800."
    )
    assert "it has no columns" in only_problem(lines({})).detail
    named = only_problem(lines({"text": "x"}, text_column="words"))
    assert named.detail == "Line 1 has no text column words; its columns are: text."
    many = only_problem(lines({f"k{number}": 0 for number in range(1000)}))
    assert many.detail.endswith("k19, and 980 more.")


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0\u2003"])
def test_a_blank_text_is_told(lines: Callable[..., list[Capture | Problem]], text: str) -> None:
    problem = only_problem(lines({"text": text}))
    assert (problem.kind, problem.detail) == ("empty", "Line 1 has no text in column text.")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_a_file_without_lines_is_told(write: Write, read: Read, data: bytes) -> None:
    problem = only_problem(read(write("lines.jsonl", data)))
    assert (problem.kind, problem.offset) == ("empty", None)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_too_long_a_line_is_skipped_and_told(write: Write, read: Read, name: str) -> None:
    long = b'{"text": "' + b"x" * (MAX_CAPTURE_BYTES + 5_000_000) + b'"}\n'
    head = b'{"text": "a"}\n'
    first, problem, last = read(write(name, head + long + b'{"text": "b"}\n'))
    assert isinstance(first, Capture)
    assert isinstance(last, Capture)
    assert last.offset == len(head) + len(long)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.offset) == ("too-large", len(head))
    assert problem.detail == f"Line 2 has {len(long):,} bytes; at most 16,777,216 are read."
    assert problem.excerpt is not None
    assert problem.excerpt.startswith('{"text": "xxx')


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_the_longest_line_is_read(write: Write, read: Read, end: bytes) -> None:
    text = b"x" * (MAX_CAPTURE_BYTES - len(b'{"text": ""}'))
    capture = only_capture(read(write("a.jsonl", b'{"text": "' + text + b'"}' + end)))
    assert capture.data == text


def test_excerpts_are_safe_to_print(lines: Callable[..., list[Capture | Problem]]) -> None:
    problem = only_problem(lines("\x1b[31m\u202e\tnot json\0 ▲ اردو".encode()))
    assert problem.excerpt == "\\x1b[31m\\u202e not json\\x00 ▲ اردو"


def test_source_names_that_are_not_utf8_are_stored_readably(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "caf\udce9.jsonl"
    path.write_bytes(b'{"text": "x"}\nbad')
    for item in read(str(path)):
        assert item.source.endswith("caf\\udce9.jsonl")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<!DOCTYPE html>\n<html>\n<title>Log in</title>\n</html>\n", "html"),
        (b"url,text\nhttps://x.example/1,A text.\n", "csv"),
        (b"<?xml version='1.0'?>\n<rss>\n<channel/>\n</rss>\n", "feed"),
        (b"<?xml version='1.0'?>\n<Error>\n<Code>AccessDenied</Code>\n</Error>\n", "<Error>"),
        (b'{\n "text": "A text."\n}\n', "over several lines"),
        (b"PAR1\x15\x04\n\n\n", "parquet"),
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n\r\n", "warc"),
        (b"PK\x03\x04" + bytes(26) + b"lines.jsonl\n\n", "zip"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n", "image"),
        ('{"text": "one"}\n{"text": "two"}\n'.encode("utf-16"), "UTF-16"),
        ('{"text": "one"}\n{"text": "two"}\n'.encode("utf-16-be"), "UTF-16"),
    ],
    ids=[
        *("html", "csv", "feed", "xml", "pretty", "parquet", "warc", "zip", "png"),
        *("utf-16", "utf-16 without BOM"),
    ],
)
def test_another_kind_under_this_name_is_one_fault_and_not_a_problem_a_line(
    write: Write,
    read_to_fault: Callable[[str], tuple[list[Capture | Problem], SourceError]],
    data: bytes,
    word: str,
) -> None:
    items, fault = read_to_fault(write("lines.jsonl", data))
    assert (items, word in fault.fault) == ([], True), fault
    assert fault.remedy


@pytest.mark.parametrize("first", [b'cut off"}', b"[1]", b"\x00\x01{", b'{"text": "cut off'])
def test_a_damaged_first_line_does_not_cost_the_others(
    lines: Callable[..., list[Capture | Problem]], first: bytes
) -> None:
    problem, capture = lines(first, {"text": "b"})
    assert isinstance(problem, Problem)
    assert isinstance(capture, Capture)
