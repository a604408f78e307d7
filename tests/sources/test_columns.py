"""Text, address and time columns of a record."""

from __future__ import annotations

import pytest

from loader.sources.readers.columns import ColumnValue, find_date, find_text, find_url, lookup


@pytest.mark.parametrize(
    "column",
    [
        "text", "content", "raw_content", "html", "raw_html", "Text", "TEXT", "body", "article",
        "articleBody", "article_text", "maintext", "fullText", "Raw-Text", "page content",
    ],
)  # fmt: skip
def test_each_known_text_column_is_found(column: str) -> None:
    assert find_text({"id": "1", column: "x"}) == ColumnValue(column, "x")


def test_the_first_text_column_that_is_not_blank_wins() -> None:
    record = {"raw_content": "c", "content": "b", "text": "a"}
    assert find_text(record) == ColumnValue("text", "a")
    assert find_text(record | {"text": " \n"}) == ColumnValue("content", "b")
    assert find_text(record | {"text": None, "content": ["b"]}) == ColumnValue("raw_content", "c")


def test_a_blank_text_is_better_than_none() -> None:
    assert find_text({"text": None, "content": " "}) == ColumnValue("content", " ")
    assert find_text({"text": 1, "title": "x"}) is None


@pytest.mark.parametrize(
    "record",
    [
        {"url": " https://x.example/ "},
        {"url": None, "source_url": "https://x.example/"},
        {"meta": {"url": "https://x.example/"}},
        {"meta": {"source": {"url": "https://x.example/"}}},
        {"source": {"url": "https://x.example/"}},
        {"metadata": {"url": "https://x.example/"}},
        {"meta.url": "https://x.example/"},
        {"warc_headers": {"warc-target-uri": "https://x.example/"}},
        {"meta": {"warc_headers": {"warc-target-uri": "https://x.example/"}}},
        {"url": "https://x.example/", "meta": {"url": "https://y.example/"}},
        {"URL": "https://x.example/"},
        {"link": "https://x.example/"},
        {"sourceURL": "https://x.example/"},
        {"WARC-Target-URI": "https://x.example/"},
        {"uri": "https://x.example/", "source": "https://y.example/"},
        {"source": "https://x.example/"},
        {"metadata": {"source": "https://x.example/"}},
        {"id": "https://x.example/", "source": "cc-news"},
    ],
)
def test_addresses_are_found_at_the_top_and_below(record: dict[str, object]) -> None:
    assert find_url(record) == "https://x.example/"


@pytest.mark.parametrize(
    "record",
    [{}, {"url": 5}, {"meta": "url"}, {"meta": {"url": ""}}, {"source": "cc-news", "id": "1"}],
)
def test_no_address_is_none(record: dict[str, object]) -> None:
    assert find_url(record) is None


@pytest.mark.parametrize(
    ("record", "column"),
    [
        ({"timestamp": "t", "date": "d"}, "timestamp"),
        ({"crawl_date": "t", "warc_date": "d"}, "crawl_date"),
        ({"date": "2024-05-03", "captured_at": "t"}, "captured_at"),
        ({"timestamp": None, "warc_date": "t"}, "warc_date"),
        ({"timestamp": " ", "date": "t"}, "date"),
        ({"meta": {"timestamp": "t"}}, "meta.timestamp"),
        ({"warc_headers": {"warc-date": "t"}}, "warc_headers.warc-date"),
        ({"WARC-Date": "t"}, "WARC-Date"),
        ({"crawledAt": "t"}, "crawledAt"),
        ({"date": "t", "fetch_time": "d"}, "date"),
        ({"meta": {"warc_headers": {"warc-date": "t"}}}, "meta.warc_headers.warc-date"),
    ],
)
def test_the_first_date_column_with_a_value_wins(record: dict[str, object], column: str) -> None:
    assert find_date(record) == ColumnValue(column, "t")


def test_a_date_of_zero_is_a_value() -> None:
    assert find_date({"timestamp": 0}) == ColumnValue("timestamp", 0)


def test_a_key_with_dots_comes_before_a_path() -> None:
    assert lookup({"a.b": 1, "a": {"b": 2}}, "a.b") == 1
    assert lookup({"a": {"b": 2}}, "a.b") == 2
    assert lookup({"a": [1]}, "a.b") is None
    assert lookup({"a": {"b": 2}}, "a.b.c") is None
