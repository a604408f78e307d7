"""The plugin works with other databases, several archives, and files that change."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from loader.web.server import make_datasette
from tests.conftest import SAMPLES, Run
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words

METADATA = {
    "databases": {
        "other": {"queries": {"add": {"sql": "insert into t values (:a)", "write": True}}}
    }
}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return another database, with tables named like our pages."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("create table t (a)")
        conn.execute("insert into t values (1), ('=1+1'), ('⟦x⟧')")
        conn.execute("create table symbol (id integer primary key)")
        conn.execute("insert into symbol values (7)")
        conn.execute("create table boards (id integer primary key)")
        conn.execute("insert into boards values (1)")
    return path


@pytest.fixture(scope="session")
def second_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with one board and one article."""
    from click.testing import CliRunner

    from loader.cli import main

    path = tmp_path_factory.mktemp("second") / "second.db"
    sample = SAMPLES / "2024-seed-layout-teaser.txt"
    result = CliRunner().invoke(main, ["load", str(sample), "--db", str(path)])
    assert result.exit_code == 0, result.output
    return path


def rows_of(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as conn:
        return [row[0] for row in conn.execute("select a from t order by rowid")]


def test_a_datasette_without_archives_is_as_without_the_plugin(other: Path) -> None:
    get = client_of(Datasette([str(other)], metadata=METADATA))
    front = get("/")
    assert front.status_code == 200
    assert 'href="/other"' in front.text
    for path in ("/", "/other", "/other/t", "/other/boards/1", "/-/versions"):
        response = get(path)
        assert response.status_code == 200
        assert "recorder" not in response.text.lower().replace("brecorder-archive", "")
        assert "content-security-policy" not in response.headers
        assert "x-content-type-options" not in response.headers
    assert get("/other/symbol/7").status_code == 200
    assert get("/other/t.csv").text.splitlines()[2] == "2,=1+1"
    assert "<mark>" not in get("/other/t").text
    for path in ("/symbol/OGDC", "/search", "/day", "/-/openapi.json", "/raw/1"):
        assert get(path).status_code == 404


@pytest.mark.parametrize("beside", [[], ["archive"], ["archive", "second"]])
def test_other_databases_keep_their_writes_and_pages(
    other: Path, sample_archive: Path, second_archive: Path, beside: list[str]
) -> None:
    files = {"archive": sample_archive, "second": second_archive}
    get = client_of(Datasette([str(other), *(str(files[name]) for name in beside)],
                              metadata=METADATA))  # fmt: skip
    answer = get("/other/add?_json=1", method="POST", data={"a": "2"},
                 headers={"Accept": "application/json"})  # fmt: skip
    assert answer.json()["ok"], answer.text
    assert rows_of(other)[-1] == "2"
    assert get("/other/t?nope=1").status_code == 200
    assert get("/other/t.json?_shape=array").json()[0]["a"] == 1
    page = get("/other/t")
    assert "content-security-policy" not in page.headers
    assert "Market day" not in page.text
    assert get("/nowhere/at/all").status_code == 404


def test_one_archive_called_archive_keeps_its_addresses_beside_others(
    other: Path, sample_archive: Path
) -> None:
    get = client_of(Datasette([str(other), str(sample_archive)], metadata=METADATA))
    front = words(get("/").text)
    assert "The latest board" in front
    assert 'href="/other"' in get("/").text, "the front page leads to the other databases"
    assert get("/symbol/OGDC").status_code == 200
    assert get("/archive/boards", method="POST").status_code == 405
    assert get("/-/logout", method="POST").status_code != 405


def test_an_archive_alone_has_its_pages_whatever_it_is_called(
    sample_archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "what a name.db"
    shutil.copy(sample_archive, path)
    get = client_of(Datasette([str(path)]))
    page = get("/").text
    assert "The latest board" in words(page)
    assert "/archive" not in page
    assert 'href="/what+a+name"' in page
    board = get("/what+a+name/boards/1")
    assert "As the page showed it" in board.text
    assert "script-src 'self'" in board.headers["content-security-policy"]
    movers = get("/what+a+name/board_movers.json?_shape=array")
    assert movers.status_code == 200, "canned queries come with every archive"
    assert movers.json()
    assert "ticker lines of a capture" in get("/what+a+name/boards").text


def test_several_archives_each_have_their_pages(
    sample_archive: Path, second_archive: Path, other: Path
) -> None:
    get = client_of(Datasette([str(sample_archive), str(second_archive), str(other)]))
    front = get("/").text
    assert "The latest board" not in words(front)
    for name in ("archive", "second", "other"):
        assert f'href="/{name}"' in front
    counts = {}
    for name, article in (("archive", 1), ("second", 1)):
        home = get(f"/{name}/")
        assert home.status_code == 200
        links = {part.split('"')[0] for part in home.text.split('href="/')[1:]}
        assert all(link.startswith((f"{name}/", f"{name}", "-/static")) for link in links), links
        counts[name] = len(get(f"/{name}/boards.json?_shape=array&_size=max").json())
        for path in ("/symbol/", "/search", f"/articles/{article}", "/boards/1", "/quotes", ""):
            page = get(f"/{name}{path}")
            assert page.status_code == 200, path
            assert f'href="/{name}/search"' in page.text, path
            assert page.headers["content-security-policy"]
        document = get(f"/{name}/-/openapi.json").json()
        assert f"/{name}/symbol/{{symbol}}" in document["paths"]
        assert f"/{name}/latest_board.json" in document["paths"]
        assert get(f"/{name}/boards", method="POST").status_code == 405
    assert counts["second"] == 1 < counts["archive"]
    moved = get("/archive/symbol/BYCO")
    assert moved.headers["location"].startswith("/archive/symbol/CNERGY")
    assert get("/archive/day/").headers["location"].startswith("/archive/day/20")
    script = get("/archive/symbol/OGDC").text.split('<script src="/')[1].split('"')[0]
    assert get(f"/{script}").status_code == 200
    for path in ("/symbol/OGDC", "/search", "/day"):
        assert get(path).status_code == 404


def test_an_archive_named_as_a_page_of_ours_has_its_pages_under_its_name(
    second_archive: Path, tmp_path: Path
) -> None:
    shutil.copy(second_archive, tmp_path / "day.db")
    get = client_of(Datasette([str(tmp_path / "day.db")]))
    assert get("/day/boards/1").status_code == 200
    assert get("/day/").status_code == 200
    assert get("/day/search").status_code == 200


def test_an_archive_that_lost_its_id_is_known_by_its_tables(
    second_archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "dumped.db"
    shutil.copy(second_archive, path)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("pragma application_id = 0")
    assert "The latest board" in words(client_of(Datasette([str(path)]))("/").text)


@pytest.mark.parametrize("way", ["moved", "copied"])
def test_a_file_that_takes_the_archives_place_is_shown(
    sample_archive: Path, second_archive: Path, tmp_path: Path, way: str
) -> None:
    db, new = tmp_path / "archive.db", tmp_path / "new.db"
    shutil.copy(sample_archive, db)
    shutil.copy(second_archive, new)
    get = client_of(make_datasette(db))
    tag = get("/").headers["etag"]
    before = len(get("/archive/boards.json?_shape=array&_size=max").json())
    assert before > 1
    if way == "moved":
        # The same size and time, as for copies of one archive.
        os.utime(new, ns=(db.stat().st_atime_ns, db.stat().st_mtime_ns))
        new.replace(db)
    else:
        shutil.copy(new, db)
    for _ in range(10):  # every thread of the pool
        assert len(get("/archive/boards.json?_shape=array&_size=max").json()) == 1
    fresh = get("/", headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert re_boards(fresh.text) == 1
    assert get("/archive/quality.json?_shape=array").json()[0] == {"measure": "boards", "value": 1}


def re_boards(page: str) -> int:
    return int(words(page).split("Boards ")[1].split()[0].replace(",", ""))


def test_a_file_that_is_gone_is_told_and_comes_back(second_archive: Path, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    shutil.copy(second_archive, db)
    get = client_of(make_datasette(db))
    assert get("/").status_code == 200
    db.unlink()
    for path in ("/symbol/", "/archive/boards", "/archive/boards/1"):
        assert get(path).status_code == 503, path
    assert get("/archive/boards.json").json()["status"] == 503
    shutil.copy(second_archive, db)
    assert get("/archive/boards").status_code == 200


def test_a_foreign_file_in_the_archives_place_gets_no_pages_of_ours(
    second_archive: Path, other: Path, tmp_path: Path
) -> None:
    db = tmp_path / "archive.db"
    shutil.copy(second_archive, db)
    get = client_of(make_datasette(db))
    assert "The latest board" in words(get("/").text)
    other.replace(db)
    assert "The latest board" not in words(get("/").text)
    assert get("/archive/t").status_code == 200


@pytest.fixture
def readonly_folder() -> Iterator[Path]:
    """Yield a folder for a user who may read but not write it."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_an_archive_in_wal_mode_in_a_folder_that_may_not_be_written_is_opened_immutable(
    second_archive: Path, readonly_folder: Path
) -> None:
    db = readonly_folder / "archive.db"
    shutil.copy(second_archive, db)
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("pragma journal_mode = wal")
    db.chmod(0o444)
    readonly_folder.chmod(0o555)
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "import loader.web.server as server\n"
        "from tests.web.conftest import client_of\n"
        "from click.testing import CliRunner\n"
        "from loader.cli.serve import serve_command as serve\n"
        # Late imports are made before root drops its privileges.
        f"get = client_of(server.make_datasette(Path({str(second_archive)!r})))\n"
        "get('/'), get('/archive/boards.json?_shape=array')\n"
        "if os.geteuid() == 0:\n"
        "    os.setgroups([]); os.setegid(65534); os.seteuid(65534)\n"
        f"db = Path({str(db)!r})\n"
        "get = client_of(server.make_datasette(db))\n"
        "print(get('/').status_code, get('/archive/boards.json?_shape=array').status_code)\n"
        "server.run = lambda *arguments: None\n"
        "print(CliRunner().invoke(serve, ['--db', str(db), '--port', '0']).output)\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout.startswith("200 200\n"), result.stdout + result.stderr
    assert "immutable" in result.stdout


def test_an_ordinary_archive_is_not_opened_immutable(second_archive: Path) -> None:
    assert make_datasette(second_archive).get_database("archive").is_mutable


def test_names_with_any_character_are_served(second_archive: Path, tmp_path: Path) -> None:
    db = tmp_path / "what? 100% #1 [x].db"
    shutil.copy(second_archive, db)
    assert client_of(make_datasette(db))("/archive/boards/1").status_code == 200


def test_metadata_of_the_user_goes_before_ours(second_archive: Path) -> None:
    metadata = {"databases": {"second": {"description": "Mine alone", "queries": {}}}}
    get: Get = client_of(Datasette([str(second_archive)], metadata=metadata))
    assert "Mine alone" in get("/second").text


def test_serve_says_which_base_urls_it_cannot_tell_from_pages(
    run: Run, second_archive: Path
) -> None:
    for base_url in ("/archive/", "symbol", "/day/x/"):
        result = run("serve", "--db", second_archive, "--base-url", base_url, code=1)
        assert "beginning of addresses of the pages themselves" in result.output
