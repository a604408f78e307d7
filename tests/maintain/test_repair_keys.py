"""`verify --repair` ends with a sound archive, for damage to any key or digest."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from loader.archive.schema import fresh_archive
from loader.cli import main
from tests.conftest import ROOT, SAMPLES, Run
from tests.reliability import some

PAGES = (
    *(SAMPLES / f"{name}.txt" for name in ("2024-seed-layout-teaser", "2023-doubled-board",
      "2022-summary-bullets", "2021-06-covid-counter")),
    ROOT / "tests" / "archives" / "crawl.warc.gz",
)  # fmt: skip


class Column(NamedTuple):
    """A column that names a row, of the `parent`, or is the digest of its own."""

    table: str
    name: str
    parent: str
    parent_key: str
    may_be_null: bool

    def damages(self) -> Iterator[str]:
        """Yield values that it may be set to, as SQL."""
        if self.parent:
            yield (
                f"select {self.parent_key} from {self.parent}"
                f" where {self.parent_key} is not {self.table}.{self.name} limit 1"
            )
            yield "select 999999"
        else:
            yield "select substr(digest, 2) || 'f'"
            yield "select 'no digest at all'"
        if self.may_be_null:
            yield "select null"


def _columns() -> Iterator[Column]:
    with fresh_archive() as conn:
        tables = conn.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            needed = dict(
                conn.execute('select name, "notnull" or pk from pragma_table_info(?)', (table,))
            )
            keys = 'select "from", "table", "to" from pragma_foreign_key_list(?)'
            for name, parent, parent_key in conn.execute(keys, (table,)):
                yield Column(table, name, parent, parent_key, not needed[name])
            if "digest" in needed and table != "read_sources":
                yield Column(table, "digest", "", "", False)


COLUMNS = {f"{column.table}.{column.name}": column for column in _columns()}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "archive.db"
    pages = [str(page) for page in PAGES]
    result = CliRunner().invoke(main, ["load", *pages, "/dev/null", "--db", str(path)])
    assert result.exit_code == 1, result.output  # /dev/null is a problem without capture
    with closing(sqlite3.connect(path)) as conn, conn:
        # Keys that no sample fills.
        conn.execute("update teasers set page_id = (select min(id) from pages)")
    CliRunner().invoke(main, ["verify", "--repair", "--db", str(path)])
    return path


def _damage(path: Path, column: Column) -> int:
    """Set the column to something else in one row for each way; return how many took it."""
    done = 0
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("pragma ignore_check_constraints = on")
        keys = [
            name
            for (name,) in conn.execute(
                "select name from pragma_table_info(?) where pk order by pk", (column.table,)
            )
        ]
        rows = conn.execute(
            f"select {', '.join(keys)} from {column.table} order by {column.name} is null limit 3"
        ).fetchall()
        for number, damage in enumerate(column.damages()):
            where = " and ".join(f"{key} = ?" for key in keys)
            # A value that a unique key refuses is no damage that can happen.
            with suppress(sqlite3.IntegrityError, IndexError):
                done += conn.execute(
                    f"update {column.table} set {column.name} = ({damage}) where {where}",
                    rows[number % len(rows)] if rows else (),
                ).rowcount
    return done


@pytest.mark.parametrize("name", some(list(COLUMNS), 16))
def test_damaged_key_or_digest_is_repaired_or_named_as_lost(
    name: str, small: Path, tmp_path: Path, run: Run
) -> None:
    db = Path(shutil.copy(small, tmp_path / "archive.db"))
    column = COLUMNS[name]
    with closing(sqlite3.connect(db)) as conn:
        (rows,) = conn.execute(f"select count(*) from {column.table}").fetchone()
    if not rows:
        pytest.skip(f"no sample fills {column.table}")
    assert _damage(db, column)
    output = run("verify", "--repair", "--db", db).output
    assert output.endswith("no damage found\n")
