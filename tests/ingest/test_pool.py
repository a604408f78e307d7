"""Worker processes give the same archive for any number of them and any failure."""

from __future__ import annotations

import io
import os
import queue
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import loader.ingest.reading
import loader.page.board
from benchmarks.synthetic import pages
from loader.ingest.tasks import Work, make_works
from loader.ingest.worker import Worker, receive
from loader.model import Capture, Quote, Snapshot
from loader.page import parse_capture
from loader.page.known_boards import KnownBoard, KnownBoards
from loader.rows.packing import unpack
from loader.rows.records import BoardRows, Prepared
from loader.sources import ReadOptions, Source
from tests.ingest.conftest import Load, count, differing
from tests.ingest.corpus import some_pages, write_folder, write_lines
from tests.reliability import some

pytestmark = pytest.mark.usefixtures("always_pool")

# What a worker does with a page that holds this word: it is killed while reading it.
DEADLY = "DEADLYWORD"
_SITE = f"""
import os, signal, sys
if "loader.ingest.worker" in " ".join(sys.orig_argv):
    import loader.page as page
    parse = page.parse_capture
    def deadly(capture, *known):
        if b"{DEADLY}" in capture.data:
            flag = os.environ.get("DEADLY_ONCE")
            if not flag or not os.path.exists(flag):
                if flag:
                    open(flag, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
        return parse(capture, *known)
    page.parse_capture = deadly
"""

_KILL = "os.kill(os.getpid(), signal.SIGKILL)"
_FAULTY_SITE = _SITE.replace(_KILL, 'raise OverflowError("too large")')


def _faulty(
    parse: Callable[..., Snapshot], error: type[BaseException] = OverflowError
) -> Callable[..., Snapshot]:
    """A parser with a fault that nobody foresaw."""

    def parse_capture(capture: Capture, *known: KnownBoards) -> Snapshot:
        if DEADLY.encode() in capture.data:
            raise error("too large")
        return parse(capture, *known)

    return parse_capture


@pytest.fixture
def deadly_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers die of pages that hold DEADLY."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(_SITE)
    monkeypatch.syspath_prepend(site)


@pytest.mark.parametrize("workers", some([2, 3], 1))
def test_any_number_of_workers_gives_the_same_archive(
    tmp_path: Path, load, content, workers: int
) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(), 7)
    load("one.db", folder)
    result = load("many.db", folder, workers=workers)
    assert result.counts.snapshots == 60
    assert differing(content("one.db"), content("many.db")) == []


def test_one_file_read_in_spans_gives_the_same_archive(tmp_path: Path, load, content) -> None:
    lines = write_lines(tmp_path / "pages.jsonl", some_pages())
    with lines.open("a", encoding="utf-8") as file:
        file.write('{"text": "cut off\n\n[1]\n')
    load("one.db", lines)
    result = load("many.db", lines, workers=2)
    assert result.counts.problems == 2
    assert differing(content("one.db"), content("many.db")) == []


def test_dictionary_is_trained_and_every_capture_comes_back(tmp_path: Path, load, content) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(450), 9)
    load("one.db", folder)
    load("many.db", folder, workers=2)
    assert count(tmp_path / "many.db", "select count(*) from raw_dictionaries") == 1
    assert (
        count(tmp_path / "many.db", "select count(*) from raw_captures where dictionary_id") == 450
    )
    assert differing(content("one.db"), content("many.db")) == []


