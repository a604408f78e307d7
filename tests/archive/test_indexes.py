"""Every index of the schema is used by a query that needs it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from loader.archive.connection import open_readonly, open_writable
from loader.archive.dating.groups import _LINES_BETWEEN
from loader.archive.dating.links import _BOARDS
from loader.archive.references import INFERRED, NEEDED_BY, OWNED
from loader.archive.scripts import read_sql, statements, without_comments


def _of_the_web(name: str) -> str:
    return (resources.files("loader.web.data") / "queries" / name).read_text(encoding="utf-8")


_BROWSE: Final = _of_the_web("browse.sql")

# Who asks: the query, as it stands in the program or as Datasette makes it of a click.
QUERIES: Final = {
    "history of all symbols by time": "select * from quote_history"
    " order by first_captured_at desc limit 50",
    "boards of a day in their order": _of_the_web("day_boards.sql"),
    "counts of faults, percent": "select count(*) from quotes where not percent_ok",
    "counts of faults, sign": "select count(*) from quotes where not sign_ok",
    "counts of faults, limit": "select count(*) from quotes where within_daily_limit = 0",
    "newest articles": _of_the_web("newest_articles.sql"),
    "browsing a section": _BROWSE.replace("/* filters */", "and section = :section"),
    "browsing an agency": _BROWSE.replace("/* filters */", "and agency = :agency"),
    "browsing a place": _BROWSE.replace("/* filters */", "and dateline = :place"),
    "articles that teasers name": _of_the_web("article_teasers.sql"),
    "articles of a name": _of_the_web("signed_articles.sql"),
    "what a name signed": _of_the_web("credit_counts.sql"),
    "numbers of articles of an agency": "select * from article_counts where agency = :agency",
    "pages of an author": _of_the_web("credit_pages.sql"),
    "who leads to a page": _of_the_web("cited_by.sql"),
    "search by date": _of_the_web("search_by_date.sql"),
    "snapshots in order of time": "select * from snapshots order by captured_at desc limit 50",
    "problems of a kind": "select * from problems where kind = :kind limit 50",
    "neighbours of a base": _LINES_BETWEEN,
    "boards that show a price": _BOARDS,
    "groups that count from a price": "select id from board_groups"
    " where kse100_base_min_hundredths between ? and ?",
    "values that texts state of a symbol": "select * from stated_values_on_boards"
    " where symbol = :symbol",
    "an earlier capture": "select * from revisits where target_page_id = ? and refers_to_at = ?",
}
# Second copies by which `verify` finds damage: SQLite compares them with their tables.
CHECKSUMS: Final = "_checksum"


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory, sample_archive: Path) -> set[str]:
    """The indexes that the plans of all these queries name.

    In the sample archive, whose small tables are rather read whole, or in one of unknown size.
    """
    new = tmp_path_factory.mktemp("plans") / "archive.db"
    with closing(open_writable(new)) as empty, closing(open_readonly(sample_archive)) as sample:
        return {
            name
            for conn in (empty, sample)
            for query in (*QUERIES.values(), *_references())
            for row in conn.execute(f"explain query plan {query}", _values(query))
            for name in re.findall(r"USING (?:COVERING )?INDEX (\w+)", row[3])
        }


def _values(query: str) -> dict[str, int] | tuple[int, ...]:
    return (1,) * query.count("?") if "?" in query else defaultdict(int)


def _references() -> Iterator[str]:
    """What deleting a row asks, and Datasette's page of one: the rows that refer to it."""
    for key in (*INFERRED, *chain(*NEEDED_BY.values(), *OWNED.values())):
        yield f"select count(*) from {key.table} where {key.column} = 1"


def _indexes() -> list[str]:
    made = map(without_comments, statements(read_sql("schema.sql")))
    found = (re.match(r"create (?:unique )?index (\w+)", statement) for statement in made)
    return [match[1] for match in found if match]


@pytest.mark.parametrize("index", [name for name in _indexes() if not name.endswith(CHECKSUMS)])
def test_index_is_named_by_a_query_that_needs_it(index: str, used: set[str]) -> None:
    assert index in used


def test_indexes_are_found_in_the_schema() -> None:
    assert len(_indexes()) > 40
    assert sum(name.endswith(CHECKSUMS) for name in _indexes()) == 5


@pytest.mark.parametrize(
    "view", ["wanted_pages", "changed_pages", "silent_changes", "cited_by", "authors"]
)
def test_first_rows_of_a_view_do_not_wait_for_all(view: str, sample_archive: Path) -> None:
    """Nothing is materialised, and nothing but the spellings of one name is sorted."""
    with closing(open_readonly(sample_archive)) as sample:
        plan = [row[3] for row in sample.execute(f"explain query plan select * from {view}")]
    assert plan
    assert not [step for step in plan if step.startswith("MATERIALIZE")]
    assert {step for step in plan if "TEMP B-TREE" in step} <= {
        "USE TEMP B-TREE FOR json_group_array(DISTINCT)"
    }
