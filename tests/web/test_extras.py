"""The extras [desk] and [ai] work on a real server; skipped if they are not installed."""

from __future__ import annotations

import importlib.util
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.plugins import pm

from loader.web.server import make_datasette
from tests.servers import loader_server
from tests.web.conftest import client_of

DESK = ("datasette_xlsx", "datasette_copyable", "datasette_sticky_table_headers")
AI = ("datasette_mcp", "datasette_llms_txt")


def needs(extra: str, modules: tuple[str, ...]) -> pytest.MarkDecorator:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    reason = f"{', '.join(missing)} not installed: pip install '.[{extra}]'"
    return pytest.mark.skipif(bool(missing), reason=reason)


desk = needs("desk", DESK)
ai = needs("ai", AI)


@pytest.fixture(scope="module")
def desk_server(sample_archive: Path) -> Iterator[str]:
    with loader_server(sample_archive) as server:
        yield server.address


@pytest.fixture(scope="module")
def public_server(sample_archive: Path) -> Iterator[str]:
    with loader_server(sample_archive, "--public") as server:
        yield server.address


@dataclass
class Mcp:
    """A client of the Model Context Protocol over HTTP."""

    address: str
    headers: dict[str, str] = field(
        default_factory=lambda: {"Accept": "application/json, text/event-stream"}
    )

    def __post_init__(self) -> None:
        answer = self._post(
            "initialize",
            id=0,
            params={
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        )
        self.headers["Mcp-Session-Id"] = answer.headers["mcp-session-id"]
        self._post("notifications/initialized")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        result: dict[str, Any] = self._post(method, id=1, params=params).json()["result"]
        return result

    def tool(self, name: str, **arguments: Any) -> dict[str, Any]:
        return self.ask("tools/call", name=name, arguments=arguments)

    def _post(self, method: str, **message: Any) -> httpx.Response:
        body = {"jsonrpc": "2.0", "method": method, **message}
        response = httpx.post(f"{self.address}/-/mcp", json=body, headers=self.headers)
        assert response.status_code in (200, 202), response.text
        return response


@desk
@pytest.mark.parametrize("path", ["quotes.xlsx?board_id=1", "search_articles.xlsx?q=oil"])
def test_tables_and_queries_come_as_excel_files(desk_server: str, path: str) -> None:
    response = httpx.get(f"{desk_server}/archive/{path}")
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") > 2


@desk
def test_tables_can_be_copied_and_their_headers_stay_in_sight(desk_server: str) -> None:
    copyable = httpx.get(f"{desk_server}/archive/quotes.copyable?board_id=1")
    assert copyable.status_code == 200
    assert "<textarea" in copyable.text
    page = httpx.get(f"{desk_server}/archive/quotes?board_id=1").text
    assert "quotes.copyable?board_id=1" in page
    assert "quotes.xlsx?board_id=1" in page
    assert "sticky" in page


@ai
def test_llms_txt_tells_of_the_tables(public_server: str) -> None:
    response = httpx.get(f"{public_server}/llms.txt")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert "[archive/quotes]" in response.text


@ai
def test_mcp_has_tools_that_read_and_none_that_writes(desk_server: str) -> None:
    client = Mcp(desk_server)
    tools = client.ask("tools/list")["tools"]
    assert {tool["name"] for tool in tools} >= {"list_databases", "execute_sql"}
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools)
    sql = "select count(*) as boards from boards"
    answer = client.tool("execute_sql", database="archive", sql=sql)
    assert not answer["isError"]
    (row,) = json.loads(answer["content"][0]["text"])["rows"]
    assert row["boards"] > 50


@ai
def test_mcp_refuses_to_write(desk_server: str) -> None:
    client = Mcp(desk_server)
    for sql in ("delete from quotes", "attach ':memory:' as other", "pragma journal_mode = off"):
        assert client.tool("execute_sql", database="archive", sql=sql)["isError"], sql


@ai
def test_mcp_of_a_public_server_takes_no_free_sql(public_server: str) -> None:
    sql = "select count(*) as boards from boards"
    answer = Mcp(public_server).tool("execute_sql", database="archive", sql=sql)
    assert answer["isError"]
    assert "do not have permission" in answer["content"][0]["text"]


@desk
@ai
@pytest.mark.parametrize("path", ["/", "/symbol/OGDC", "/search?q=oil", "/archive/articles/1"])
def test_own_pages_are_the_same_with_the_extras(public_server: str, path: str) -> None:
    response = httpx.get(f"{public_server}{path}")
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "Recorder archive" in response.text


def test_server_needs_none_of_the_extras(
    sample_archive: Path, request: pytest.FixtureRequest
) -> None:
    extras = [
        (name, plugin)
        for name, plugin in pm.list_name_plugin()
        if getattr(plugin, "__name__", "") in (*DESK, *AI)
    ]
    for _, plugin in extras:
        pm.unregister(plugin)
    request.addfinalizer(lambda: [pm.register(plugin, name) for name, plugin in extras])
    get = client_of(make_datasette(sample_archive))
    for path in ("/", "/archive", "/archive/quotes?board_id=1", "/search?q=oil"):
        assert get(path).status_code == 200
    assert get("/llms.txt").status_code == 404
