"""Load feeds from a web server repeatedly, as from cron (docs/feeds.md)."""

from __future__ import annotations

import configparser
import gzip
import hashlib
import http.server
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run
from tests.sources.feeds import BODY, atom, entry, item, rss

DOCS = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
MODIFIED = "Tue, 12 May 2026 14:43:03 GMT"


def news(number: int, title: str) -> str:
    """An item with a text of its own."""
    return item(number, BODY.replace("from far", f"from far ({title})"), title=title)


class Server(http.server.ThreadingHTTPServer):
    """Serves `body` at every path; `asked` are the headers of the requests so far."""

    body = b""
    kind = "text/xml; charset=utf-8"
    has_etag = True
    has_modified = True
    makes_anew = False
    statuses: tuple[int, ...] = ()
    location: str | None = None
    asked: list[dict[str, str]]
    count = 0


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self.send_error(405)

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(dict(self.headers))
        server.count += 1
        if server.count <= len(server.statuses):
            self._answer(server.statuses[server.count - 1], b"")
            return
        # As servers do that write the time into each feed.
        stamp = f"<!-- {server.count} -->".encode() if server.makes_anew else b""
        body = server.body + stamp
        etag = '"' + hashlib.sha256(body).hexdigest()[:12] + '"'
        known = server.has_etag and self.headers.get("If-None-Match") == etag
        since = server.has_modified and self.headers.get("If-Modified-Since") == MODIFIED
        if known or (since and not server.has_etag):
            self._answer(304, b"")
            return
        self._answer(200, body, etag)

    def _answer(self, status: int, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        if etag and self.server.has_etag:
            self.send_header("ETag", etag)
        if etag and self.server.has_modified:
            self.send_header("Last-Modified", MODIFIED)
        if self.server.location and status in (301, 302):
            self.send_header("Location", self.server.location)
        if "gzip" in self.headers.get("Accept-Encoding", "") and body:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.server.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as made:
        made.asked = []
        made.body = rss(news(40300001, "One"), news(40300002, "Two")).encode()
        thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}/feeds/latest-news"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.sources.transport.patience.sleep", lambda _: None)


def test_only_what_is_new_is_stored(
    server: Server, address: str, tmp_path: Path, run: Run, connect
) -> None:
    db = tmp_path / "my.db"
    run("load", address, "--db", db)
    assert len(server.asked) == 1
    assert "If-None-Match" not in server.asked[0]
    before = db.read_bytes()

    assert re.search("sources read before +1\n", run("load", address, "--db", db).output)
    assert len(server.asked) == 2
    assert server.asked[1]["If-None-Match"].startswith('"')
    assert server.asked[1]["If-Modified-Since"] == MODIFIED
    assert db.read_bytes() == before

    changed = news(40300001, "One").replace("came from far", "came by night")
    server.body = rss(news(40300003, "Three"), changed, news(40300002, "Two")).encode()
    run("load", address, "--db", db)
    rows = connect(db).execute(
        "select headline, news_id, body from articles join pages on pages.id = page_id"
        " order by news_id, articles.id"
    )
    found = [(row["headline"], row["news_id"], "by night" in row["body"]) for row in rows]
    assert found == [
        ("One", 40300001, False),
        ("One", 40300001, True),
        ("Two", 40300002, False),
        ("Three", 40300003, False),
    ]
    (count,) = connect(db).execute("select count(*) from snapshots").fetchone()
    assert count == 4
    (media_type,) = connect(db).execute("select distinct media_type from raw_captures").fetchone()
    assert media_type == "application/rss+xml"
    run("verify", "--db", db)
    assert "nothing changes" in run("reparse", "--dry-run", "--db", db).output


