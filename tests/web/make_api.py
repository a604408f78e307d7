"""Generate docs/api.md from metadata.yml and responses of the samples.

`make docs` writes it, and a test compares it.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from click.testing import CliRunner

from loader.cli import main as loader_command
from loader.web.plugin.openapi import (
    COLUMNS,
    column_schema,
    parameter_meaning,
    query_parameters,
)
from loader.web.plugin.openapi_data import JSON_PAGES, JsonPage
from loader.web.server import make_datasette
from tests.conftest import ROOT, SAMPLES
from tests.web.conftest import Get, client_of

PAGE = ROOT / "docs" / "api.md"
_EXAMPLE = re.compile(r"^GET (\S+)$", re.MULTILINE)
_LOCAL_ID = re.compile(r'("(?!news_)(?:[a-z]+_)*id": )\d+')
_ROWS = 2

# A URL with results in each view, and types that do not follow from the name.
VIEWS: dict[str, dict[str, Any]] = {
    "quote_history": {"symbol": "OGDC", "_size": "2"},
    "latest_board": {"_size": "2"},
    "movers": {"_size": "2"},
    "article_list": {"section": "Markets", "_size": "2"},
    "article_table_rows": {"is_header": "1", "_size": "2"},
    "article_versions": {"changed__notblank": "1", "_size": "2"},
    "changed_pages": {"_sort_desc": "version_count", "_size": "2"},
    "silent_changes": {"_size": "2"},
    "cited_by": {"kind": "listing", "_size": "2"},
    "wanted_pages": {"_sort_desc": "link_count", "_size": "2"},
    "article_links": {"kind": "near", "_size": "1"},
    "article_addresses": {"_size": "1"},
    "article_kinds": {"kind": "press release", "_size": "2"},
    "article_sessions": {"timing": "after the close", "_size": "2"},
    "article_reactions": {"symbol": "OGDC", "session_offset": "0", "_size": "1"},
    "version_tellers": {"_size": "2"},
    "article_credits": {"slug": "recorder-report", "_size": "2"},
    "credited_names": {"kind": "agency", "_size": "2"},
    "authors": {"kind": "author", "_sort_desc": "article_count", "_size": "2"},
    "agencies": {"_sort_desc": "article_count", "_size": "2"},
    "tag_topics": {"_size": "2"},
    "daily_prices": {"symbol": "OGDC", "_size": "2"},
    "corporate_actions": {"_size": "2"},
    "daily_returns": {"symbol": "OGDC", "_size": "2"},
    "market_days": {"date__gte": "2024-05-01", "_size": "2"},
    "undated_boards": {"_size": "2"},
    "articles_with_market": {"trading_day__notblank": "1", "_size": "2"},
    "listed_articles": {"_size": "2"},
    "load_report": {
        "_size": "2",
        "_col": ["id", "capture_count", "snapshot_count", "duplicate_count"],
    },
    "named_places": {"symbol": "OGDC", "part": "body", "_size": "2"},
    "stated_values_on_boards": {"agrees": "1", "_size": "2"},
    "quality": {"_size": "2"},
}
_INTRODUCTION = """# JSON

Made by `make regenerate` from a fresh load of `tests/samples`; a test makes it again and compares.
Ids are those of one file and say nothing in another, so the examples show `…` for them.

Every query and view below is a web address. `?_shape=array` gives the rows as a list of objects
and nothing around them: it is the documented form, the same in later versions of Datasette, and
it leaves out counting. `.csv` instead of `.json` gives CSV. Other sites may read all of it (CORS).
A wrong address is answered with `{"ok": false, "error": ..., "status": 400}` or 404, and so is a
column, comparison or parameter that does not exist (`symbl=OGDC`), with the nearest name; nothing
can be written (405). In CSV, text that a spreadsheet would run as a formula (it begins with `=`,
`+`, `-` or `@` and is no number) has an apostrophe before it; in JSON it is as stored.

* Views take a filter for each column, `column=value` or `column__gte=value` (`exact`, `not`,
  `contains`, `gt`, `gte`, `lt`, `lte`, `isnull`, `notblank` ...), `_sort=column` or
  `_sort_desc=column`, and `_size` up to 5000 (50 rows without it). The header `Link` names
  the next page.
* `/symbol/OGDC/boards.csv` holds every board that shows a symbol, oldest first, under earlier
  symbols too; `symbol_history` answers with its newest 2,000.
* Instants are UTC and end in Z; what a page printed keeps its zone, +05:00. Prices of shares are
  rupees, of indices points.
* `/-/openapi.json` describes queries, views and pages in OpenAPI 3.1; `/api` has lines to copy
  for curl, pandas, DuckDB and JavaScript, with the address of the server that shows it.
