"""The cost of a small change, in bytes, depends on the change and not on the archive."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.synthetic import pages
from loader.archive import archive
from loader.archive.connection import open_writable, use_wal
from loader.archive.dating import run as dating
from tests.conftest import Run
from tests.ingest.corpus import write_lines

_NEW = 20


def _wal_bytes(conn: sqlite3.Connection) -> int:
    """Bytes written since the WAL was last folded back, by folding it back."""
    (name,) = conn.execute("select file from pragma_database_list where name = 'main'").fetchone()
    written = Path(f"{name}-wal").stat().st_size
    conn.execute("pragma wal_checkpoint(truncate)").fetchone()
    return written


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes that each load wrote before it folded the WAL back."""
    found: list[int] = []
    fold: Callable[[sqlite3.Connection], None] = archive.use_one_file

    def noted(conn: sqlite3.Connection) -> None:
        found.append(_wal_bytes(conn))
        fold(conn)

    monkeypatch.setattr(archive, "use_one_file", noted)
    return found


def test_few_captures_write_as_little_into_a_large_archive(
    tmp_path: Path, run: Run, written: list[int]
) -> None:
    for size in (200, 1000):
        made = list(pages(size + _NEW, 0.2))
        db = tmp_path / f"{size}.db"
        for chosen in (made[:size], made[size:]):
            run("load", write_lines(tmp_path / "pages.jsonl", chosen), "--db", db, "-q")
    _, small, _, large = written
    assert large < 2 * small


def test_text_index_is_merged_by_steps(tmp_path: Path) -> None:
    """More batches than the pieces of a size that SQLite merges at once, whatever it is told."""
    chance = random.Random(3)
    words = ["".join(chance.choices("abcdefghijklmno", k=6)) for _ in range(3000)]
    sizes = []
    with closing(open_writable(tmp_path / "archive.db")) as conn:
        use_wal(conn)
        for batch in range(70):
            conn.execute("begin")
            conn.executemany(
                "insert into articles (digest, word_count, body) values (?, 300, ?)",
                [
                    (f"{batch} {number}", " ".join(chance.choices(words, k=300)))
                    for number in range(100)
                ],
            )
            conn.execute("commit")
            sizes.append(_wal_bytes(conn))
        (segments,) = conn.execute("select count(distinct segid) from articles_fts_idx").fetchone()
    # 3.3 times; 18 times where 64 pieces are merged at once.
    assert max(sizes) < 6 * sorted(sizes)[len(sizes) // 2]
    assert segments < 40


@pytest.mark.parametrize("query", ["BOARDS", "ARTICLES", "LISTINGS", "MOMENTS"])
def test_dating_finds_new_rows_by_their_ids(
    sample_archive: Path, connect: Callable[[Path], sqlite3.Connection], query: str
) -> None:
    plan = connect(sample_archive).execute(
        f"explain query plan {getattr(dating, f'_NEW_{query}')}", {"last": 5}
    )
    steps = [row["detail"] for row in plan]
    assert any(step.startswith("SEARCH") for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)
