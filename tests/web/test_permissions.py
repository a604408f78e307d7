"""Permissions of tables are those of plain Datasette, without copies of its metadata."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from loader.web.data.described import read_metadata
from loader.web.plugin.permissions import ServingDatasette
from loader.web.server import make_datasette
from tests.web.conftest import client_of

_DENY: dict[str, Any] = {"allow": False}
_ROOT: dict[str, Any] = {"allow": {"id": "root"}}


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"tables": {"quotes": _DENY}},
        {"databases": {"archive": {"tables": {"quotes": _DENY}}}},
        {"databases": {"archive": {"tables": {"QUOTES": _ROOT, "Quotes": {"allow": True}}}}},
        {"databases": {"archive": {"tables": {"quotes": {"allow": None}}}}},
        {"databases": {"archive": {"tables": {"quotes": {}}}}, "tables": {"quotes": _DENY}},
        {"databases": {"other": {"tables": {"quotes": _DENY}}}},
        {"databases": {"archive": {"allow": False, "tables": {"boards": _ROOT}}}},
        {"databases": None, "tables": {"quotes": None}},
    ],
)
def test_tables_are_open_to_whom_datasette_opens_them(
    sample_archive: Path, metadata: dict[str, Any]
) -> None:
    files = [str(sample_archive)]
    plain = Datasette(files, metadata=copy.deepcopy(metadata))
    quick = ServingDatasette(files, metadata=metadata)
    for table in ("quotes", "Quotes", "boards", "nope"):
        rules = [each._table_permission_allows("archive", table) for each in (plain, quick)]
        assert rules[0] == rules[1]
    one = ".json?_shape=array&_size=1"
    for path in (f"/archive/quotes{one}", f"/archive/boards{one}", "/archive.json"):
        both = [client_of(each)(path) for each in (plain, quick)]
        assert both[0].status_code == both[1].status_code
        assert _tables_of(both[0]) == _tables_of(both[1])


def _tables_of(answer: httpx.Response) -> list[tuple[str, bool]]:
    """Return the tables listed for a database, and whether each is private."""
    if answer.status_code != 200 or "/archive.json" not in str(answer.url):
        return []
    return [(table["name"], table["private"]) for table in answer.json()["tables"]]


def test_no_page_of_an_archive_copies_the_descriptions(
    sample_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = client_of(make_datasette(sample_archive))

    def refuse(value: Any, memo: Any = None) -> Any:
        raise AssertionError("metadata were copied")

    monkeypatch.setattr("datasette.app.copy.deepcopy", refuse)
    assert read_metadata()["databases"]["archive"]["tables"]  # which would be copied
    for path in ("/archive", "/archive/quotes", "/archive/quote_history", "/archive/boards/1"):
        assert get(path).status_code == 200
