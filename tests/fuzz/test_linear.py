"""Time grows with the size of an input, not with its square; memory is bounded by it.

Processor time of this process, so that others on the machine do not matter. Four times the
input may take seven times as long; a square would take sixteen. Memory is measured for some of
the shapes, and for all of them in `make reliability`.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from loader.market.calendar import make_sessions
from loader.market.sessions import Sessions
from loader.market.values import Named, stated_values
from loader.model import Capture, MediaType
from loader.page import parse_capture
from loader.rows.facts import known_names
from loader.rows.names.recognise import find_mentions
from tests.fuzz.memory import JSONL, STREAMED, memory_of
from tests.preparing import prepared
from tests.reliability import note, some

_SMALLEST = 0.01  # seconds of the smaller input, below which a ratio says nothing
_TIMES = 4
_MOST = 7.0
_LARGEST = 4_000_000  # bytes
_TRIES = 3
_LEAST = 0.005  # seconds that a smaller input counts as; a square would still take sixteen times
_QUOTE = "ABCD 12.34 Increased By ▲ 0.56 (4.75%)\n"

# (start, what is repeated, end)
TEXTS = {
    "empty lines": ("KARACHI: A.", "\n", "B."),
    "blank lines": ("KARACHI: A.", " \n\t\n", "B."),
    "spaces": ("KARACHI: A", " ", "b."),
    "one word": ("", "a", ""),
    "words": ("KARACHI: ", "Cotton firms ", "."),
    "lines of a word": ("", "Cotton\n", ""),
    "paragraphs": ("KARACHI: A.\n\n", "Cotton firmed, they said.\n\n", ""),
    "arrows": ("ABCD 12.34 Increased By ", "▲", " 0.56 (4.75%)"),
    "parentheses": ("ABCD 12.34 Increased By ▲ 0.56 ", "(", "4.75%)"),
    "closed parentheses": ("ABCD 12.34 Increased By ▲ 0.56 ", "()", ""),
    "digits": ("ABCD ", "1", " Increased By ▲ 0.56 (4.75%)"),
    "commas": ("KSE100 ", "1,", " No Change 0 (0%)"),
    "ticker lines": ("", _QUOTE, ""),
    "datelines": ("", "KARACHI: ", "A."),
    "bullets": ("Headline\n\n", "  • Point one\n", "Recorder Report 05 Nov 2020\n\nA."),
    "bylines": ("Headline\n\n", "Recorder Report 05 Nov 2020\n", "A."),
    "dates": ("", "Mar 03, 2022 ", ""),
    "navigation": ("Brecorder Logo\nMar 03, 2022 ", "PRINT EDITION ► ", "\nMarkets\n\nA"),
    "tags line": ("KARACHI: A.\n\n", "cotton rice ", "\n\nCopyright Business Recorder, 2023"),
    "copyright": ("KARACHI: A.\n\n", "Copyright Business Recorder, 2023\n", ""),
    "rules": ("A\n", "====\n----\n", ""),
    "symbols": ("KARACHI: ", "OGDC KSE-100 Hub Power ", "."),
    "capitals": ("", "A-", ""),
    "combining marks": ("KARACHI: a", "\u0301", "."),
    "covid": ("\nCoronavirus\n", "Sindh\n12,345\n", ""),
    "covid and unknown lines": ("\nCoronavirus\n", "and so on\n\nSindh\n12,345\n", ""),
    "listing": ("", "- A headline\nA line of it.\nRead More\n", ""),
    "lines of one story": ("- A\nRead More\n", "A line of it.\n", "Read More"),
    "images": ("KARACHI: A.\n", "x-1024\n", ""),
    "glued images": ("KARACHI: A.\n", "x_1024The mills.\n", ""),
    "image names": ("KARACHI: A.\n", "a_1-2x", ""),
    "unseen characters": ("KARACHI: A.\n", "a\u200d\u00ad\u00a0", ""),
    "stories under the end": ("KARACHI: A.\n\nCopyright A\n", "A story\n\n", "Comments"),
    "percentages": ("", "4.75%) ", ""),
    "moves without a board": ("", "Increased By 4 ", ""),
}
HTML = {
    "open tags": ("<html><body>", "<div>", ""),
    "closed tags": ("<html><body>", "<p>a</p>", "</body></html>"),
    "attributes": ("<div ", "a=b ", ">"),
    "angle brackets": ("<html>", "<", ""),
    "comments": ("", "<!-- a --", ">"),
    "entities": ("<html><body><p>", "&amp;", "</p>"),
    "paragraphs": ('<article class="story" data-id="40123456"><div class="story__content">',
                   "<p>Cotton firmed.</p>", "</div></article>"),
    "ticker": ('<div class="js-ticker">', "<div><span>ABCD</span><span>12.34</span><span class="
               '"sr-only">Increased By</span><span>▲ 0.56 (4.75%)</span></div>', "</div>"),
    "JSON-LD": ('<script type="application/ld+json">', "[", "</script>"),
    "metas": ("<head>", '<meta property="article:tag" content="cotton">', "</head>"),
    "stories": ("<body>", '<article class="story" data-id="40123456"><h2 class="story__title">'
                '<a href="/news/40123456/a">A headline</a></h2></article>', "</body>"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_collections() -> Iterator[None]:
    """Collect no garbage, since a long run of tests leaves many objects to look at."""
    gc.disable()
    yield
    gc.enable()


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _grows_with_its_size(work_on: Callable[[str], object], shape: tuple[str, str, str]) -> None:
    start, unit, end = shape
    # Of texts larger than a processor's cache each byte takes longer.
    most = _LARGEST // _TIMES // len(unit.encode())
    count = min(500, most)

    def seconds(times: int) -> float:
        text = start + unit * (count * times) + end
        return _seconds(lambda: work_on(text))

    while (took := min(seconds(1), seconds(1))) < _SMALLEST and count * 2 <= most:
        count *= 2
    for _ in range(_TRIES):
        longer = seconds(_TIMES)
        if longer < _MOST * max(took, _LEAST):
            return
        # Neighbours share the caches: what grows with the square does so each time.
        took = min(seconds(1), seconds(1))
    raise AssertionError(f"{count:,} took {took:.3f} s, {_TIMES} times as many {longer:.3f}")


def _parser(media_type: MediaType) -> Callable[[str], object]:
    def parse(text: str) -> object:
        data = text.encode()
        capture = Capture(data, media_type, "page", None, captured_at="2024-05-03T10:15:00Z")
        return prepared(parse_capture(capture))

    return parse


@pytest.mark.parametrize("name", TEXTS)
def test_time_for_a_text_grows_with_its_size(name: str) -> None:
    _grows_with_its_size(_parser("text/plain"), TEXTS[name])
    note("Time to read a text grows with its size", shapes=len(TEXTS))


@pytest.mark.parametrize("name", HTML)
def test_time_for_html_grows_with_its_size(name: str) -> None:
    _grows_with_its_size(_parser("text/html"), HTML[name])
    note("Time to read HTML grows with its size", shapes=len(HTML))


@pytest.mark.parametrize("name", TEXTS)
def test_memory_for_a_text_is_bounded_by_its_size(name: str) -> None:
    start, unit, end = TEXTS[name]
    data = (start + unit * (50_000 // len(unit.encode())) + end).encode()
    capture = Capture(data, "text/plain", "page", None)
    tracemalloc.start()
    try:
        prepared(parse_capture(capture))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * len(data) + 8 * 1024 * 1024
    note("Memory to read a text is bounded by its size", shapes=len(TEXTS))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count in other units")
@pytest.mark.parametrize("name", some(list(HTML), 4))
def test_memory_for_html_is_bounded_by_its_size(name: str) -> None:
    size, grown = memory_of("html", name, 500_000)
    assert grown < 40 * size + 8 * 1024 * 1024
    note("Memory to read HTML is bounded by its size", shapes=len(HTML))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count in other units")
@pytest.mark.parametrize("name", some(list(JSONL), 6))
def test_memory_for_json_lines_is_bounded_by_the_longest_line(name: str) -> None:
    if name in STREAMED:
        _, grown = memory_of("jsonl", name, 1_000_000)
        assert grown < 4 * 1024 * 1024
    else:
        size, grown = memory_of("jsonl", name, 1_000_000)
        assert grown < 40 * size + 8 * 1024 * 1024
    note("Memory to read JSON lines is bounded by the longest", shapes=len(JSONL))


UNITS = (
    "OGDC ", "Hub Power ", "KSE-100 ", "A", "A.", "A-A ", "Unity (UNITY), ", "The PPL (PPL) ",
    "Hub  ", "KE ", "Hubco closed at Rs 2, ", "the 100-index, ", "HBL hit wickets ", "\u200fUBL ",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_time_to_find_names_and_values_grows_with_the_text(unit: str) -> None:
    names = known_names()
    sessions = Sessions(make_sessions(2024, 2024, {}))

    def find(text: str) -> object:
        named = [Named(m.start, m.end, m.symbol) for m in find_mentions((text,), names)]
        return stated_values(text, named, "2024-05-06", sessions)

    _grows_with_its_size(find, ("", unit, ""))
