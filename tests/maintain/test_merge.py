"""A merge of archives has the content of one load of all their captures."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import pages
from loader.archive.archive import Archive
from loader.archive.write.batch import Counts
from loader.cli.stops import Stopped
from loader.maintain.merge import merge_into
from tests.archive.captures import captures, content_of, load_items, read
from tests.conftest import SAMPLES, Run
from tests.reliability import setting

Connect = Callable[[Path], sqlite3.Connection]
PAGES = sorted(SAMPLES.glob("*.txt"))


def merge(dest: Path, *sources: Path) -> list[Counts]:
    with Archive.open(dest) as archive:
        return [merge_into(archive, source, 5.0) for source in sources]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[], Path]:
    numbers = itertools.count()

    def make() -> Path:
        path = tmp_path / str(next(numbers))
        path.mkdir()
        return path

    return make


_HOMES = ("a", "b", "c", "ab", "abc")


# Shrinking an example of archives takes minutes; the seed that pytest prints is enough.
@settings(
    max_examples=setting("LOADER_EXAMPLES", 5),
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(split=st.lists(st.tuples(captures, st.sampled_from(_HOMES)), max_size=12))
def test_any_split_in_any_order_merges_to_one_load(split) -> None:
    """Commutative, associative and idempotent, captures in both parts or not."""
    split = [(read(made), homes) for made, homes in split]
    items = [item for item, _ in split]
    with tempfile.TemporaryDirectory() as name:
        at = Path(name)
        parts = [
            load_items(
                at / f"{part}.db",
                [item for item, home in split if part in home],
            )
            for part in "abc"
        ]
        wanted = content_of(load_items(at / "all.db", items))
        a, b, c = parts
        merge(at / "1.db", a, b, c)
        merge(at / "2.db", c, b, a)
        merge(at / "3.db", b, c)
        merge(at / "4.db", a, at / "3.db", b, a)
        for number in (1, 2, 4):
            assert content_of(at / f"{number}.db") == wanted


def test_samples_in_two_halves(folder, run: Run) -> None:
    at = folder()
    everything = sorted(SAMPLES.iterdir())
    run("load", *everything[::2], "--db", at / "a.db", "-q")
    run("load", *everything[1::2], "--db", at / "b.db", "-q")
    run("load", *everything, "--db", at / "all.db", "-q")
    run("merge", at / "ab.db", at / "a.db", at / "b.db")
    run("merge", at / "ba.db", at / "b.db", at / "a.db")
    assert content_of(at / "ab.db") == content_of(at / "ba.db") == content_of(at / "all.db")


def test_merging_again_changes_no_byte(folder, run: Run) -> None:
    at = folder()
    run("load", *PAGES[:5], "--db", at / "a.db", "-q")
    run("load", *PAGES[3:9], "--db", at / "b.db", "-q")
    run("merge", at / "a.db", at / "b.db")
    before = (at / "a.db").read_bytes()
    output = run("merge", at / "a.db", at / "b.db", at / "a.db").output
    assert "0 new snapshots, 6 known" in output
    assert "0 new snapshots, 9 known" in output
    assert (at / "a.db").read_bytes() == before


def test_source_is_only_read(folder, run: Run) -> None:
    at = folder()
    run("load", *PAGES[:5], "--db", at / "a.db", "-q")
    before = (at / "a.db").read_bytes()
    run("merge", at / "new.db", at / "a.db")
    assert (at / "a.db").read_bytes() == before
    assert {path.name for path in at.iterdir()} == {"a.db", "new.db"}


def test_provenance_is_kept(folder, run: Run, connect: Connect) -> None:
    at = folder()
    run("load", *PAGES[:3], "--db", at / "a.db", "-q")
    run("load", *PAGES[3:5], "--db", at / "a.db", "-q")
    run("load", *PAGES[2:7], "--db", at / "b.db", "-q")
    run("merge", at / "a.db", at / "b.db")
    conn = connect(at / "a.db")
    by_load = conn.execute("select load_id, count(*) from snapshots group by load_id order by 1")
    assert [tuple(row) for row in by_load] == [(1, 3), (2, 2), (3, 2)]
    assert [row[0] for row in conn.execute("select capture_count from loads")] == [3, 2, 5]
    locations = {row[0] for row in conn.execute("select location from sources")}
    assert locations == {str(page) for page in PAGES[:7]}


def test_newer_schema_is_refused_and_nothing_made(folder, run: Run) -> None:
    at = folder()
    run("load", PAGES[0], "--db", at / "new.db", "-q")
    with closing(sqlite3.connect(at / "new.db")) as conn, conn:
        conn.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('loader', '999_from_the_future', '2030-01-01')"
        )
    conn.close()
    output = run("merge", at / "dest.db", at / "new.db", code=1).output
    assert "new.db: has a newer schema" in output
    assert not (at / "dest.db").exists()


def test_source_that_is_missing_or_no_archive_is_told(folder, run: Run) -> None:
    at = folder()
    (at / "letter.db").write_text("Dear Sir or Madam, " * 100)
    assert "no such file" in run("merge", at / "d.db", at / "none.db", code=1).output
    assert (
        "letter.db: is not an SQLite file"
        in run("merge", at / "d.db", at / "letter.db", code=1).output
    )
    assert [path.name for path in at.iterdir()] == ["letter.db"]


def test_dictionary_travels_once(folder, run: Run, connect: Connect, tmp_path: Path) -> None:
    """Captures stay compressed as they are; each dictionary is copied with the first."""

    at = folder()
    run("load", PAGES[0], "--db", at / "dest.db", "-q")

    lines = [json.dumps(page) for page in pages(450, 0.2)]
    (at / "pages.jsonl").write_text("\n".join(lines))
    run("load", at / "pages.jsonl", "--db", at / "many.db", "-q")
    shutil.copy(at / "many.db", at / "again.db")
    run("merge", at / "dest.db", at / "many.db", at / "again.db", "-q")
    conn = connect(at / "dest.db")
    assert conn.execute("select count(*) from raw_dictionaries").fetchone()[0] == 1
    wanted = content_of(at / "many.db")["raw_captures"]
    assert set(wanted) <= set(content_of(at / "dest.db")["raw_captures"])


@pytest.fixture
def closes(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "closes.csv"
    path.write_text("date,close\n2023-11-03,71234.10\n2023-11-02,70888.40\n")
    yield path


def test_closes_and_days_come_along(folder, run: Run, sample_archive: Path, closes: Path) -> None:
    at = folder()
    shutil.copy(sample_archive, at / "a.db")
    run("load", *PAGES[:4], "--db", at / "b.db", "-q")
    run("date", "--closes", closes, "--force", "--db", at / "b.db", "-q")
    run("merge", at / "ab.db", at / "a.db", at / "b.db", "-q")
    run("merge", at / "ba.db", at / "b.db", at / "a.db", "-q")
    merged = content_of(at / "ab.db")
    assert merged == content_of(at / "ba.db")
    assert len(merged["closes"]) == 2
    assert merged["trading_days"]


def test_stop_amid_a_reading_ends_as_a_stop(
    tmp_path: Path, sample_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the signal met holds a statement that is not at its end."""

    def stopped(conn: sqlite3.Connection) -> None:
        rows = conn.execute("select id from source.snapshots")
        next(rows)
        raise Stopped(signal.SIGTERM)

    monkeypatch.setattr("loader.maintain.merge.Instruments", stopped)
    with Archive.open(tmp_path / "archive.db") as archive, pytest.raises(Stopped):
        merge_into(archive, sample_archive, 5.0)
    monkeypatch.undo()
    with Archive.open(tmp_path / "archive.db") as archive:
        merge_into(archive, sample_archive, 5.0)
    assert content_of(tmp_path / "archive.db") == content_of(sample_archive)
