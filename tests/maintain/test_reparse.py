"""A reparse gives the result of one load by the present parser."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.cli import main
from loader.maintain.dump import dump
from loader.model import Board, Capture, Snapshot
from loader.page import parse_capture
from tests.conftest import SAMPLES, Run
from tests.reliability import is_at_length

Connect = Callable[[Path], sqlite3.Connection]
Parser = Callable[[Capture], Snapshot]


def _no_headlines(snapshot: Snapshot) -> Snapshot:
    article = snapshot.article and replace(snapshot.article, headline=None, published_at=None)
    return replace(snapshot, article=article, layout="old")


def _longer_bodies(snapshot: Snapshot) -> Snapshot:
    """Texts with another digest, and tags that are none."""
    article = snapshot.article and replace(
        snapshot.article, body=f"{snapshot.article.body}\n\nFollow us", tags=("wrong",), teasers=()
    )
    return replace(snapshot, article=article, problems=())


def _one_quote_less(snapshot: Snapshot) -> Snapshot:
    board = snapshot.board and Board(snapshot.board.quotes[:-1] or snapshot.board.quotes)
    return replace(snapshot, board=board)


def _other_checksums(snapshot: Snapshot) -> Snapshot:
    """Boards whose digest stays and whose rows do not."""
    if snapshot.board is None:
        return snapshot
    quotes = tuple(quote._replace(percent_error=7) for quote in snapshot.board.quotes)
    return replace(snapshot, board=Board(quotes))


def _no_addresses(snapshot: Snapshot) -> Snapshot:
    """Snapshots with another digest."""
    return replace(snapshot, page_url=None, news_id=None)


def _every_third_without_article(snapshot: Snapshot) -> Snapshot:
    """None without a board: of a capture that was refused no raw bytes are kept."""
    if snapshot.board is None or len(snapshot.capture.data) % 3:
        return snapshot
    return replace(snapshot, article=None)


OLD_PARSERS = (
    _no_headlines,
    _longer_bodies,
    _one_quote_less,
    _other_checksums,
    _no_addresses,
    _every_third_without_article,
)


def _content(path: Path, connect: Connect) -> dict[str, list[str]]:
    conn = connect(path)
    conn.row_factory = None
    assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert conn.execute("pragma foreign_key_check").fetchall() == []
    conn.execute("insert into articles_fts (articles_fts, rank) values ('integrity-check', 1)")
    conn.rollback()
    return dump(conn)


def _load_with(
    change: Callable[[Snapshot], Snapshot], db: Path, run: Run, sources: Sequence[Path]
) -> None:
    """Load as a loader of which the parser differs."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("loader.ingest.") and hasattr(module, "parse_capture"):
                patch.setattr(module, "parse_capture", lambda c, *_: change(parse_capture(c)))
        run("load", *sources, "--db", db, "-q")


