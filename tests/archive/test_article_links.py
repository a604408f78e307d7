"""Copies and wraps in an archive are found in any order of loading."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from loader.archive.archive import Archive
from loader.archive.write import likenesses
from loader.maintain.merge import merge_into
from loader.maintain.reparse.rewrite import rewrite
from loader.maintain.share.share import Parts, share
from loader.model import Capture
from tests.archive.captures import content_of, load_items, read
from tests.articles.likeness_pairs import issues, stories
from tests.conftest import Run
from tests.reliability import setting

Connect = Callable[[Path], sqlite3.Connection]
TALE, OTHER_TALE = ("\n\n".join(story.paragraphs) for story in stories()[:2])
WRAP = "\n\n".join([TALE, *stories()[0].added])
RATES = issues()["open-market rates"]


def _page(number: int, body: str, dateline: str = "KARACHI") -> dict[str, str]:
    return {
        "url": f"https://www.brecorder.com/news/{40_000_000 + number}",
        "text": f"Headline {number}\n\nRecorder Report 0{1 + number % 8} Nov, 2023\n\n"
        f"{dateline}: {body}",
    }


@pytest.fixture
def load(tmp_path: Path, run: Run) -> Callable[[Sequence[dict[str, str]]], Path]:
    def load_pages(pages: Sequence[dict[str, str]]) -> Path:
        (tmp_path / "pages.jsonl").write_text("".join(f"{json.dumps(page)}\n" for page in pages))
        run("load", tmp_path / "pages.jsonl", "--db", tmp_path / "archive.db", "-q")
        return tmp_path / "archive.db"

    return load_pages


LINKS = """
select headline, other_headline, kind,
    (select headline from articles where articles.id = first_article_id) as first_headline
