"""The HTML cases, mutated: no exception, and no markup in what is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader.model import Capture
from loader.page import parse_capture
from tests.page.golden import capture_of, html_cases
from tests.page.html_pages import MARKUP, UNSEEN, stored
from tests.reliability import setting

CASES = html_cases()
SNIPPETS = [
    b"<", b">", b"</", b"<b>", b"&lt;", b"&", b'"', b"'", b"<!--", b"-->", b"<script>",
    b"</script>", b"<table>", b"</p>", b"<article class=story data-id=1>",
    b"<h1 class=story__title>", b"\x00",
    b"\xff", b"\xe2\x80\xae", b"<style>", b"<svg>", b"<template>", b"<select>", b"<plaintext>",
    b"]]>", b"<a href=javascript:x>", b"</html>", b"\xef\xbb\xbf", b"<base href=//x>",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> Capture:
    """A case with a few pieces cut out, doubled, or put in."""
    case: Path = draw(st.sampled_from(CASES))
    data = bytearray(case.read_bytes())
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        piece = draw(st.sampled_from(SNIPPETS) | st.binary(max_size=6))
        data[start : start + length] = piece + bytes(data[start : start + length]) * draw(
            st.integers(0, 2)
        )
    return replace(capture_of(case), data=bytes(data))


@settings(
    max_examples=4 * setting("LOADER_EXAMPLES", 40), derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(mutated())
def test_a_mutated_page_raises_nothing_and_stores_no_markup(capture: Capture) -> None:
    snapshot = parse_capture(capture)
    if snapshot.is_refused:
        assert snapshot.problems
    if b"&lt;" not in capture.data and b"&#" not in capture.data:
        assert not [text for text in stored(snapshot) if MARKUP.search(text)]
    assert not [text for text in stored(snapshot) if UNSEEN.search(text)]
