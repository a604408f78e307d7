"""docs/api.md and /-/openapi.json agree with the server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from loader.web.plugin.openapi import COLUMNS, parameter_meaning, query_parameters
from tests.conftest import ROOT
from tests.reliability import setting, some
from tests.web.conftest import Get
from tests.web.make_api import PAGE, VIEWS, examples, make_page, shown

DOCUMENT = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
EXAMPLES = setting("LOADER_API_EXAMPLES", 1)
QUERIES = METADATA["databases"]["archive"]["queries"]


def test_document_is_what_the_server_answers(get: Get) -> None:
    assert make_page(get) == DOCUMENT, "run `make docs`"


def test_the_addresses_of_the_tools_page_give_every_day_in_order(get: Get, ask: Any) -> None:
    page = (ROOT / "docs" / "tools.md").read_text(encoding="utf-8")
    addresses = re.findall(r'"https://archive\.example\.org(/[^"]+)"', page)
    assert len(addresses) == 2
    days = ask("select count(*) from daily_prices where symbol = 'OGDC'")
    for address in addresses:
        dates = [row["date"] for row in get(address).json()]
        assert dates == sorted(dates)
        assert len(dates) == days


@pytest.mark.parametrize("address", examples(DOCUMENT))
def test_documented_examples_find_something(get: Get, address: str) -> None:
    response = get(address)
    assert response.status_code == 200
    # The samples have no ex-dates, silently changed pages or pages extracted in two ways, and pages
    # as text do not show the ends of tags.
    missing = (
        "corporate_actions", "silent_changes", "pages_changed_in_silence", "tag_topics",
        "version_tellers",
    )  # fmt: skip
    assert response.json() or any(f"/{name}." in address for name in missing)


def test_documented_answers_hold_no_ids_of_one_file() -> None:
    row = {"id": 27, "board_id": 62, "news_id": 40298917, "boards": 2, "url": "/27"}
    assert shown([row]) == (
        '[\n  {"id": …, "board_id": …, "news_id": 40298917, "boards": 2, "url": "/27"}\n]'
    )


def test_every_query_and_view_is_documented(ask: Any, sample_archive: Path, get: Get) -> None:
    views = set(get("/archive.json?sql=select+name+from+sqlite_master+where+type='view'"
                    "&_shape=arrayfirst").json())  # fmt: skip
    assert views == set(VIEWS)
    for name in {*views, *QUERIES}:
        assert f"### {name}\n" in DOCUMENT


@pytest.mark.parametrize("name", QUERIES)
def test_columns_and_parameters_of_queries_are_known(get: Get, name: str) -> None:
    parameters = query_parameters(QUERIES[name])
    examples = {each: parameter_meaning(name, each)[1] for each in parameters}
    answer = get(f"/archive/{name}.json?{urlencode(examples)}").json()
    assert tuple(answer["columns"]) == COLUMNS[name]


def test_openapi_names_every_query(get: Get) -> None:
    document = get("/-/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert {f"/archive/{name}.json" for name in QUERIES} <= set(document["paths"])
    assert "/symbol/{symbol}" in document["paths"]


# Wrong values by hand are in test_odd_requests.py.
@pytest.mark.parametrize(
    ("mode", "checks"),
    some([
        ("negative", "not_a_server_error"),
        ("positive", "not_a_server_error,status_code_conformance,content_type_conformance,"
         "response_schema_conformance"),
    ], 1),
)  # fmt: skip
def test_server_keeps_the_promises_of_its_openapi_file(
    address: str, tmp_path: Path, mode: str, checks: str
) -> None:
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{address}/-/openapi.json",
        "--max-examples", str(EXAMPLES), "--seed", "1", "--no-color",
        "--phases", "examples,fuzzing", "--mode", mode, "--checks", checks,
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
