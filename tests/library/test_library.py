"""`import loader`: a typed library beside the command line."""

from __future__ import annotations

import inspect
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import loader
from tests.archives import RELEASED, unpack
from tests.conftest import ROOT, SAMPLES

PAGE = SAMPLES / "2024-seed-layout-teaser.txt"


@pytest.fixture
def archive(sample_archive: Path) -> loader.Archive:
    with loader.Archive.open(sample_archive) as archive:
        yield archive


def test_importing_the_package_imports_nothing_of_it() -> None:
    code = "import loader, sys; print(sorted(n for n in sys.modules if n.startswith('loader')))"
    environment = {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert result.stdout.strip() == "['loader', 'loader.version']"


def test_every_public_name_is_there_and_says_something() -> None:
    for name in loader.__all__:
        value = getattr(loader, name)
        assert name in dir(loader)
        if not name.startswith("__"):
            assert inspect.getdoc(value), name
    with pytest.raises(AttributeError, match="nothing_such"):
        loader.nothing_such  # noqa: B018


def test_the_page_of_the_library_names_every_method_of_an_archive() -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    methods = {name for name in vars(loader.Archive) if not name.startswith("_")}
    assert methods <= set(re.findall(r"\w+", page))


def test_reading_goes_on_past_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(b"\x1f\x8b no gzip")
    (tmp_path / "b.txt").write_bytes(PAGE.read_bytes())
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    kinds = [type(item).__name__ for item in loader.read([tmp_path, "nowhere.txt"])]
    assert sorted(kinds) == ["Capture", "Problem", "Problem", "Skipped"]


def test_a_time_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    options = loader.ReadOptions(captured_at="yesterday")
    with pytest.raises(ValueError, match="yesterday"):
        list(loader.read(PAGE, options))
    with pytest.raises(ValueError, match="yesterday"):
        loader.Archive.open(tmp_path / "a.db").load(PAGE, options)
    assert not (tmp_path / "a.db").exists()


def test_options_reach_the_archive(tmp_path: Path) -> None:
    url = "https://www.brecorder.com/news/40301234"
    with loader.Archive.open(tmp_path / "a.db") as archive:
        archive.load(PAGE, loader.ReadOptions(url=url, captured_at="2024-05-03T15:15+05:00"))
        (snapshot,) = archive.snapshots()
    assert (snapshot.url, snapshot.captured_at) == (url, "2024-05-03T10:15:00Z")
    assert snapshot.source == str(PAGE)


def test_a_load_between_two_questions_is_seen_and_leaves_one_file(tmp_path: Path) -> None:
    archive = loader.Archive.open(tmp_path / "a.db")
    archive.load(PAGE)
    before = len(archive.quotes("OGDC"))
    reading = archive.articles()
    next(reading)
    result = archive.load(SAMPLES / "2024-pre-open-board.txt")
    assert result.counts.snapshots == 1
    assert len(archive.snapshots()) == 2
    assert len(archive.quotes("OGDC")) >= before
    archive.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db"]


def test_asking_an_archive_that_is_missing_makes_none(tmp_path: Path) -> None:
    with pytest.raises(loader.ArchiveError, match="no such file"):
        loader.Archive.open(tmp_path / "a.db").days()
    assert list(tmp_path.iterdir()) == []


def test_nothing_can_be_written_through_the_connection(archive: loader.Archive) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive.connection.execute("delete from quotes")


def test_the_bytes_of_every_capture_come_back(tmp_path: Path) -> None:
    with loader.Archive.open(tmp_path / "a.db") as archive:
        archive.load(PAGE)
        (snapshot,) = archive.snapshots()
        assert archive.raw(snapshot.id) == PAGE.read_bytes()
        with pytest.raises(KeyError):
            archive.raw(snapshot.id + 1)


def test_articles_are_found_by_date_symbol_and_section(archive: loader.Archive) -> None:
    every = list(archive.articles())
    dates = [article.article_date for article in every if article.article_date]
    assert dates == sorted(dates)
    day = dates[len(dates) // 2][:10]
    of_day = list(archive.articles(date_from=day, date_to=day))
    assert of_day
    assert {article.article_date[:10] for article in of_day} == {day}
    named = {article.id for article in archive.articles(symbol="ogdc ")}
    assert named
    assert named < {article.id for article in every}
    section = next(article.section for article in every if article.section)
    assert {article.section for article in archive.articles(section=section)} == {section}


def test_any_words_are_a_search(archive: loader.Archive) -> None:
    assert archive.search("") == archive.search('"') == archive.search("(") == []
    assert archive.search("NOT (")  # a word of texts
    assert len(archive.search("cotton", limit=1)) == 1


def test_quotes_are_those_of_the_view(archive: loader.Archive) -> None:
    quotes = archive.quotes("kse100")
    (count,) = archive.connection.execute(
        "select count(*) from quote_history where symbol = 'KSE100'"
    ).fetchone()
    assert len(quotes) == count > 0
    assert {type(quote.percent_ok) for quote in quotes} == {bool}
    assert archive.quotes("NOSUCH") == []


def test_another_name_of_a_share_gives_nothing_and_a_suggestion(archive: loader.Archive) -> None:
    meant = "'OGDCL' is not a symbol of this archive. Did you mean OGDC?"
    with pytest.warns(UserWarning, match=re.escape(meant)):
        assert archive.quotes("OGDCL") == []
    with pytest.warns(UserWarning, match=re.escape(meant)):
        assert list(archive.articles(symbol="OGDCL")) == []


def test_days_have_a_board_each(archive: loader.Archive) -> None:
    for day in archive.days():
        quotes = {quote.board_id: quote for quote in archive.quotes("KSE100")}
        assert quotes[day.board_id].price == day.kse100


def test_merging_gives_what_loading_gives(tmp_path: Path) -> None:
    first, second, both = (loader.Archive.open(tmp_path / f"{name}.db") for name in "abc")
    pages = sorted(SAMPLES.glob("2024-*.txt"))[:4]
    first.load(pages[:2])
    second.load(pages[2:])
    counts = both.merge([first.path, second.path])
    assert counts.snapshots == len(both.snapshots()) == 4
    with pytest.raises(loader.ArchiveError):
        both.merge(tmp_path / "nowhere.db")


def test_an_archive_of_an_older_schema_is_read_as_it_is(tmp_path: Path) -> None:
    path = unpack(RELEASED[0], tmp_path / "old.db")
    before = path.read_bytes()
    with loader.Archive.open(path) as archive:
        assert archive.quotes("OGDC")
        assert list(archive.articles())
    assert path.read_bytes() == before


def test_type_checkers_see_each_public_name() -> None:
    """Type checkers take the names from `loader.library`, since `loader` imports them late."""
    source = inspect.getsource(loader.library)
    exported = re.findall(r"^from \S+ import (\w+) as \1$", source, re.MULTILINE)
    assert sorted([*exported, "__version__"]) == sorted(loader.__all__)
