"""A public server hides pages, and queues costly requests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from loader.web.data.sites import Sites
from loader.web.plugin.lanes import (
    PAGES,
    STREAMS,
    CrowdedError,
    Lane,
    Limits,
    Message,
    Receive,
    Scope,
    Send,
    limits_for,
)
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of, serving

HIDDEN = ("databases", "threads", "patterns", "allow-debug", "permissions", "messages")


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("ending", ["", ".json", "/", "?x=1", ".json?all=1"])
def test_what_is_for_operators_is_hidden(public_get: Get, name: str, ending: str) -> None:
    response = public_get(f"/-/{name}{ending}")
    assert response.status_code == 404
    assert "archive.db" not in response.text


def test_a_desk_has_all_of_it(get: Get) -> None:
    assert get("/-/databases.json").json()[0]["name"] == "archive"
    assert get("/-/threads.json").status_code == 200
    assert get("/-/patterns").status_code == 200


def test_plain_datasette_can_be_public_too(sample_archive: Path) -> None:
    metadata = {"plugins": {"brecorder-archive": {"public": True}}}
    get = client_of(Datasette([str(sample_archive)], metadata=metadata))
    assert get("/-/databases.json").status_code == 404
    assert get("/archive/quotes?_size=2").status_code == 200


def test_a_served_archive_has_no_other_database(get: Get, public_get: Get) -> None:
    for ask in (get, public_get):
        assert ask("/_memory").status_code == 404
    assert get("/-/databases.json").json()[0]["name"] == "archive"


def test_the_whole_file_is_not_handed_out(get: Get, public_get: Get) -> None:
    assert get("/archive.db").status_code == 403
    assert public_get("/archive.db").status_code == 403


def test_long_pages_are_refused_and_long_data_are_not(public_get: Get, get: Get) -> None:
    for size in ("max", "501", "5000"):
        assert public_get(f"/archive/quotes?_size={size}").status_code == 400
        assert public_get(f"/archive/quotes.json?_shape=array&_size={size}").status_code == 200
    assert public_get("/archive/quotes?_size=100").status_code == 200
    assert get("/archive/quotes?_size=max").status_code == 200


@pytest.mark.parametrize(
    ("path", "limits"),
    [
        ("/", None), ("/day/2024-05-03", None), ("/coverage/2024", None), ("/raw/1", None),
        ("/archive/boards/1", None), ("/archive/articles/1", None), ("/-/openapi.json", None),
        ("/-/static/app.css", None), ("/archive/quotes/1,2.json", None),
        ("/search", PAGES), ("/symbol/OGDC", PAGES), ("/symbol/", PAGES), ("/archive", PAGES),
        ("/archive.json", PAGES), ("/archive/quotes", PAGES), ("/archive/quotes.json", PAGES),
        ("/archive/search_articles.json", PAGES), ("/archive/quotes.csv", STREAMS),
        ("/archive/quotes.xlsx", STREAMS), ("/symbol/OGDC/boards.csv", STREAMS),
    ],
)  # fmt: skip
def test_what_costs_much_has_limits(sample_archive: Path, path: str, limits: Limits | None) -> None:
    site = Sites.of(make_datasette(sample_archive)).of_path(path)
    assert site
    assert limits_for(path, site) == limits


class Slow:
    """An application with controlled response times, which records its requests and threads."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.running = 0
        self.most = 0
        self.threads: set[str] = set()
        self.pieces = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        self.threads.add(threading.current_thread().name)
        try:
            while not self.go_on.is_set():
                await asyncio.sleep(0.005)
                if scope["path"] == "/stream":
                    if not self.pieces:
                        await send({"type": "http.response.start", "status": 200, "headers": []})
                    self.pieces += 1
                    await send({"type": "http.response.body", "body": b"x", "more_body": True})
            if scope["path"] != "/stream":
                await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"done"})
        finally:
            self.running -= 1


@pytest.fixture
def slow() -> Iterator[Slow]:
    application = Slow()
    yield application
    application.go_on.set()


