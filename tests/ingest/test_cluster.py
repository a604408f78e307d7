"""Parquet parts made on a local Dask cluster: the same archive, whatever dies on the way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import loader.ingest.cluster
from loader.errors import LoaderError
from loader.ingest.cluster import parse_to_parts
from loader.sources import ReadOptions, find_sources
from tests.conftest import Run
from tests.ingest.conftest import differing
from tests.ingest.corpus import some_pages, write_folder, write_lines

pytestmark = pytest.mark.filterwarnings("default")

DEADLY = "DEADLYWORD"
# Workers of a cluster are told by the nanny that starts them.
_SITE = f"""
import os, signal, sys
if os.environ.get("DEADLY_WORKERS") and "spawn_main" in " ".join(sys.orig_argv):
    import loader.page as page
    parse = page.parse_capture
    def deadly(capture):
        if b"{DEADLY}" in capture.data:
            flag = os.environ.get("DEADLY_ONCE")
            if not flag or not os.path.exists(flag):
                if flag:
                    open(flag, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
        return parse(capture)
    page.parse_capture = deadly
"""


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader.ingest.cluster, "GROUP_SOURCES", 2)


@pytest.fixture
def deadly_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers die of pages that hold DEADLY."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(_SITE)
    monkeypatch.setenv("DEADLY_WORKERS", "1")
    path = [str(site), os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[2])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(part for part in path if part))


@pytest.fixture(scope="module")
def pages_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("many") / "pages", some_pages(), 7)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory, pages_folder: Path) -> Iterator[Path]:
    """Parts of some pages, made once; to read, not to write."""
    folder = tmp_path_factory.mktemp("parts")
    patch = pytest.MonkeyPatch()
    patch.setattr(loader.ingest.cluster, "GROUP_SOURCES", 2)
    result = parse_to_parts([str(pages_folder)], ReadOptions(), str(folder), workers=2)
    patch.undo()
    assert result.failures == []
    yield folder


def test_parts_give_the_archive_that_their_sources_give(
    pages_folder: Path, parts: Path, load, content
) -> None:
    load("direct.db", pages_folder)
    result = load("parts.db", parts)
    assert result.counts.snapshots == 60
    assert differing(content("direct.db"), content("parts.db")) == []


@pytest.mark.usefixtures("always_pool")
def test_parts_are_loaded_by_workers_too(pages_folder: Path, parts: Path, load, content) -> None:
    load("direct.db", pages_folder)
    load("parts.db", parts, workers=2)
    assert differing(content("direct.db"), content("parts.db")) == []
    assert load("parts.db", parts).read_before == len(list(parts.glob("*.parquet")))


def test_manifest_tells_each_part_with_digest_and_counts(parts: Path) -> None:
    import hashlib

    manifest = json.loads((parts / "manifest.json").read_text())
    assert manifest["failed"] == []
    assert sum(part["captures"] for part in manifest["parts"]) == 60
    for part in manifest["parts"]:
        data = (parts / f"{part['name']}.parquet").read_bytes()
        assert (part["digest"], part["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert sorted(path.name for path in parts.iterdir() if path.suffix != ".parquet") == [
        "manifest.json"
    ]


def test_other_engines_read_parts(parts: Path) -> None:
    query = f"""
        select q.symbol, count(distinct board_digest)
        from '{parts}/*.parquet', unnest(quotes) as t(q)
        where news_id is not null group by all order by all
    """
    rows = duckdb.sql(query).fetchall()
    assert len(rows) == 34
    assert all(count > 1 for _, count in rows)


def test_second_run_makes_only_what_is_missing(
    tmp_path: Path, pages_folder: Path, small_groups: None
) -> None:
    folder = tmp_path / "parts"
    first = parse_to_parts([str(pages_folder)], ReadOptions(), str(folder), workers=2)
    assert (len(first.parts), first.made) == (4, 4)
    names = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}
    gone = folder / f"{first.parts[0].name}.parquet"
    gone.unlink()
    (folder / f".{first.parts[1].name}-left-by-a-killed-task").write_bytes(b"half a part")
    second = parse_to_parts([str(pages_folder)], ReadOptions(), str(folder), workers=2)
    assert (len(second.parts), second.made) == (4, 1)
    now = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}
    assert set(now) == set(names)
    assert {name for name in now if now[name] != names[name]} == {gone.name}
    assert first.captures == second.captures == 60


def test_part_that_was_damaged_since_is_made_again(
    tmp_path: Path, pages_folder: Path, load, small_groups: None
) -> None:
    folder = tmp_path / "parts"
    parse_to_parts([str(pages_folder)], ReadOptions(), str(folder), workers=1)
    part = sorted(folder.glob("*.parquet"))[1]
    data = bytearray(part.read_bytes())
    data[len(data) // 3] ^= 0xFF
    part.write_bytes(data)
    again = parse_to_parts([str(pages_folder)], ReadOptions(), str(folder), workers=1)
    assert again.made == 1
    result = load("parts.db", folder)
    assert (result.failures, result.counts.snapshots) == ([], 60)


def test_sources_that_cannot_be_read_are_in_the_manifest_and_made_again(
    tmp_path: Path, load, content, small_groups: None
) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(20), 3)
    (folder / "broken.jsonl.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\3broken")
    to = tmp_path / "parts"
    sources = [str(folder), str(tmp_path / "none")]
    result = parse_to_parts(sources, ReadOptions(), str(to), workers=2)
    failed = {entry["source"] for entry in json.loads((to / "manifest.json").read_text())["failed"]}
    assert failed == {str(folder / "broken.jsonl.gz"), str(tmp_path / "none")}
    assert len(result.failures) == 2
    load("direct.db", folder)
    load("parts.db", to)
    assert differing(content("direct.db"), content("parts.db")) == []
    again = parse_to_parts([str(folder)], ReadOptions(), str(to), workers=1)
    assert again.made == 1


def test_worker_killed_midway_costs_nothing(
    tmp_path: Path,
    load,
    content,
    small_groups: None,
    deadly_workers: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEADLY_ONCE", str(tmp_path / "died"))
    pages = some_pages()
    pages[20] = {**pages[20], "text": f"{pages[20]['text']}\n\nA {DEADLY} in a sentence."}
    folder = write_folder(tmp_path / "pages", pages, 7)
    result = parse_to_parts([str(folder)], ReadOptions(), str(tmp_path / "parts"), workers=2)
    assert (tmp_path / "died").exists()
    assert result.failures == []
    load("direct.db", folder)
    load("parts.db", tmp_path / "parts")
    assert differing(content("direct.db"), content("parts.db")) == []


def test_source_that_kills_its_worker_is_given_up_alone(
    tmp_path: Path, small_groups: None, deadly_workers: None
) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(), 7)
    deadly = write_lines(folder / "deadly.jsonl", [{"text": f"KARACHI: A {DEADLY} in it."}])
    result = parse_to_parts([str(folder)], ReadOptions(), str(tmp_path / "parts"), workers=2)
    (failure,) = result.failures
    assert failure.subject == str(deadly)
    assert "ended its worker" in failure.fault
    assert result.captures == 60


def test_full_disk_is_told_and_leaves_no_half_part(tmp_path: Path, monkeypatch) -> None:
    import errno

    from loader.ingest import part_task

    folder = write_folder(tmp_path / "pages", some_pages(5), 1)
    (tmp_path / "parts").mkdir()

    def full(self, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(part_task._Hashing, "write", full)
    sources = tuple(find_sources([str(folder)]))
    group = part_task.make_group(sources, ReadOptions())
    status = part_task.write_part(group, ReadOptions(), str(tmp_path / "parts"))
    assert status.fault is not None
    assert "No space left" in status.fault
    assert list((tmp_path / "parts").iterdir()) == []


def test_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(2))
    monkeypatch.setattr(loader.ingest.cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(LoaderError, match="no Dask scheduler answers"):
        parse_to_parts(
            [str(lines)], ReadOptions(), str(tmp_path / "p"), address="tcp://127.0.0.1:9"
        )


def test_command_writes_parts_and_load_appends_them(tmp_path: Path, run: Run) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(5))
    output = run("parse", "--to", tmp_path / "parts", lines, "--workers", 1).output
    assert "1 parts" in output
    assert "5 captures" in output
    output = run("load", tmp_path / "parts", "--db", tmp_path / "a.db").output
    assert "new snapshots" in output


def test_dask_without_to_is_wrong_usage(tmp_path: Path, run: Run) -> None:
    assert "--to" in run("parse", "--dask", "tcp://x:1", tmp_path, code=2).output
