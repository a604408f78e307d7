"""Compare the weights of dating with simulated markets of known truth.

    python -m benchmarks.calibration [--seeds 3] [--captures 5000] [--days 400]

It prints the number of boards dated, and dated wrongly, by each kind of evidence alone. It prints
the frequency of each piece of evidence on the right day of a group and on other days, with the
resulting decibans and those in use, and the share of right days by decibans. The tables are in
docs/dating.md.
"""

from __future__ import annotations

import argparse
import math
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from loader.archive.dating.run import read_case, read_groups
from loader.archive.dating.times import read_sessions
from loader.market.case import Case
from loader.market.decide import decide
from loader.market.sessions import Sessions
from loader.market.share_closes import LEAST, MOST
from loader.market.weigh import BEFORE_TEXT, FRESH, LONG_BEFORE_TEXT
from tests.market.archives import score, truth_of
from tests.market.measures import MEASURES, make

_BINS = (15, 20, 30, 40, 60)
_FREE = 40
"""Sessions drawn for each group to count evidence on wrong days."""


class _Found(NamedTuple):
    """A piece of evidence by kind and description; a weight for most, of its first capture."""

    kind: str
    words: str
    weight: int


class _Given(NamedTuple):
    """Decibans of a decided day, whether it is right, and whether it depends on one page."""

    weight: int
    is_right: bool
    is_alone: bool


class _Counts(NamedTuple):
    """Counts over groups: right days, other days, and evidence on both."""

    right_days: int
    other_days: int
    right: Counter[_Found]
    other: Counter[_Found]
    given: Counter[_Given]


def _look(path: Path, truth: dict[str, str]) -> _Counts:
    """Compare the evidence of a dated archive with the true day of each group."""
    with closing(sqlite3.connect(path)) as conn:
        sessions = read_sessions(conn)
        groups = read_groups(conn, sessions)
        case = read_case(conn, groups, sessions)
        days = _true_days(conn, truth, sessions)
        decisions = decide(case)
        right: Counter[_Found] = Counter()
        other: Counter[_Found] = Counter()
        given: Counter[_Given] = Counter()
        asked = 0
        span = sorted(set(days.values()))
        for key, day in sorted(days.items()):
            right.update(_found(case, key, day))
            for wrong in _others(key, day, span):
                asked += 1
                other.update(_found(case, key, wrong))
            if (decided := decisions[key].day) is not None:
                is_alone = "alone" in decisions[key].basis
                given[_Given(case.total(key, decided), decided == day, is_alone)] += 1
        return _Counts(len(days), asked, right, other, given)


def _true_days(
    conn: sqlite3.Connection, truth: dict[str, str], sessions: Sessions
) -> dict[int, int]:
    found: dict[int, set[str]] = {}
    for group, digest in conn.execute(
        "select group_id, digest from board_indices join boards on id = board_id"
        " where group_id is not null"
    ):
        found.setdefault(group, set()).add(truth[digest])
    return {
        key: number
        for key, days in found.items()
        if len(days) == 1 and (number := sessions.numbers.get(min(days))) is not None
    }


def _others(key: int, day: int, span: list[int]) -> Iterator[int]:
    step = max(len(span) // _FREE, 1)
    for wrong in span[key % step :: step]:
        if wrong != day:
            yield wrong


def _found(case: Case, key: int, day: int) -> Iterator[_Found]:
    for witness in case.evidence(key, day):
        words = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", witness.detail)
        weight = _OF_ONE.get(witness.weight, witness.weight)
        if "share bases" in words:
            words = re.sub(r"\d+ of \d+ ", "", words)
            weight = MOST if weight > 0 else LEAST
        yield _Found(witness.kind, re.sub(r"\b(KSE|BR)\d+", "index", words), weight)


# Weights with and without further captures.
_OF_ONE = {
    weight + more * (1 if weight > 0 else -1): weight
    for weight in (FRESH, BEFORE_TEXT, LONG_BEFORE_TEXT)
    for more in (2, 4, 6)
}


def _add(ones: list[_Counts]) -> _Counts:
    right: Counter[_Found] = Counter()
    other: Counter[_Found] = Counter()
    given: Counter[_Given] = Counter()
    for one in ones:
        right.update(one.right)
        other.update(one.other)
        given.update(one.given)
    return _Counts(
        sum(one.right_days for one in ones),
        sum(one.other_days for one in ones),
        right,
        other,
        given,
    )


def _tell(counts: _Counts) -> None:
    for item in sorted({*counts.right, *counts.other}):
        hits, misses = counts.right[item], counts.other[item]
        # Half a count is added on both sides, so that evidence never found has a finite weight.
        ratio = (hits + 0.5) / (counts.right_days + 1) / ((misses + 0.5) / (counts.other_days + 1))
        print(
            f"  {item.kind:<9} {item.weight:+4} fitted {10 * math.log10(ratio):+6.1f}"
            f"  right {hits:5} of {counts.right_days:6}  wrong {misses:6} of {counts.other_days:7}"
            f"  {item.words}"
        )


def _tell_bins(given: Counter[_Given]) -> None:
    rows = [
        (f"{low} to {high - 1}" if high < 10_000 else f"{low} and more", low, high)
        for low, high in zip((0, *_BINS), (*_BINS, 10_000), strict=True)
    ]
    for is_alone in (True, False):
        for name, low, high in rows:
            found = {
                right: sum(
                    count
                    for day, count in given.items()
                    if low <= day.weight < high
                    and (day.is_alone, day.is_right) == (is_alone, right)
                )
                for right in (True, False)
            }
            if total := sum(found.values()):
                kind = "alone" if is_alone else "by neighbours" if high == _BINS[0] else ""
                print(f"  {name:<14} {kind:<14} {total:6} days of groups, {found[False]:4} wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--captures", type=int, default=5000)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--holidays", type=int, default=0)
    parser.add_argument("--only", action="append", help="a measure, by its name")
    options = parser.parse_args()
    everything = []
    with tempfile.TemporaryDirectory(prefix="calibration-") as folder:
        path = Path(folder) / "archive.db"
        for name in options.only or MEASURES:
            counts = []
            for seed in range(1, options.seeds + 1):
                market, seen = make(
                    name, seed, path, options.captures, options.days, options.holidays
                )
                found = score(path, seen, market.sessions)
                with closing(sqlite3.connect(path)) as conn:
                    truth = {
                        digest: market.sessions.days[each.day]
                        for digest, each in truth_of(conn, seen).items()
                    }
                counts.append(_look(path, truth))
                print(f"{name:<36} seed {seed}: {found}", flush=True)
            everything.append(_add(counts))
            _tell(everything[-1])
            _tell_bins(everything[-1].given)
    print("all of these")
    _tell_bins(_add(everything).given)


if __name__ == "__main__":
    main()