@pytest.mark.parametrize("has_etag", [True, False])
@pytest.mark.parametrize("has_modified", [True, False])
@pytest.mark.parametrize("makes_anew", [True, False])
def test_nothing_new_changes_no_byte_whatever_the_server_tells(
    server: Server,
    address: str,
    tmp_path: Path,
    run: Run,
    has_etag: bool,
    has_modified: bool,
    makes_anew: bool,
) -> None:
    server.has_etag, server.has_modified, server.makes_anew = has_etag, has_modified, makes_anew
    db = tmp_path / "my.db"
    run("load", address, "--db", db)
    before = db.read_bytes()
    for _ in range(3):
        run("load", address, "--db", db, "-q")
        assert db.read_bytes() == before
    assert server.count == 4


def test_a_head_that_tells_another_time_is_no_news(
    server: Server, address: str, tmp_path: Path, run: Run
) -> None:
    db = tmp_path / "my.db"
    run("load", address, "--db", db)
    before = db.read_bytes()
    server.body = server.body.replace(b"19:43:03", b"20:43:03")
    run("load", address, "--db", db)
    assert db.read_bytes() == before


def test_rereading_asks_for_everything(
    server: Server, address: str, tmp_path: Path, run: Run
) -> None:
    db = tmp_path / "my.db"
    for arguments in ((), ("--reread",), ("--captured-at", "2026-05-12T15:00:00Z")):
        run("load", address, "--db", db, *arguments)
    assert not any("If-None-Match" in asked for asked in server.asked)


def test_two_feeds_that_share_an_item_have_it_once(
    server: Server, address: str, tmp_path: Path, run: Run, connect
) -> None:
    db = tmp_path / "my.db"
    run("load", address, address.replace("latest-news", "markets"), "--db", db)
    (count,) = connect(db).execute("select count(*) from snapshots").fetchone()
    assert count == 2


@pytest.mark.parametrize(
    "kind",
    ["text/xml", "application/rss+xml; charset=utf-8", "text/html", "application/octet-stream"],
)
@pytest.mark.parametrize("path", ["feeds/latest-news", "rss", "latest.xml", "export?type=rss"])
def test_feeds_at_all_addresses_and_of_all_types(
    server: Server, address: str, tmp_path: Path, run: Run, connect, kind: str, path: str
) -> None:
    server.kind = kind
    db = tmp_path / "my.db"
    run("load", address.replace("feeds/latest-news", path), "--db", db)
    (count,) = connect(db).execute("select count(*) from articles").fetchone()
    assert count == 2


def test_a_charset_that_only_http_tells_is_heeded(
    server: Server, address: str, tmp_path: Path, run: Run, connect
) -> None:
    server.kind = "text/xml; charset=windows-1252"
    feed = rss(item(title="The “rupee”")).replace(' encoding="UTF-8"', "")
    server.body = feed.encode("cp1252")
    run("load", address, "--db", tmp_path / "my.db")
    (headline,) = connect(tmp_path / "my.db").execute("select headline from articles").fetchone()
    assert headline == "The “rupee”"


def test_atom_is_read_from_a_server(
    server: Server, address: str, tmp_path: Path, run: Run, connect
) -> None:
    server.body = atom(entry()).encode()
    run("load", address, "--db", tmp_path / "my.db")
    row = connect(tmp_path / "my.db").execute("select byline, updated_at from articles").fetchone()
    assert tuple(row) == ("BR Web Desk", "2026-05-12T20:00:00+05:00")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"<!DOCTYPE html><html><title>Log in</title></html>", "HTML"),
        (b"", "nothing"),
        (b'{"error": 1}', "JSON"),
    ],
)
def test_a_login_page_in_place_of_a_feed_is_refused_with_words(
    server: Server, address: str, tmp_path: Path, run: Run, connect, body: bytes, word: str
) -> None:
    server.body = body
    result = run("load", address, "--db", tmp_path / "my.db", code=1)
    assert f"not read: {address}: is no feed" in result.output and word in result.output
    (count,) = connect(tmp_path / "my.db").execute("select count(*) from articles").fetchone()
    assert count == 0


@pytest.mark.parametrize(
    ("status", "word"), [(403, "refused"), (404, "no such file"), (410, "no such file")]
)
def test_an_answer_that_does_not_pass_is_told_at_once(
    server: Server, address: str, tmp_path: Path, run: Run, status: int, word: str
) -> None:
    server.statuses = (status,) * 9
    assert word in run("load", address, "--db", tmp_path / "my.db", code=1).output
    assert server.count == 1