class Client:
    """One request to a lane, from a client that may disconnect or read slowly."""

    def __init__(self, lane: Lane, path: str = "/page", reads: bool = True) -> None:
        self.left = asyncio.Event()
        self.messages: list[Message] = []
        self.reads = asyncio.Event()
        if reads:
            self.reads.set()
        self._has_asked = False
        self.task = asyncio.ensure_future(lane({"path": path}, self._receive, self._send))

    async def _receive(self) -> Message:
        if not self._has_asked:
            self._has_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.messages.append(message)
        await self.reads.wait()


async def until(condition: Any) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come so far")


def test_so_many_run_at_once_and_the_others_follow(slow: Slow) -> None:
    async def run() -> None:
        lane = Lane(slow, Limits(at_once=2, waiting=5, patience=10, seconds=10))
        clients = [Client(lane) for _ in range(7)]
        await until(lambda: slow.running == 2)
        await asyncio.sleep(0.05)
        assert slow.most == 2
        with pytest.raises(CrowdedError):
            await Client(lane).task
        slow.go_on.set()
        await asyncio.gather(*(client.task for client in clients))
        assert all(client.messages[-1]["body"] == b"done" for client in clients)
        assert slow.threads == {"costly requests"}
        await Client(lane).task

    asyncio.run(run())


def test_who_waits_too_long_is_told(slow: Slow) -> None:
    async def run() -> None:
        lane = Lane(slow, Limits(at_once=1, waiting=5, patience=0.1, seconds=10))
        first = Client(lane)
        await until(lambda: slow.running == 1)
        with pytest.raises(CrowdedError):
            await Client(lane).task
        slow.go_on.set()
        await first.task

    asyncio.run(run())


def test_what_takes_too_long_is_ended(slow: Slow) -> None:
    async def run() -> None:
        lane = Lane(slow, Limits(at_once=1, waiting=5, patience=10, seconds=0.1))
        with pytest.raises(CrowdedError):
            await Client(lane).task
        stream = Client(lane, "/stream")
        await stream.task
        assert stream.messages[-1].get("more_body")
        assert slow.running == 0

    asyncio.run(run())


def test_who_leaves_frees_a_turn_and_ends_a_stream(slow: Slow) -> None:
    async def run() -> None:
        lane = Lane(slow, Limits(at_once=1, waiting=1, patience=10, seconds=10))
        stream = Client(lane, "/stream")
        await until(lambda: slow.pieces > 2)
        waits = Client(lane)
        await asyncio.sleep(0.05)
        waits.left.set()
        await waits.task
        assert not waits.messages
        stream.left.set()
        await stream.task
        assert slow.running == 0
        pieces = slow.pieces
        await asyncio.sleep(0.05)
        assert slow.pieces == pieces
        slow.go_on.set()
        await Client(lane).task

    asyncio.run(run())


def test_who_reads_slowly_keeps_no_turn(slow: Slow) -> None:
    async def run() -> None:
        slow.go_on.set()
        lane = Lane(slow, Limits(at_once=1, waiting=0, patience=10, seconds=10))
        sluggish = Client(lane, reads=False)
        await until(lambda: sluggish.messages)
        sluggish.reads.set()  # reads only the head
        await sluggish.task
        stuck = [Client(lane, reads=True) for _ in range(1)]
        await asyncio.gather(*(client.task for client in stuck))

    asyncio.run(run())


def test_day_pages_are_answered_before_fifty_dear_ones_that_came_first(
    sample_archive: Path,
) -> None:
    """Each of 5,000 quotes with labels takes seconds, and no two requests are equal."""
    dear = "/archive/quote_history.json?_size=max&_sort=percent&_facet=symbol&_facet=trading_day"
    others = [f"{dear}&symbol__not=NONE{number}" for number in range(50)]
    with serving(make_datasette(sample_archive, public=True)) as address:
        assert httpx.get(address + "/day/2024-05-10", timeout=60).status_code == 200

        async def run() -> int:
            limits = httpx.Limits(max_connections=100)
            async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
                asked = [asyncio.ensure_future(client.get(other)) for other in others]
                await asyncio.sleep(0.3)
                answered = 0
                while answered < 8 and not all(each.done() for each in asked):
                    assert (await client.get("/day/2024-05-10")).status_code == 200
                    answered += 1
                for each in asked:
                    each.cancel()
                with suppress(asyncio.CancelledError):
                    await asyncio.gather(*asked, return_exceptions=True)
                return answered

        assert asyncio.run(run()) >= 3
