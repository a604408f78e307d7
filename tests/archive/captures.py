"""Generate captures with hypothesis, similar enough to collide: equal boards, texts, places."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from loader.archive.archive import Archive, Load
from loader.archive.dating import date_new
from loader.maintain.dump import dump
from loader.model import Capture, Problem, Revisit, Snapshot
from loader.page import parse_capture
from tests.conftest import ROOT
from tests.preparing import prepared

Item = Snapshot | Problem | Revisit
Made = Capture | Problem | Revisit

_BOARDS = (
    "",
    "ABCD 12.34 Increased By ▲ 0.56 (4.75%)\n",
    "ABCD 12.34 Increased By ▲ 0.56 (4.75%)\nBR100 7,000 No Change 0 (0%)\n"
    "BR30 24,000 Increased By 100 (0.42%)\nKSE100 71,234 Increased By 345.6 (0.49%)\n"
    "KSE30 23,500 Decreased By -12.5 (-0.05%)\n",
    "ABCD 12.40 Increased By ▲ 0.06 (0.49%)\nBR100 7,010 Increased By 10 (0.14%)\n"
    "BR30 24,100 Increased By 100 (0.42%)\nKSE100 71,300 Increased By 66 (0.09%)\n"
    "KSE30 23,600 Increased By 100 (0.43%)\n",
    # A symbol nobody knows, once printed like an index and once like a share.
    "QQQQ 1,234 No Change 0 (0%)\nKSE100 71,234 Increased By 345.6 (0.49%)\n",
    "QQQQ 1.25 No Change ▼ 0.00 (0%)\nKSE100 71,234 Increased By 345.6 (0.49%)\n",
)
_HEADLINES = ("Cotton firms up", "Cotton firms", "KSE-100 ends the day at 71,234 points")
_BYLINES = (
    "Recorder Report 03 Nov, 2023",
    "Recorder Report Published 03 Nov, 2023 01:23pm",
    "Reuters Published 02 Nov, 2023 01:23am Updated 04 Nov, 2023",
)
_BODIES = (
    "KARACHI: Cotton firmed on Friday as mills bought.\n\nOGDC fell, traders in the hall said.",
    "KARACHI: Cotton firmed on Friday as mills bought.\nOGDC fell, traders in the hall said.",
    # What an editor made of it, and a corpus that cut that off.
    "KARACHI: Cotton firmed on Friday as mills sold.\n\nOGDC fell, traders in the hall said.",
    "KARACHI: Cotton firmed on Friday as mills sold.\n\nOGDC fell, traders",
    "LAHORE: The benchmark KSE-100 index closed at 71,234.10 points on Friday, traders said.\n\n"
    "Rice exporters find new buyers\n\nVolumes were thin in the morning, they added.",
    "",
)
_HTML = ("2022-article", "amp", "listing", "sources-disagree", "error-page-with-board")
_TAILS = ("", "\n\nCopyright Business Recorder, 2023", "\n\ncotton rice Reuters")
_TIMES = (None, "2023-11-03", "2023-11-03T11:00:00Z", "2023-11-04T05:00:00Z")
_PLACES = (("a.jsonl", 0), ("a.jsonl", 900), ("b.jsonl", 0), ("c.txt", None))
_PAGE = "https://www.brecorder.com/news/40123456"
_URLS = (
    None,
    _PAGE,
    "http://brecorder.com/news/40123456/slug",
    "https://www.brecorder.com/news/40123457/slug",
)


@st.composite
def _texts(draw: st.DrawFn) -> bytes:
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from((b"", b"\x00\x01\xff", b"no page at all", b"\xff\xfe\x00")))
    board, headline = draw(st.sampled_from(_BOARDS)), draw(st.sampled_from(_HEADLINES))
    byline, body = draw(st.sampled_from(_BYLINES)), draw(st.sampled_from(_BODIES))
    layout = draw(st.sampled_from(("{0}\n{3}{4}", "{0}{1}\n\n{2}\n\n{3}{4}", "{0}\n{1}\n{2}\n{3}")))
    return layout.format(board, headline, byline, body, draw(st.sampled_from(_TAILS))).encode()


@st.composite
def _made(draw: st.DrawFn) -> Made:
    location, offset = draw(st.sampled_from(_PLACES))
    if draw(st.integers(0, 19)) == 0:
        return Problem("invalid-json", "no JSON", location, offset, "{")
    time = draw(st.sampled_from(_TIMES))
    if draw(st.integers(0, 19)) == 0:
        return Revisit(location, offset, _PAGE, time, _URLS[3] or "", "2023-11-03T11:00:00Z")
    basis = draw(st.sampled_from(("option", "column date"))) if time else None
    url = draw(st.sampled_from(_URLS))
    if draw(st.integers(0, 5)) == 0:
        # Named, not read: hypothesis prints what it draws.
        named = draw(st.sampled_from(_HTML))
        return Capture(named.encode(), "text/html", location, offset, url, time, basis)
    return Capture(draw(_texts()), "text/plain", location, offset, url, time, basis)


captures: st.SearchStrategy[Made] = _made()


def read(made: Made) -> Item:
    """Return the parsed items of a source."""
    if not isinstance(made, Capture):
        return made
    if made.media_type == "text/html":
        path = ROOT / "tests" / "html_cases" / f"{made.data.decode()}.html"
        made = replace(made, data=path.read_bytes())
    return parse_capture(made)


def load_items(path: Path, items: Sequence[Item]) -> Path:
    """One load of these items into the archive at `path`."""
    with Archive.open(path) as archive:
        load = Load(archive, "2026-01-01T00:00:00Z")
        load.append([prepared(item) for item in items])
        archive.in_transaction(date_new)
        load.finish("2026-01-01T00:00:01Z")
    return path


def content_of(path: Path) -> dict[str, list[str]]:
    """The dump of a sound archive."""
    conn = sqlite3.connect(path)
    try:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert conn.execute("pragma foreign_key_check").fetchall() == []
        conn.execute("insert into articles_fts (articles_fts, rank) values ('integrity-check', 1)")
        return dump(conn)
    finally:
        conn.close()