# The sample pages without the corpora, of which there are many times as many.
PAGES = (SAMPLES,) if is_at_length() else tuple(sorted(SAMPLES.glob("20*")))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as the parser of today reads them, to copy."""
    path = tmp_path_factory.mktemp("loaded") / "archive.db"
    arguments = ["load", *map(str, PAGES), "--db", str(path), "-q"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    return path


@pytest.mark.parametrize("change", OLD_PARSERS, ids=lambda change: change.__name__.strip("_"))
def test_archive_of_another_parser_becomes_that_of_todays(
    change: Callable[[Snapshot], Snapshot],
    tmp_path: Path,
    run: Run,
    connect: Connect,
    loaded: Path,
) -> None:
    db = tmp_path / "old.db"
    _load_with(change, db, run, PAGES)
    wanted = _content(loaded, connect)
    old = _content(db, connect)
    assert old != wanted
    assert "Changes by kind" in run("reparse", "--db", db, "--dry-run").output
    assert _content(db, connect) == old
    assert run("reparse", "--db", db).output.endswith("written\n")
    assert _content(db, connect) == wanted
    assert run("reparse", "--db", db).output.endswith("nothing changes\n")


# Addresses that earlier parsers took as they stood.
OLD_ADDRESSES = (
    "http://www.brecorder.com/2017/04/27/345678/an-invented-slug/",
    "https://www.brecorder.com/news/345678",
    "https://www.brecorder.com/editorials/0/109876/cdnjs.cloudflare.com",
    "https://www.brecorder.com/editorials/0/109876/code.jquery.com",
    "https://web.archive.org/web/20170119050000id_/https://www.brecorder.com/news/345678",
    "https://web.archive.org/web/20170119050000/http://www.brecorder.com/news/345678/slug",
    "https://web.archive.org/web/20170501050000/http://www.brecorder.com/2017/04/27/345678/slug/",
)


def _addresses_as_they_stand(snapshot: Snapshot) -> Snapshot:
    capture = snapshot.capture
    if capture.captured_basis == "web archive address":
        capture = replace(capture, captured_at=None, captured_basis=None)
    url = capture.url and capture.url.rstrip("/").replace("http://", "https://")
    is_usual = url == "https://www.brecorder.com/news/345678"
    return replace(
        snapshot, capture=capture, page_url=url, news_id=snapshot.news_id if is_usual else None
    )


@pytest.mark.parametrize("texts", [1, 2, 7])
def test_old_and_archived_addresses_become_those_of_their_pages(
    tmp_path: Path, run: Run, connect: Connect, texts: int
) -> None:
    """Also where two snapshots turn out to be one capture."""
    pages = tmp_path / "pages.jsonl"
    pages.write_text(
        "".join(
            json.dumps({"url": url, "text": f"A road was mended, for the time {n % texts}."}) + "\n"
            for n, url in enumerate(OLD_ADDRESSES)
        )
    )
    run("load", pages, "--db", tmp_path / "new.db", "-q")
    wanted = _content(tmp_path / "new.db", connect)
    _load_with(_addresses_as_they_stand, tmp_path / "old.db", run, [pages])
    assert len(_content(tmp_path / "old.db", connect)["pages"]) > len(wanted["pages"])
    run("reparse", "--db", tmp_path / "old.db")
    assert _content(tmp_path / "old.db", connect) == wanted
    assert "no damage found" in run("verify", "--all", "--db", tmp_path / "old.db").output
    run("merge", tmp_path / "merged.db", tmp_path / "old.db", tmp_path / "new.db")
    assert _content(tmp_path / "merged.db", connect) == wanted


def test_equal_parser_changes_no_byte(tmp_path: Path, sample_archive: Path, run: Run) -> None:
    db = Path(shutil.copy(sample_archive, tmp_path / "archive.db"))
    before = db.read_bytes()
    assert run("reparse", "--db", db).output.endswith("nothing changes\n")
    assert db.read_bytes() == before


def test_provenance_stays_with_each_snapshot(tmp_path: Path, run: Run, connect: Connect) -> None:
    db = tmp_path / "old.db"
    pages = sorted(SAMPLES.glob("*.txt"))
    _load_with(_no_headlines, db, run, pages[:6])
    _load_with(_no_headlines, db, run, pages[6:10])
    sql = "select digest, load_id from snapshots order by digest"
    before = [tuple(row) for row in connect(db).execute(sql)]
    run("reparse", "--db", db)
    assert [tuple(row) for row in connect(db).execute(sql)] == before


def test_difference_is_shown_before_and_after(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "old.db"
    _load_with(_no_headlines, db, run, PAGES[:10])
    output = run("reparse", "--db", db, "--dry-run", "--diff").output
    assert "snapshot 1: layout\n  - 'old'\n  + " in output


def test_capture_that_todays_parser_refuses_stays_as_it_was_understood(
    tmp_path: Path, loaded: Path, run: Run, connect: Connect
) -> None:
    db = Path(shutil.copy(loaded, tmp_path / "archive.db"))
    before = _content(db, connect)

    def refuse(capture: Capture) -> Snapshot:
        return Snapshot(capture)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loader.maintain.reparse.compare.parse_capture", refuse)
        output = run("reparse", "--db", db).output
    assert "refused" in output
    assert _content(db, connect) == before


def test_missing_archive_is_not_made(tmp_path: Path, run: Run) -> None:
    assert "no such file" in run("reparse", "--db", tmp_path / "none.db", code=1).output
    assert list(tmp_path.iterdir()) == []