def test_failures_that_pass_are_tried_again(
    server: Server, address: str, tmp_path: Path, run: Run
) -> None:
    server.statuses = (503, 500, 429)
    run("load", address, "--db", tmp_path / "my.db")
    assert server.count == 4


def test_a_server_that_is_down_is_told(tmp_path: Path, run: Run) -> None:
    result = run("load", "http://127.0.0.1:9/feeds/x", "--db", tmp_path / "my.db", code=1)
    assert "127.0.0.1:9/feeds/x" in result.output and "load it again later" in result.output


def test_a_redirect_is_followed_to_web_servers_alone(
    server: Server, address: str, tmp_path: Path, run: Run
) -> None:
    server.statuses, server.location = (302,), "/feeds/moved"
    run("load", address, "--db", tmp_path / "my.db")
    assert server.count == 2
    server.count, server.location = 0, "file:///etc/passwd"
    result = run("load", address, "--db", tmp_path / "other.db", code=1)
    assert "root:" not in result.output


def test_a_304_that_nobody_asked_for_is_a_fault(
    server: Server, address: str, tmp_path: Path, run: Run
) -> None:
    server.statuses = (304,) * 9
    assert "not asked" in run("load", address, "--db", tmp_path / "my.db", code=1).output


def test_a_feed_that_cannot_be_read_is_asked_for_again(
    server: Server, address: str, tmp_path: Path, run: Run
) -> None:
    db = tmp_path / "my.db"
    whole = server.body
    server.body = whole[:-40]
    run("load", address, "--db", db, code=1)
    server.body = whole
    run("load", address, "--db", db)
    assert not any("If-None-Match" in asked for asked in server.asked)


def _commands() -> set[str]:
    """The commands that docs/feeds.md has for cron and systemd, which may be the same."""
    cron = re.search(r"```cron\n(?:\S+ ){5}(.*)\n```", DOCS)
    units = re.findall(r"```ini\n(.*?)```", DOCS, re.DOTALL)
    assert cron and len(units) == 2
    service = configparser.ConfigParser(strict=True)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read_string(units[0])
    timer = configparser.ConfigParser(strict=True)
    timer.read_string(units[1])
    assert timer["Timer"]["OnCalendar"]
    return {cron[1], service["Service"]["ExecStart"].replace("/usr/local/bin/", "")}


@pytest.mark.parametrize("command", sorted(_commands()))
def test_the_commands_of_the_how_to_do_as_it_says(
    server: Server, address: str, tmp_path: Path, command: str
) -> None:
    db = tmp_path / "archive.db"
    told = command.replace("https://www.brecorder.com/feeds/latest-news", address)
    told = told.replace("/srv/recorder/archive.db", str(db))
    program, *arguments = shlex.split(told)
    assert program == "loader" and address in arguments and str(db) in arguments

    def once() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "loader", *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    first = once()
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    before = db.read_bytes()
    again = once()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert db.read_bytes() == before
    assert "If-None-Match" in server.asked[-1]
    server.statuses, server.count = (403,) * 9, 0
    refused = once()
    assert refused.returncode == 1
    assert address in refused.stderr


def test_a_feed_goes_to_workers_with_its_answer(
    server: Server,
    address: str,
    tmp_path: Path,
    run: Run,
    connect,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("loader.ingest.load._WORTH_A_POOL_BYTES", 0)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(4):
        text = f"MITHI: Pond {number} filled.\n\n" + "Rain fell for days. " * 60
        (folder / f"{number}.txt").write_text(text)
    db = tmp_path / "my.db"
    run("load", folder, address, "--db", db, "--workers", "2")
    assert server.count == 1
    (count,) = connect(db).execute("select count(*) from articles").fetchone()
    assert count == 6
    run("load", folder, address, "--db", db, "--workers", "2")
    assert "If-None-Match" in server.asked[-1]