"""


def make_page(get: Get) -> str:
    """Return the whole page, with the responses to `get`."""
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    archive = metadata["databases"]["archive"]
    lines = [_INTRODUCTION, "## Queries", ""]
    for name, query in archive["queries"].items():
        lines += _query(get, name, query)
    lines += ["## Pages", ""]
    for page in JSON_PAGES:
        lines += _page(get, page)
    lines += ["## Views", ""]
    for name, parameters in VIEWS.items():
        lines += _view(get, name, archive["tables"][name], parameters)
    return "\n".join(lines).rstrip() + "\n"


def _query(get: Get, name: str, query: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {name}", "", query["description"].strip(), "")
    parameters = query_parameters(query)
    if parameters:
        yield from ("| parameter | type | meaning |", "| --- | --- | --- |")
        yield from (
            f"| `{each}` | text | {parameter_meaning(name, each)[0]} |" for each in parameters
        )
        yield ""
    yield from ("| column | type |", "| --- | --- |")
    yield from (f"| `{column}` | {_type(column_schema(column))} |" for column in COLUMNS[name])
    yield ""
    examples_of = {each: parameter_meaning(name, each)[1] for each in parameters}
    values = {each: example for each, example in examples_of.items() if example}
    yield from _example(get, f"/archive/{name}.json", values)


def _page(get: Get, page: JsonPage) -> Iterator[str]:
    yield from (f"### {page.path}", "", page.summary, "", "| key | meaning |", "| --- | --- |")
    yield from (f"| `{key}` | {meaning} |" for key, meaning in page.keys.items())
    yield ""
    answer = shown_page(get(page.example).json())
    yield from ("```text", f"GET {page.example}", "```", "", "```json", answer, "```", "")


def _view(
    get: Get, name: str, described: dict[str, Any], parameters: dict[str, Any]
) -> Iterator[str]:
    yield from (f"### {name}", "", described["description"], "")
    rows = get(f"/archive/{name}.json?_shape=array&_size=200").json()
    yield from ("| column | type | meaning |", "| --- | --- | --- |")
    for column, meaning in described["columns"].items():
        yield f"| `{column}` | {_seen_type(rows, column)} | {meaning} |"
    yield ""
    yield from _example(get, f"/archive/{name}.json", parameters)


def _example(get: Get, path: str, parameters: dict[str, Any]) -> Iterator[str]:
    address = f"{path}?{urlencode({'_shape': 'array', **parameters}, doseq=True)}"
    rows = get(address).json()
    yield from ("```text", f"GET {address}", "```", "", "```json", shown(rows), "```", "")


def shown(rows: list[dict[str, Any]]) -> str:
    """Return the first rows of a response, one a line, and the number of others.

    Local ids are left out, since another sample would change them.
    """
    lines = [_LOCAL_ID.sub(r"\1…", json.dumps(row, ensure_ascii=False)) for row in rows[:_ROWS]]
    more = len(rows) - len(lines)
    ending = f"\n]\n… {more} more rows" if more > 0 else "\n]"
    return "[\n  " + ",\n  ".join(lines) + ending if lines else "[]"


def shown_page(answer: dict[str, Any]) -> str:
    """Return a response with one key a line, and the first element of each list."""
    lines = []
    for key, value in answer.items():
        more = len(value) - 1 if isinstance(value, list) else 0
        short = json.dumps(value[:1] if more > 0 else value, ensure_ascii=False)
        short = f"{short[:-1]}, … {more} more]" if more > 0 else short
        lines.append(_LOCAL_ID.sub(r"\1…", f'"{key}": {short}'))
    return "{\n  " + ",\n  ".join(lines) + "\n}"


def examples(page: str) -> list[str]:
    """Return all URLs on the page."""
    return _EXAMPLE.findall(page)


def _type(schema: dict[str, Any]) -> str:
    kind = schema["type"][0]
    return {"string": "text"}.get(kind, kind)


def _seen_type(rows: list[dict[str, Any]], column: str) -> str:
    values = [row[column] for row in rows if row.get(column) is not None]
    if not values:
        return _type(column_schema(column))
    if all(isinstance(value, int) for value in values):
        return "integer"
    return "number" if not isinstance(values[0], str) else "text"


def main() -> None:
    """Write docs/api.md."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "archive.db"
        result = CliRunner().invoke(loader_command, ["load", str(SAMPLES), "--db", str(db)])
        if result.exit_code:
            raise SystemExit(result.output)
        PAGE.write_text(make_page(client_of(make_datasette(db))), encoding="utf-8")


if __name__ == "__main__":
    main()