def test_sources_that_cannot_be_read_are_told_as_without_workers(
    tmp_path: Path, load, content
) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(), 5)
    (folder / "broken.jsonl.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\3broken")
    one = load("one.db", folder, tmp_path / "missing.txt")
    many = load("many.db", folder, tmp_path / "missing.txt", workers=2)
    assert sorted(map(str, one.failures)) == sorted(map(str, many.failures))
    assert len(many.failures) == 2
    assert differing(content("one.db"), content("many.db")) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_fault_of_ours_with_one_source_costs_only_that_source(
    tmp_path: Path, load, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(_FAULTY_SITE)
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(loader.ingest.reading, "parse_capture", _faulty(parse_capture))
    folder = write_folder(tmp_path / "pages", some_pages(), 7)
    faulty = write_lines(folder / "faulty.jsonl", [{"text": "Good."}, {"text": f"A {DEADLY}."}])
    result = load("a.db", folder, workers=workers)
    (failure,) = result.failures
    assert failure.subject == str(faulty)
    assert failure.fault == "could not be read: OverflowError: too large"
    assert result.counts.snapshots == 61


class _Panic(BaseException):
    """As libraries written in Rust raise: no Exception."""


def test_panic_of_a_library_costs_only_its_source(
    tmp_path: Path, load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.ingest.reading, "parse_capture", _faulty(parse_capture, _Panic))
    faulty = write_lines(tmp_path / "faulty.jsonl", [{"text": f"A {DEADLY}."}])
    sound = write_lines(tmp_path / "sound.jsonl", some_pages(3))
    result = load("a.db", faulty, sound)
    assert [failure.fault for failure in result.failures] == [
        "could not be read: _Panic: too large"
    ]
    assert result.counts.snapshots == 3


@pytest.mark.usefixtures("deadly_workers")
def test_worker_that_dies_once_costs_a_retry_and_nothing_else(
    tmp_path: Path, load, content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEADLY_ONCE", str(tmp_path / "died"))
    pages = some_pages()
    pages[20] = {**pages[20], "text": f"{pages[20]['text']}\n\nA {DEADLY} in a sentence."}
    folder = write_folder(tmp_path / "pages", pages, 7)
    load("one.db", folder)
    result = load("many.db", folder, workers=2)
    assert (tmp_path / "died").exists()
    assert result.failures == []
    assert differing(content("one.db"), content("many.db")) == []


@pytest.mark.usefixtures("deadly_workers")
def test_file_that_kills_every_worker_is_a_problem_and_the_others_are_loaded(
    tmp_path: Path, load
) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(), 7)
    deadly = write_lines(folder / "deadly.jsonl", [{"text": f"KARACHI: A {DEADLY} in it."}])
    result = load("many.db", folder, workers=2)
    (failure,) = result.failures
    assert failure.subject == str(deadly)
    assert "ended its worker process 2 times (signal 9)" in failure.fault
    assert result.counts.snapshots == 60
    sql = "select count(*) from problems where kind = 'unreadable' and detail like '%worker%'"
    assert count(tmp_path / "many.db", sql) == 1
    # It is not taken for read: a second run tries it again.
    again = load("many.db", folder, workers=2)
    assert [failure.subject for failure in again.failures] == [str(deadly)]
    assert again.read_before == 7


@pytest.mark.usefixtures("deadly_workers")
def test_files_that_wait_beside_deadly_ones_are_loaded(tmp_path: Path, load) -> None:
    """A worker holds a second task; which of the two ended it is not known at first."""
    folder = tmp_path / "pages"
    folder.mkdir()
    pages = some_pages(24)
    deadly = []
    for number in range(12):
        write_lines(folder / f"{number:02}.jsonl", pages[number * 2 : number * 2 + 2])
        if number % 4 == 1:
            place = folder / f"{number:02}-deadly.jsonl"
            deadly.append(str(write_lines(place, [{"text": f"LAHORE: {DEADLY} {number}."}])))
    result = load("many.db", folder, workers=2)
    assert sorted(failure.subject for failure in result.failures) == deadly
    assert result.counts.snapshots == 24


def _children(pid: int) -> list[int]:
    """Worker processes of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            command = (entry / "cmdline").read_text()
        except (OSError, IndexError):
            continue
        if int(fields[1]) == pid and "loader.ingest.worker" in command:
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_killed_load_leaves_no_worker_and_the_next_one_does_the_rest(
    tmp_path: Path, load, content
) -> None:
    lines = write_lines(tmp_path / "pages.jsonl", some_pages(760))
    command = [sys.executable, "-m", "loader", "load", str(lines), "--workers", "2"]
    process = subprocess.Popen([*command, "--db", str(tmp_path / "killed.db")])
    workers: list[int] = []
    try:
        deadline = time.monotonic() + 60
        while not workers and time.monotonic() < deadline:
            workers = _children(process.pid)
            time.sleep(0.05)
        assert workers
        time.sleep(0.5)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline, "workers outlive the load"
        time.sleep(0.05)
    load("killed.db", lines, workers=2)
    load("whole.db", lines)
    assert differing(content("whole.db"), content("killed.db")) == []


def test_each_board_is_read_once_in_whatever_order_its_pages_come(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More boards than a memo of whole boards should hold, each on three pages, shuffled."""
    made = 0
    make_quote = loader.page.board.make_quote

    def counted(*parts: str) -> Quote:
        nonlocal made
        made += 1
        return make_quote(*parts)

    boards = list(pages(300, 1.0, seed=5))
    texts = list(pages(900, 0.0, seed=6))
    for number, page in enumerate(texts):
        lines = boards[number % 300]["text"].partition("\n\n")[0]
        page["text"] = lines + "\n\n" + page["text"].partition("\n\n")[2]
    random.Random(7).shuffle(texts)
    monkeypatch.setattr(loader.page.board, "make_quote", counted)
    load("a.db", write_lines(tmp_path / "pages.jsonl", texts))
    assert made == 300 * 34
    assert count(tmp_path / "a.db", "select count(*) from quotes") == 300 * 34
    assert count(tmp_path / "a.db", "select count(distinct board_id) from snapshots") == 300


def test_board_that_another_worker_sent_is_not_parsed_again(tmp_path: Path) -> None:
    """What one worker says of new boards is told to the next one with its task."""
    lines = write_lines(tmp_path / "pages.jsonl", some_pages())
    first, boards = _worked(lines, [])
    again, none = _worked(lines, boards)
    digests = {item.board.digest for item in first if item.board}
    assert {digest for _, digest in boards} == digests
    assert none == []
    assert [item.board for item in again] == [
        item.board and BoardRows(item.board.digest) for item in first
    ]


def _worked(lines: Path, boards: list[KnownBoard]) -> tuple[list[Prepared], list[KnownBoard]]:
    """Run a worker over a file; return its rows and its new boards."""
    output = io.BytesIO()
    tasks: queue.Queue[tuple[int, list[Work], list[KnownBoard]] | None] = queue.Queue()
    tasks.put((0, make_works(Source(str(lines), "jsonl")), boards))
    tasks.put(None)
    Worker(ReadOptions(), output).run(tasks)
    output.seek(0)
    items: list[Prepared] = []
    new: list[KnownBoard] = []
    while message := receive(output):
        if message[0] == "rows":
            items += unpack(message[3])
            new += message[4]
    return items, new
