"""`datasette archive.db -m metadata.yml`: with our plugin and without."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from datasette.app import Datasette
from datasette.plugins import pm

from tests.conftest import ROOT

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
QUERIES = METADATA["databases"]["archive"]["queries"]
HOSTILE = [
    "", " ", '"', '""', '"unbalanced', "AND", "NOT", "OR OR", "NEAR(", "-", "*", "C++", "(", ":",
    "'", "';--", "\\", "\0", "a\0b", "^", "{x y}", "col:word", "-only", "oil -gas", "migrat*",
    "x" * 5000, "word " * 300, "کراچی", "<b>oil</b>", "🙂", "1 or 1=1", "\u202eoil",
]  # fmt: skip


@pytest.fixture(params=["with our plugin", "plain Datasette"])
def datasette(request: pytest.FixtureRequest, sample_archive: Path) -> Iterator[Datasette]:
    """Return the sample archive as served by `datasette archive.db -m metadata.yml`."""
    plugins = [plugin for plugin in pm.get_plugins() if _is_ours(plugin)]
    assert plugins, "the plugin is found through its entry point"
    if request.param == "plain Datasette":
        for plugin in plugins:
            pm.unregister(plugin)
    try:
        yield Datasette([str(sample_archive)], metadata=METADATA)
    finally:
        for plugin in plugins:
            if not pm.is_registered(plugin):
                pm.register(plugin, name=plugin.__name__)


def _is_ours(plugin: Any) -> bool:
    return getattr(plugin, "__name__", "").startswith("loader.")


def get(datasette: Datasette, path: str, **parameters: str) -> Any:
    async def fetch() -> Any:
        await datasette.invoke_startup()
        return await datasette.client.get(f"{path}?{urlencode(parameters)}")

    return asyncio.run(fetch())


def test_front_page_and_database_page_answer(datasette: Datasette) -> None:
    assert get(datasette, "/archive").status_code == 200
    assert "Search articles" in get(datasette, "/archive").text


@pytest.mark.parametrize("name", QUERIES)
def test_canned_query_works_when_opened_empty(datasette: Datasette, name: str) -> None:
    assert get(datasette, f"/archive/{name}").status_code == 200
    rows = get(datasette, f"/archive/{name}.json", _shape="array").json()
    # The samples have no silent changes.
    assert rows or name == "pages_changed_in_silence", f"{name} shows nothing when opened empty"


@pytest.mark.parametrize("name", QUERIES)
def test_canned_query_survives_any_user_text(datasette: Datasette, name: str) -> None:
    sql = QUERIES[name]["sql"]
    parameters = [word for word in ("q", "symbol", "board_id", "page") if f":{word}" in sql]
    for text in HOSTILE if parameters else []:
        response = get(
            datasette, f"/archive/{name}.json", _shape="array",
            **dict.fromkeys(parameters, text),
        )  # fmt: skip
        assert response.status_code == 200, (text, response.text)


def test_table_search_survives_any_user_text(datasette: Datasette) -> None:
    plain = not any(map(_is_ours, pm.get_plugins()))
    for text in HOSTILE:
        # Datasette's own escape_fts makes invalid SQL of some; our plugin fixes that.
        allowed = (200, 400) if plain and (not text.strip('" ') or "\0" in text) else (200,)
        response = get(datasette, "/archive/articles.json", _search=text, _size="1")
        assert response.status_code in allowed, (text, response.text)


def test_search_ranks_and_marks_what_matches(datasette: Datasette) -> None:
    rows = get(datasette, "/archive/search_articles.json", _shape="array", q="blueberries").json()
    assert rows[0]["dateline"] == "LIMA"
    assert "⟦blueberries⟧" in rows[0]["snippet"]


def test_symbol_history_finds_a_symbol_in_any_case(datasette: Datasette) -> None:
    rows = get(datasette, "/archive/symbol_history.json", _shape="array", symbol=" ogdc ").json()
    assert rows
    assert {"price", "percent", "previous_price", "board_id"} <= set(rows[0])


def test_failed_checks_shows_the_deliberate_faults_of_the_samples(datasette: Datasette) -> None:
    rows = get(datasette, "/archive/failed_checks.json", _shape="array").json()
    assert [row["symbol"] for row in rows] == ["TRG"]
    assert rows[0]["percent_error"] == -1.37


def test_raw_and_internal_tables_are_hidden(datasette: Datasette) -> None:
    tables = get(datasette, "/archive.json").json()["tables"]
    hidden = {table["name"] for table in tables if table["hidden"]}
    shown = {table["name"] for table in tables if not table["hidden"]}
    assert {"raw_captures", "raw_dictionaries", "article_claims", "articles_fts"} <= hidden
    assert {"snapshots", "boards", "quotes", "articles", "instruments", "problems"} <= shown
    assert "_sqlite_migrations" in hidden
