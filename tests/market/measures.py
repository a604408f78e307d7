"""Measure dating by each kind of evidence, in simulated archives without the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.market.archives import Score, bring_closes, load, make_market, pairs, score
from tests.market.simulator import (
    Market,
    Seen,
    closes_csv,
    crawl,
    without_reports,
    without_times,
)

CAPTURES, DAYS = 5000, 400
BURST, PAUSE = 12, 3  # consecutive sessions that the fourth measure's crawler saw, and missed


def _closes(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    bare = [without_times(each) for each in captures]
    load(path, bare)
    bring_closes(path, closes_csv(market))
    return bare


def _times(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    timed = [without_reports(each) for each in captures]
    load(path, timed)
    return timed


def _reports(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    bare = [
        replace(each, capture=replace(each.capture, captured_at=None, data=_no_masthead(each)))
        for each in captures
    ]
    load(path, bare)
    return bare


def _no_masthead(seen: Seen) -> bytes:
    text = seen.capture.data.decode()
    lines = text.split("\n")
    if "Brecorder Logo" not in lines:
        return text.encode()
    place = lines.index("Brecorder Logo")
    return "\n".join(lines[:place] + lines[place + 3 :]).encode()


def _anchors(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    """Return captures without dates, except for one fresh capture in each run of sessions."""
    anchored: set[int] = set()
    kept = []
    for each in captures:
        run, place = divmod(each.day - market.first, BURST + PAUSE)
        if place >= BURST:
            continue
        bare = without_times(each)
        if run not in anchored and _tells_its_day(each, market):
            anchored.add(run)
            capture = replace(bare.capture, captured_at=each.capture.captured_at)
            bare = replace(bare, capture=capture)
        kept.append(bare)
    load(path, kept)
    return kept


def _tells_its_day(seen: Seen, market: Market) -> bool:
    time = seen.capture.captured_at
    if not time or "T" not in time or seen.is_single_quote or seen.is_frozen:
        return False
    return market.sessions.shown_at(time) == (seen.day, seen.day)


def _only(*shapes: str) -> Callable[[Path, Market, Sequence[Seen]], list[Seen]]:
    """Return a measure without capture times, and with reports only of these shapes."""

    def make(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
        bare = [without_times(each, keep=shapes) for each in captures]
        load(path, bare)
        return bare

    return make


def _no_shares(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    """Return the reports of the third measure, without the closes of shares."""
    bare = [
        replace(
            each,
            capture=replace(
                each.capture,
                captured_at=None,
                data=_no_masthead(each).replace(b" closed at Rs ", b" changed hands at Rs "),
            ),
        )
        for each in captures
    ]
    load(path, bare)
    return bare


def _mastheads(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    """Return captures with mastheads and dates of texts, but without capture times and reports."""
    bare = [
        replace(each, capture=replace(each.capture, captured_at=None))
        for each in map(without_reports, captures)
    ]
    load(path, bare)
    return bare


def _mastheads_alone(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    """Return the same captures with undated texts."""
    bare = [
        replace(
            each,
            capture=replace(
                each.capture,
                captured_at=None,
                data=each.capture.data.replace(b"BR Web Desk Published", b"In the archive since"),
            ),
        )
        for each in map(without_reports, captures)
    ]
    load(path, bare)
    return bare


def _texts(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    """Import closes, and return captures with dates of texts only, without times and mastheads."""
    bare = [
        replace(each, capture=replace(each.capture, captured_at=None, data=_no_masthead(each)))
        for each in map(without_reports, captures)
    ]
    load(path, bare)
    bring_closes(path, closes_csv(market))
    return bare


def _everything(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    load(path, captures)
    bring_closes(path, closes_csv(market))
    return list(captures)


def _nothing(path: Path, market: Market, captures: Sequence[Seen]) -> list[Seen]:
    bare = [without_times(each) for each in captures]
    load(path, bare)
    return bare


MEASURES: dict[str, Callable[[Path, Market, Sequence[Seen]], list[Seen]]] = {
    "closes of KSE100, no times": _closes,
    "capture times only": _times,
    "closes stated in articles only": _reports,
    "closes stated, none of shares": _no_shares,
    "closes less moves, at a clock time": _only("stood at"),
    "moves in points alone": _only("on the day"),
    "closes stated, and less moves": _only("closed at", "settled at", "ended at", "finished"),
    "mastheads alone": _mastheads_alone,
    "mastheads and published texts": _mastheads,
    "closes and published texts": _texts,
    "one dated board in each run": _anchors,
    "all evidence": _everything,
    "nothing": _nothing,
}


def make(
    name: str,
    seed: int,
    path: Path,
    captures: int = CAPTURES,
    days: int = DAYS,
    holidays: int = 0,
) -> tuple[Market, list[Seen]]:
    """Make the archive of one measure at `path`; return its market and captures.

    `holidays` is the number of pairs of sessions of the calendar on which this market was closed.
    """
    path.unlink(missing_ok=True)
    market = make_market(seed, days, holidays=holidays)
    return market, MEASURES[name](path, market, crawl(market, captures))


def measure(
    name: str,
    seed: int,
    path: Path,
    captures: int = CAPTURES,
    days: int = DAYS,
    holidays: int = 0,
) -> Score:
    """Make the archive of one measure at `path`, and score it."""
    market, loaded = make(name, seed, path, captures, days, holidays)
    return score(path, loaded, market.sessions)


def measure_pairs(
    seed: int, path: Path, captures: int = CAPTURES, days: int = DAYS
) -> tuple[int, int]:
    """Return the number of pairs of boards grouped only by bases, and of correct pairs."""
    path.unlink(missing_ok=True)
    market = make_market(seed, days)
    return pairs(path, _nothing(path, market, crawl(market, captures)))
