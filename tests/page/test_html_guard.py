"""Markup that would take the parser seconds or gigabytes is refused in advance."""

from __future__ import annotations

import pytest

from loader.page.html.guard import MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_TAGS, excess
from tests.page.html_pages import parse, with_content


@pytest.mark.parametrize(
    "markup",
    [
        b"<div>" * 2_000_000,
        b"<div>" * 100_000,
        b"<div>" * 20_000,
        (b"<p><div class='x'>" * 20_000) + b"</div></p>" * 20_000,
        b"<div " + b" ".join(b"a%d" % number for number in range(100_000)) + b">",
        b"<div " + b" ".join(b'a%d=">"' % number for number in range(100_000)) + b">",
        b"<div " + b"".join(b"a%d='>'" % number for number in range(100_000)) + b">",
        b"<p>x</p>" * 100 + b"<div " + b"\n".join(b"a%d=1" % n for n in range(9_000)) + b">",
        b"".join(b"<body a%d>" % number for number in range(50_000)),
        b"<p>" + b"".join(b"<b a%d>" % n for n in range(2_000)) + b"</p>" + b"<p>x</p>" * 2_000,
        b"<i><p>" * 3_900,
        b"<b>" * 90_000,
        b"<!--" * 200_000,
    ],
    ids=lambda markup: markup[:12].decode() + f"~{len(markup)}",
)
def test_markup_on_which_the_parser_would_hang_is_refused_unparsed(markup: bytes) -> None:
    snapshot = parse(markup)
    assert snapshot.is_refused
    assert [problem.kind for problem in snapshot.problems] == ["too-complex"]


def test_a_page_just_within_the_limits_is_parsed() -> None:
    attributes = " ".join(f"a{number}" for number in range(MAX_ATTRIBUTES))
    assert excess(f"<p><div {attributes}>".encode() + b"x" * 9000) is None
    assert excess(b"<div>" * MAX_DEPTH + b"</div>" * MAX_DEPTH) is None
    assert excess(b"<p>x" * (MAX_TAGS - 1)) is None
    assert excess(b"x" * MAX_BYTES) is None


def test_prose_scripts_and_pictures_of_many_words_are_no_attributes() -> None:
    prose = "the price of sugar = 1 / 2 and more " * 4_000
    picture = f'<img src="data:image/png;base64,{"A" * 300_000}">'
    for content in (f"<p>{prose}</p>", f"<script>if (a < b) {{ {prose} }}</script>", picture):
        assert excess(f"<html><body>{content}</body></html>".encode()) is None


@pytest.mark.parametrize(
    "markup",
    [
        b"<a" + b" " * 7_000_000,
        b"<" + b"a" * 7_000_000,
        b"<a " + b"=" * 7_000_000,
        b"<a " + b"/" * 7_000_000,
        b"&" * 7_000_000,
        b"\0" * 7_000_000,
        b'<a b="' * 3_000,
        b"<table>" * 2_000,
        b"<a>" * 7_000,
        b"<svg>" * 2_900,
        b"</p>" * 90_000,
    ],
    ids=lambda markup: markup[:6].decode() + f"~{len(markup)}",
)
def test_long_runs_of_one_thing_are_no_page(markup: bytes) -> None:
    snapshot = parse(markup)
    assert snapshot.is_refused
    assert {problem.kind for problem in snapshot.problems} <= {"not-a-page", "too-complex"}


def test_nesting_below_the_limit_is_walked_without_recursion() -> None:
    deep = "<div>" * 2_500 + "<p>Deep down.</p>" + "</div>" * 2_500
    snapshot = with_content(deep)
    assert snapshot.article is not None and snapshot.article.body == "Deep down."
