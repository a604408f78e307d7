"""Archives and pages shared by the fault tests, made once per run."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.synthetic import pages
from loader.cli import main
from loader.model import Capture, Snapshot
from loader.page import parse_capture
from tests.archives import RELEASED, unpack
from tests.conftest import SAMPLES
from tests.reliability import is_at_length

# A dictionary and, at length, two batches: enough for moments between them; short, to be loaded
# often.
PAGES = 1200 if is_at_length() else 600


def short_pages(count: int = PAGES) -> Iterator[dict[str, str]]:
    """Yield synthetic pages with eight lines of a board and the first words of a text."""
    for page in pages(count, new_boards=0.02):
        lines = page["text"].split("\n")
        text = "\n".join([*lines[:4], *lines[30:34], *lines[34:]])[:900]
        yield {**page, "text": text}


def invoke(*arguments: object) -> None:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic pages as JSON lines."""
    path = tmp_path_factory.mktemp("corpus") / "pages.jsonl"
    lines = map(json.dumps, short_pages())
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """Return an archive of the synthetic pages, to be copied but not written."""
    path = tmp_path_factory.mktemp("large") / "archive.db"
    invoke("load", corpus, "--db", path, "-q")
    return path


@pytest.fixture(scope="session")
def small(sample_archive: Path) -> Path:
    """Return an archive of the samples, to be copied but not written."""
    return sample_archive


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of six pages, with small database pages, for damage to single bits."""
    path = tmp_path_factory.mktemp("tiny") / "archive.db"
    names = (
        "2024-seed-layout-teaser", "2021-06-covid-counter", "2022-summary-bullets",
        "2024-index-change-over-1000", "2023-doubled-board", "2018-epaper-capitals-byline",
    )  # fmt: skip
    invoke("load", *(SAMPLES / f"{name}.txt" for name in names), "--db", path, "-q")
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("pragma page_size = 1024")
    conn.execute("vacuum")
    conn.close()
    return path


@pytest.fixture(scope="session")
def misread(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """Return an archive of the synthetic pages as read by a parser without headlines."""

    def parse(capture: Capture, *_: object) -> Snapshot:
        snapshot = parse_capture(capture)
        article = snapshot.article and replace(snapshot.article, headline=None, tags=("old",))
        return replace(snapshot, article=article, layout="old")

    path = tmp_path_factory.mktemp("misread") / "archive.db"
    few = path.with_name("few.jsonl")
    lines = corpus.read_text(encoding="utf-8").splitlines()[:600]
    few.write_text("\n".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("loader.ingest.") and hasattr(module, "parse_capture"):
                patch.setattr(module, "parse_capture", parse)
        invoke("load", few, "--db", path, "-q")
    return path


@pytest.fixture(scope="session")
def oldest(tmp_path_factory: pytest.TempPathFactory, large: Path) -> Path:
    """Return an archive of the synthetic pages in the oldest released schema.

    The kept archive of that schema is too small to be killed during its migration.
    """
    path = unpack(RELEASED[0], tmp_path_factory.mktemp("oldest") / "archive.db")
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("attach ? as large", (str(large),))
    conn.execute("begin")
    tables = [row[0] for row in conn.execute(_TABLES)]
    for table in reversed(tables):
        conn.execute(f"delete from main.{table}")
    for table in tables:
        theirs = {name for (name,) in conn.execute(_COLUMNS, (table, "large"))}
        named = {
            name: now
            for (name,) in conn.execute(_COLUMNS, (table, "main"))
            if (now := _NAMED_NOW.get((table, name), name)) in theirs
        }
        conn.execute(
            f"insert into main.{table} ({', '.join(named)})"
            f" select {', '.join(named.values())} from large.{table}"
        )
    # That loader knew no days.
    conn.execute("update boards set trading_day_id = null, is_stale = null")
    conn.execute("update quotes set limit_ok = null")
    conn.execute("delete from main.trading_days")
    conn.execute("commit")
    conn.close()
    return path


_COLUMNS = "select name from pragma_table_xinfo(?, ?)"
# Columns of the oldest schema that have another name today.
_NAMED_NOW = {
    ("boards", "quotes"): "quote_count",
    ("boards", "advancers"): "advancer_count",
    ("boards", "decliners"): "decliner_count",
    ("boards", "unchanged"): "unchanged_count",
    ("boards", "is_one_line"): "is_single_quote",
    ("loads", "captures"): "capture_count",
    ("loads", "snapshots"): "snapshot_count",
    ("loads", "duplicates"): "duplicate_count",
    ("loads", "problems"): "problem_count",
    ("snapshots", "url"): "reported_url",
}
_TABLES = """
select name from main.sqlite_master
where type = 'table' and name not like 'sqlite_%' and name not like 'articles_fts%'
    and name <> '_sqlite_migrations'
"""