from article_links order by 1, 2
"""


def _links(conn: sqlite3.Connection) -> list[tuple[str, ...]]:
    return [tuple(row) for row in conn.execute(LINKS)]


def test_copy_and_wrap_of_a_text_are_linked_both_ways(load, connect: Connect) -> None:
    db = load([_page(1, TALE), _page(2, TALE, "LAHORE"), _page(3, WRAP), _page(4, OTHER_TALE)])
    assert _links(connect(db)) == [
        ("Headline 1", "Headline 2", "copy", "Headline 1"),
        ("Headline 1", "Headline 3", "near", "Headline 1"),
        ("Headline 2", "Headline 1", "copy", "Headline 1"),
        ("Headline 2", "Headline 3", "near", "Headline 2"),
        ("Headline 3", "Headline 1", "near", "Headline 1"),
        ("Headline 3", "Headline 2", "near", "Headline 2"),
    ]


def test_issues_of_a_table_are_not_linked(load, connect: Connect) -> None:
    db = load([_page(number, body) for number, body in enumerate(RATES)])
    assert _links(connect(db)) == []


def test_versions_of_a_page_are_no_copies(load, connect: Connect) -> None:
    db = load([_page(1, TALE), _page(1, WRAP)])
    assert _links(connect(db)) == []


def test_first_is_the_one_captured_first_where_dates_do_not_tell(load, connect: Connect) -> None:
    pages = [_page(1, TALE), _page(9, TALE, "LAHORE")]
    for page, day in zip(pages, ("2024-02-02", "2024-01-01"), strict=True):
        page["timestamp"] = f"{day}T10:00:00Z"
    assert _links(connect(load(pages)))[0][3] == "Headline 9"
    bare = [{"text": page["text"].replace("Nov, 2023", "")} for page in pages]
    assert {row[3] for row in _links(connect(load(bare)))} <= {"Headline 9", None}


def test_one_text_under_two_addresses_has_both(load, connect: Connect) -> None:
    db = load([_page(1, TALE), _page(2, TALE)])
    rows = connect(db).execute(
        "select news_id, is_main, capture_count from article_addresses order by 1"
    )
    assert [tuple(row) for row in rows] == [(40000001, 1, 1), (40000002, 0, 1)]


def test_one_headline_and_boilerplate_on_thousands_of_pages_stay_linear(
    monkeypatch: pytest.MonkeyPatch, load, connect: Connect
) -> None:
    """Compared are at most as many pairs as pages, and copies among them are found all the same."""
    compared = 0

    def counting(one, other):
        nonlocal compared
        compared += 1
        return compare(one, other)

    compare = likenesses.compare
    monkeypatch.setattr(likenesses, "compare", counting)
    frame = TALE.split("\n\n")[3:5]
    bodies = [
        "\n\n".join([f"Sold on the day were {n * 7 + 13} bales at Rs {n + 9000} a maund, after "
                      f"{n * 3 + 5} and {n * 11 + 40} before.", *frame])
        for n in range(1500)
    ]  # fmt: skip
    pages = [_page(number, body) for number, body in enumerate(bodies)]
    pages.append(_page(5000, bodies[700], "LAHORE"))
    db = load(pages)
    assert compared <= len(pages)
    assert [row[:3] for row in _links(connect(db))] == [
        ("Headline 5000", "Headline 700", "copy"),
        ("Headline 700", "Headline 5000", "copy"),
    ]
    assert connect(db).execute("select count(*) from crowded_sketches").fetchone()[0] >= 4


BODIES = [
    TALE, TALE, WRAP, TALE[:500], OTHER_TALE, *RATES,
    "\n\n".join([*stories()[0].added, *stories()[0].paragraphs[:5]]),
    f"{RATES[0]}\n\nA line that nobody else has.", "Photo", "",
]  # fmt: skip
PAGES = st.tuples(
    st.integers(0, len(BODIES) - 1),
    st.sampled_from(("KARACHI: ", "LAHORE: ", "")),
    st.integers(1, 6),
    st.sampled_from(("a", "b", "ab")),
    st.booleans(),
)


def _capture(body: int, dateline: str, number: int, flat: bool) -> Capture:
    text = BODIES[body].replace("\n\n", "\n") if flat else BODIES[body]
    page = f"A headline\n\nReuters 03 Nov, 2023\n\n{dateline}{text}"
    url = f"https://www.brecorder.com/news/{40_000_000 + number}"
    return Capture(page.encode(), "text/plain", f"{body}{dateline}{number}{flat}.txt", url=url)


@settings(
    max_examples=setting("LOADER_EXAMPLES", 5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    drawn=st.lists(PAGES, max_size=14), again=st.sets(st.integers(1, 14)), most=st.integers(1, 4)
)
def test_links_do_not_depend_on_order_or_on_what_was_taken_out_meanwhile(
    monkeypatch: pytest.MonkeyPatch, drawn, again, most: int
) -> None:
    """Loads of one and of many, merges, parsing again, all anew: the same rows."""
    monkeypatch.setattr(likenesses, "MOST_ALIKE", most)
    items = [
        (read(_capture(body, dateline, number, flat)), homes)
        for body, dateline, number, homes, flat in drawn
    ]
    with tempfile.TemporaryDirectory() as name:
        at = Path(name)
        wanted = content_of(load_items(at / "all.db", [item for item, _ in items]))
        for item, _ in reversed(items):
            load_items(at / "singly.db", [item])
        parts = [
            load_items(at / f"{part}.db", [item for item, home in items if part in home])
            for part in "ab"
        ]
        with Archive.open(at / "merged.db") as archive:
            for part in reversed(parts):
                merge_into(archive, part, 5.0)
        with Archive.open(parts[0]) as archive:
            rewrite(archive, sorted(again))
            merge_into(archive, parts[1], 5.0)
            rewrite(archive, sorted(again))
        for path in (at / "singly.db", at / "merged.db", parts[0]):
            if items:
                assert content_of(path) == wanted, path.name
        with closing(sqlite3.connect(at / "all.db", isolation_level=None)) as conn:
            likenesses.link_all(conn)
        assert content_of(at / "all.db") == wanted


def test_copy_without_texts_keeps_links_and_no_sketches(
    load, tmp_path: Path, connect: Connect
) -> None:
    db = load([_page(1, TALE), _page(2, WRAP)])
    share(db, tmp_path / "copy.db", Parts(text=False), timeout=1.0)
    copy = connect(tmp_path / "copy.db")
    assert _links(copy) == _links(connect(db)) != []
    assert copy.execute("select count(*) from article_sketches").fetchone()[0] == 0


def test_text_that_had_been_left_out_is_linked_when_it_comes(
    load, tmp_path: Path, connect: Connect
) -> None:
    db = load([_page(1, TALE), _page(2, WRAP)])
    share(db, tmp_path / "copy.db", Parts(text=False), timeout=1.0)
    with Archive.open(tmp_path / "merged.db") as archive:
        merge_into(archive, tmp_path / "copy.db", 5.0)
        merge_into(archive, db, 5.0)
    assert _links(connect(tmp_path / "merged.db")) == _links(connect(db)) != []


def test_verify_finds_a_link_that_texts_do_not_give_and_repairs_it(
    load, run: Run, connect: Connect
) -> None:
    db = load([_page(1, TALE), _page(2, WRAP)])
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("update article_likenesses set kind = 'copy'")
    assert "article_likenesses: differs" in run("verify", "--all", "--db", db, code=1).output
    run("verify", "--all", "--repair", "--db", db)
    assert {row[2] for row in _links(connect(db))} == {"near"}
