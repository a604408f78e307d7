"""Serve the samples in process, with the Datasette of `loader serve`."""

from __future__ import annotations

import asyncio
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from datasette.app import Datasette

from loader.web.server import OPTIONS, make_datasette
from tests.conftest import Run
from tests.web.browser import DESKTOP, browser

Get = Callable[..., httpx.Response]
OpenPage = Callable[..., Any]


def client_of(datasette: Datasette) -> Get:
    """Return `get(path, method="GET", **options)` without a server; redirects are not followed."""

    def get(path: str, method: str = "GET", **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            response: httpx.Response = await datasette.client.request(method, path, **options)
            return response

        return asyncio.run(ask())

    return get


@pytest.fixture(scope="session")
def get(sample_archive: Path) -> Get:
    """Return a client of the private server of the sample archive."""
    return client_of(make_datasette(sample_archive))


@pytest.fixture(scope="session")
def public_get(sample_archive: Path) -> Get:
    """Return a client of the public server of the sample archive."""
    return client_of(make_datasette(sample_archive, public=True))


@pytest.fixture(scope="session")
def ask(sample_archive: Path) -> Iterator[Callable[..., Any]]:
    """Yield a function for the single value of a query of the sample archive."""
    with closing(sqlite3.connect(sample_archive)) as conn:

        def value(sql: str, *parameters: object) -> Any:
            row = conn.execute(sql, parameters).fetchone()
            return row[0] if row else None

        yield value


def with_ids(path: str, db: Path) -> str:
    """Return a path with ids for prefixes of digests, such as `/archive/boards/{1742d79e}`.

    Ids differ between files, and change in the sample archive when a sample is added.
    """
    with closing(sqlite3.connect(db)) as conn:

        def id_of(match: re.Match[str]) -> str:
            table, digest = match.groups()
            rows = conn.execute(f"select id from {table} where digest like ?", (f"{digest}%",))
            ((number,),) = rows.fetchall()
            return f"/archive/{table}/{number}"

        return re.sub(r"/archive/(\w+)/\{(\w+)\}", id_of, path)


@contextmanager
def serving(datasette: Datasette) -> Iterator[str]:
    """Start a real server in a thread; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(datasette.app(), **OPTIONS))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def address(sample_archive: Path) -> Iterator[str]:
    """Yield the address of a public server of the sample archive."""
    with serving(make_datasette(sample_archive, public=True)) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def only_tab(chromium: Any, address: str) -> Iterator[tuple[Any, list[str]]]:
    """Yield a page for one address after the other, and the list of its faults.

    A context of its own costs each page a process and a cache.
    """
    faults: list[str] = []
    page = _heard(chromium.new_page(), address, faults)
    yield page, faults
    page.close()


@pytest.fixture
def open_page(
    chromium: Any, only_tab: tuple[Any, list[str]], address: str, sample_archive: Path
) -> Iterator[OpenPage]:
    """Yield a function that opens a page; logged errors and requests elsewhere fail the test.

    Pages stand in one tab; those with options, such as `has_touch`, in contexts of their own.
    """
    contexts: list[Any] = []
    tab, faults = only_tab
    faults.clear()

    def open_it(
        path: str, size: dict[str, int] = DESKTOP, scheme: str = "light", **options: Any
    ) -> Any:
        page = tab
        if options:
            contexts.append(chromium.new_context(**options))
            page = _heard(contexts[-1].new_page(), address, faults)
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.mouse.move(0, 0)
        page.goto(address + with_ids(path, sample_archive))
        if page.locator(".chart-data").count() and options.get("java_script_enabled", True):
            page.locator(".chart-layer").first.wait_for()
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not faults


def _heard(page: Any, address: str, faults: list[str]) -> Any:
    """Add what a page logs, and requests elsewhere, to a list of faults; return the page."""
    page.on("console", lambda message: _note(message, faults))
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((address, "data:", "blob:"))
            or faults.append(f"{page.url} asked {request.url}")
        ),
    )
    return page


def _note(message: Any, faults: list[str]) -> None:
    # A missing page is logged as an error, but may be requested by the test.
    if message.type in ("error", "warning") and "status of 40" not in message.text:
        faults.append(f"{message.type}: {message.text}")


HOSTILE = "<script>alert(1)</script> \"'&quot; javascript:alert(2) ‮txet‬ {{ 7*7 }} %00 "


@pytest.fixture(scope="session")
def hostile_get(tmp_path_factory: pytest.TempPathFactory) -> Get:
    """Return a client of a server whose texts look like markup."""
    from click.testing import CliRunner

    from loader.cli import main

    folder = tmp_path_factory.mktemp("hostile")
    page = folder / "page.txt"
    page.write_text(
        "<b>XSS 12.34 Increased By ▲ 0.56 (4.75%)\n"
        "OGDC 12.34 Increased By ▲ 0.56 (4.75%)\n"
        "KSE100 51,234 Increased By 345.6 (0.68%)\n"
        "Brecorder Logo\nMay 03, 2024 PRINT EDITION ► BR MARKETS ► Dollar to PKR ►\n"
        f"Markets\n\n{HOSTILE}\n\n"
        f"<i>BR</i> Web Desk Published 03 May, 2024 01:23pm\n\n"
        f"KARACHI: A sentence with {HOSTILE} in the middle, said the OGDC.\n\n"
        "Another sentence of the text, long enough to be a paragraph of its own.\n"
    )
    db = folder / "archive.db"
    arguments = ["load", str(page), "--db", str(db), "--captured-at", "2024-05-03T10:15:00Z"]
    result = CliRunner().invoke(
        main, [*arguments, "--url", "https://www.brecorder.com/news/40301234/%22%3E%3Cscript%3E"]
    )
    assert result.exit_code == 0, result.output
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute(
            "update articles set headline = :text, byline = :text, section = :text,"
            " dateline = :text, agency = :text, tags_line = :text, caption = :text,"
            " summary = :text",
            {"text": HOSTILE},
        )
        conn.execute("insert into tags (name) values (?)", (HOSTILE,))
        conn.execute("insert into article_tags select articles.id, tags.id from articles, tags")
        conn.execute(
            "insert into teasers (article_id, position, headline) select id, 1, ? from articles",
            (HOSTILE,),
        )
        conn.execute(
            "update instruments set name = :text, sector = :text where symbol = 'OGDC'",
            {"text": HOSTILE},
        )
        conn.execute("update sources set location = ?", (HOSTILE,))
        conn.execute("update snapshots set reported_url = ?", ("javascript:alert(3)",))
    return client_of(make_datasette(db))


@pytest.fixture
def empty_get(tmp_path: Path, run: Run) -> Get:
    """Return a client of a server whose archive has one short text and no board."""
    page = tmp_path / "page.txt"
    page.write_text(
        "A lonely headline\n\nPublished September 14, 2018\n\nOne sentence stands here.\n"
    )
    db = tmp_path / "archive.db"
    run("load", page, "--db", db)
    return client_of(make_datasette(db))
