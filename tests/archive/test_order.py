"""The same captures give the same content, in any order, batches or files."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from loader.archive.archive import Archive, Load
from loader.ingest.reading import parse_sources
from loader.maintain.dump import dump
from loader.model import Article, Capture, Problem, Snapshot
from loader.sources import ReadOptions
from tests.conftest import SAMPLES
from tests.preparing import prepared

NOW = "2026-01-01T00:00:00Z"
KINDS = {"a": "text", "b": "text"}
Item = Snapshot | Problem


@pytest.fixture(scope="module")
def items() -> list[Item]:
    found = parse_sources([str(SAMPLES)], ReadOptions())
    return [item for item in found if isinstance(item, Snapshot | Problem)]


@pytest.fixture
def content(tmp_path: Path) -> Callable[[Sequence[Sequence[Item]]], dict[str, list[str]]]:
    """The dump of an archive to which batches were appended, each load one batch."""
    made = iter(range(100))

    def load_batches(
        batches: Sequence[Sequence[Item]], kinds: Mapping[str, str] = KINDS
    ) -> dict[str, list[str]]:
        path = tmp_path / f"{next(made)}.db"
        for batch in batches:
            with Archive.open(path) as archive:
                load = Load(archive, NOW)
                load.append([prepared(item, _kind(item, kinds)) for item in batch])
                load.finish(NOW)
        conn = sqlite3.connect(path)
        try:
            assert conn.execute("pragma foreign_key_check").fetchall() == []
            conn.execute("insert into articles_fts (articles_fts) values ('integrity-check')")
            return dump(conn)
        finally:
            conn.close()

    return load_batches


def _kind(item: Item, kinds: Mapping[str, str]) -> str:
    if isinstance(item, Problem):
        return "unknown"
    return kinds.get(item.capture.source, "unknown")


def test_dump_tells_different_content_apart(content, items) -> None:
    assert content([items[:50]]) != content([items[:49]])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_and_split_loads_have_equal_dumps(content, items, seed: int) -> None:
    chance = random.Random(seed)
    shuffled = chance.sample(items, len(items))
    cuts = sorted(chance.sample(range(len(items)), 4))
    split = [
        shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(items)], strict=True)
    ]
    assert content(split) == content([items])


def test_loading_twice_has_the_dump_of_loading_once(content, items) -> None:
    assert content([items, items]) == content([items])


def test_something_new_may_stand_where_the_only_other_capture_left(content) -> None:
    """The capture at `b` is found at `a`, and another one at `b`, in one batch."""
    one, other = (
        Snapshot(_capture("b", f"2024-01-0{day}T00:00:00Z"), article=_article()) for day in (1, 2)
    )
    moved = replace(one, capture=replace(one.capture, source="a"))
    for batch in ([moved, other], [other, moved]):
        assert content([[one], batch]) == content([[moved, other]])
    assert content([[one], [moved]]) == content([[moved]])


def _capture(source: str, time: str | None, data: bytes = b"raw") -> Capture:
    return Capture(data, "text/plain", source, captured_at=time)


def _article(**fields: str | None) -> Article:
    return Article(body="One text, the same in all captures.", **fields)


def _disputed() -> list[Snapshot]:
    return [
        Snapshot(_capture("a", "2024-01-02T00:00:00Z"), article=_article(headline="Second")),
        Snapshot(_capture("b", "2024-01-01T00:00:00Z"), article=_article(headline="First")),
        Snapshot(_capture("a", None), article=_article(headline="Untimed", section="Markets")),
        Snapshot(
            _capture("b", "2024-01-03T00:00:00Z"),
            article=_article(published_at="2024-01-01T09:30:00+05:00"),
        ),
        Snapshot(
            _capture("a", "2023-12-31T00:00:00Z"), article=_article(published_at="2024-01-01")
        ),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_earliest_capture_decides_what_captures_dispute(content, seed: int) -> None:
    snapshots = _disputed()
    shuffled = random.Random(seed).sample(snapshots, len(snapshots))
    found = content([[snapshot] for snapshot in shuffled])
    assert found == content([snapshots])
    (article,) = found["articles"]
    assert "'First'" in article
    assert "'Markets'" in article
    assert "'2024-01-01T09:30:00+05:00'" in article
    (problem,) = found["problems"]
    assert "disagree about its headline" in problem
    assert "First | Second | Untimed" in problem


def test_one_capture_in_two_places_is_recorded_at_the_smaller_one(content) -> None:
    first = Snapshot(_capture("a", None), article=_article())
    second = Snapshot(_capture("b", None), article=_article())
    for batches in ([[first], [second]], [[second], [first]], [[second, first]]):
        (snapshot,) = content(batches)["snapshots"]
        assert "'a'" in snapshot


def test_one_text_in_two_forms_is_kept_in_the_form_with_more_paragraphs(content) -> None:
    forms = [
        Snapshot(
            _capture("a", None, b"1"), article=Article("One.\n\nTwo of KSE100.", dateline="X")
        ),
        Snapshot(_capture("a", None, b"2"), article=Article("One.\nTwo of KSE100.", dateline="X")),
        Snapshot(_capture("a", None, b"3"), article=Article("X: One.\nTwo of KSE100.")),
    ]
    wanted = content([forms])
    (article,) = wanted["articles"]
    assert r"One.\n\nTwo of" in article
    assert len(wanted["mentions"]) == 1
    for order in itertools.permutations(forms):
        assert content([[form] for form in order]) == wanted


def test_source_of_which_nothing_is_recorded_leaves_no_row(content) -> None:
    first = Snapshot(_capture("a", None), article=_article())
    second = Snapshot(_capture("b", None), article=_article())
    other = Snapshot(_capture("a", None, b"other"), article=_article())
    wanted = content([[first, second, other]])
    assert wanted["sources"] == ["('a', 'text')"]
    assert content([[second], [first], [other]]) == wanted
    assert content([[first], [second, other]]) == wanted


def test_of_one_place_told_two_ways_the_smaller_words_are_kept(content) -> None:
    ways = [
        Snapshot(replace(_capture("a", "2024-01-01"), captured_basis=basis), article=_article())
        for basis in ("option", "column date")
    ]
    assert content([ways[:1], ways[1:]]) == content([ways[1:], ways[:1]]) == content([ways])


def test_source_that_could_not_be_read_at_first_gets_its_kind_later(content) -> None:
    fault = [Problem("unreadable", "gone", "c")]
    page = [Snapshot(_capture("c", None), article=_article())]
    assert content([fault, page], {"c": "text"}) == content([page, fault], {"c": "text"})
