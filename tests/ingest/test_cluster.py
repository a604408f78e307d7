"""A load on a Dask cluster gives the archive of a plain load, in spite of failures."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import LocalCluster
from fsspec.implementations.local import LocalFileSystem

import loader.ingest.cluster
import loader.ingest.part
from loader.archive.archive import Archive
from loader.errors import LoaderError
from loader.ingest.cluster import ClusterPlan, load_on_cluster
from loader.ingest.load import LoadResult
from loader.ingest.part import Group, Job, Parts, make_part, name_group
from loader.maintain.merge import merge_into
from loader.model import Fingerprint
from loader.page import PARSER_VERSION
from loader.sources import ReadOptions, Source
from loader.sources.source import Answer
from tests.archives import RELEASED, unpack
from tests.conftest import Run
from tests.ingest.conftest import count, differing
from tests.ingest.corpus import some_pages, write_folder, write_lines
from tests.reliability import is_at_length, some
from tests.s3 import s3_store
from tests.sources.feeds import item, rss
from tests.sources.warc_files import URL, response, warc_bytes

pytestmark = pytest.mark.filterwarnings("default")

# What becomes of a worker that reads a page with such a word, or writes below such a folder.
DEADLY, DEADLY_ONCE, SLOW, FULL = "DEADLYWORD", "DEADLYONCE", "SLOWWORD", "full-disk"
_SITE = f"""
import errno, os, signal, sys, time
if "spawn_main" in " ".join(sys.orig_argv):
    import loader.page as page
    from fsspec.implementations.local import LocalFileSystem
    parse, put = page.parse_capture, LocalFileSystem.put_file
    def parse_or_die(capture, *known):
        flag = os.environ.get("DIED_ONCE", "")
        if b"{SLOW}" in capture.data:
            time.sleep(600)
        if b"{DEADLY_ONCE}" in capture.data and not os.path.exists(flag):
            open(flag, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if b"{DEADLY}" in capture.data:
            os.kill(os.getpid(), signal.SIGKILL)
        return parse(capture, *known)
    def put_unless_full(self, path1, path2, *arguments, **options):
        if "{FULL}" in str(path2):
            with open(path2, "wb") as half:
                half.write(b"half a part")
            raise OSError(errno.ENOSPC, "No space left on device")
        return put(self, path1, path2, *arguments, **options)
    page.parse_capture, LocalFileSystem.put_file = parse_or_die, put_unless_full
"""


USUAL = ReadOptions()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What workers that start within it find: ways to die, an S3 store; a folder for a flag."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(_SITE)
    with pytest.MonkeyPatch.context() as patch, s3_store():
        path = (str(folder), os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[2]))
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
        patch.setenv("DIED_ONCE", str(folder / "died"))
        yield folder


@pytest.fixture(scope="module")
def address(environment: Path) -> Iterator[str]:
    """The scheduler of a cluster of two workers."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=50,
            local_directory=str(environment),
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader.ingest.cluster, "GROUP_SOURCES", 2)


OnCluster = Callable[..., LoadResult]


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def folded() -> list[str]:
    """The file names of the parts that were folded."""
    return []


@pytest.fixture
def on_cluster(
    tmp_path: Path, address: str, small_groups: None, warnings: list[str], folded: list[str]
) -> OnCluster:
    """Load sources on the cluster into an archive under tmp_path, by parts in tmp_path/parts."""

    def load(
        name: str,
        *locations: Path | str,
        parts: object = tmp_path / "parts",
        reread: bool = False,
        options: ReadOptions = USUAL,
    ) -> LoadResult:
        with Archive.open(tmp_path / name) as archive:

            def fold(part: Path) -> Any:
                folded.append(part.name)
                return merge_into(archive, part, 30, date=False)

            plan = ClusterPlan(str(parts), address, reread=reread)
            places = [str(location) for location in locations]
            return load_on_cluster(archive, places, options, plan, fold, warn=warnings.append)

    return load


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven files of pages; to read, not to write."""
    return write_folder(tmp_path_factory.mktemp("many") / "pages", some_pages(), 7)


def _parts(folder: Path) -> dict[str, int]:
    """Times of change by name; nothing else stands there."""
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@pytest.mark.parametrize("form", ["jsonl", "wet"])
def test_cluster_gives_the_archive_of_a_plain_load(
    tmp_path: Path, on_cluster: OnCluster, load, content, form: str
) -> None:
    folder = write_folder(tmp_path / "pages", some_pages(), 7, form=form)
    (folder / "broken.jsonl.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\3broken")
    missing = tmp_path / "missing.txt"
    plain = load("plain.db", folder, missing)
    result = on_cluster("cluster.db", folder, missing)
    assert result.counts.snapshots == 60
    assert sorted(map(str, result.failures)) == sorted(map(str, plain.failures))
    assert differing(content("plain.db"), content("cluster.db")) == []
    assert count(tmp_path / "cluster.db", "select count(*) from trading_days") > 0


def test_parts_are_archives_without_days(
    tmp_path: Path, pages: Path, on_cluster: OnCluster, load, content, run: Run
) -> None:
    on_cluster("cluster.db", pages)
    parts = sorted((tmp_path / "parts").iterdir())
    assert len(parts) == 4
    assert {count(part, "select count(*) from trading_days") for part in parts} == {0}
    run("verify", "--db", parts[0])
    run("merge", tmp_path / "by-hand.db", *reversed(parts))
    load("plain.db", pages)
    assert differing(content("plain.db"), content("by-hand.db")) == []


def test_second_run_passes_over_what_was_read_on_a_cluster_or_not(
    tmp_path: Path, pages: Path, on_cluster: OnCluster, load, folded: list[str]
) -> None:
    load("a.db", pages / "000.jsonl", pages / "001.jsonl")
    first = on_cluster("a.db", pages)
    assert (first.read_before, len(folded)) == (2, 3)
    before = (tmp_path / "a.db").read_bytes()
    again = on_cluster("a.db", pages)
    assert (again.read_before, again.counts.captures, len(folded)) == (7, 0, 3)
    assert load("a.db", pages).read_before == 7
    assert (tmp_path / "a.db").read_bytes() == before


def test_only_missing_parts_are_made(
    tmp_path: Path, pages: Path, on_cluster: OnCluster, folded: list[str]
) -> None:
    on_cluster("first.db", pages)
    parts = tmp_path / "parts"
    before = _parts(parts)
    gone = sorted(before)[1]
    (parts / gone).unlink()
    (parts / ".loading-of-a-killed-run-1").write_bytes(b"half a part")
    folded.clear()
    assert on_cluster("second.db", pages).counts.snapshots == 60
    after = _parts(parts)
    kept = set(before) - {gone}
    assert kept < set(after)
    assert all(after[name] == before[name] for name in kept)
    assert len(folded) == len(before) == len(after) - 1
    assert gone.split("-")[1] in {name.split("-")[1] for name in after if "-" in name}


def test_reread_makes_all_parts_again(
    tmp_path: Path, pages: Path, on_cluster: OnCluster, folded: list[str]
) -> None:
    on_cluster("a.db", pages)
    result = on_cluster("a.db", pages, reread=True)
    assert (len(folded), result.counts.snapshots, result.counts.duplicates) == (8, 0, 60)


def _cut_off(part: Path) -> bytes:
    return part.read_bytes()[:-5000]


def _of_whole_pages(part: Path) -> bytes:
    return part.read_bytes()[: 8192 * 10]


def _flipped(part: Path) -> bytes:
    data = bytearray(part.read_bytes())
    data[len(data) // 3] ^= 0xFF
    return bytes(data)


def _with_a_tail(part: Path) -> bytes:
    return part.read_bytes() + b"\0" * 8192


def _changed(statement: str) -> Callable[[Path], bytes]:
    def change(part: Path) -> bytes:
        with closing(sqlite3.connect(part)) as conn, conn:
            conn.executescript(statement)
        return part.read_bytes()

    return change


_LATER_MIGRATION = """
insert into _sqlite_migrations (migration_set, name, applied_at) values ('loader', '999_later', '')
"""


def _older(part: Path) -> bytes:
    return unpack(RELEASED[0], part).read_bytes()


def _foreign_database(part: Path) -> bytes:
    part.unlink()
    return _changed("create table notes (note)")(part)


@pytest.mark.parametrize("make", some([
    _cut_off, _of_whole_pages, _flipped, _with_a_tail,
    pytest.param(lambda part: b"", id="empty"),
    pytest.param(lambda part: b"%PDF-1.7 something else", id="another kind of file"),
    pytest.param(_changed("delete from quotes"), id="changed by hand"),
], 3))  # fmt: skip
def test_damaged_part_is_named_and_made_again(
    tmp_path: Path, on_cluster: OnCluster, warnings: list[str], make: Callable[[Path], bytes]
) -> None:
    _assert_made_again(tmp_path, on_cluster, warnings, make, keep_name=True)
    assert "is cut off or damaged" in warnings[0]


@pytest.mark.parametrize(("make", "fault"), some([
    (_older, "has an older schema"),
    (_changed(_LATER_MIGRATION), "has a newer schema"),
    (_foreign_database, "not an archive of this loader"),
    (lambda part: b"", "is empty"),
    (lambda part: b"%PDF-1.7 something else", "is not an SQLite file"),
], 3))  # fmt: skip
def test_whole_part_of_another_schema_or_kind_is_named_and_made_again(
    tmp_path: Path,
    on_cluster: OnCluster,
    warnings: list[str],
    make: Callable[[Path], bytes],
    fault: str,
) -> None:
    _assert_made_again(tmp_path, on_cluster, warnings, make, keep_name=False)
    assert fault in warnings[0]


def _assert_made_again(
    tmp_path: Path,
    on_cluster: OnCluster,
    warnings: list[str],
    make: Callable[[Path], bytes],
    *,
    keep_name: bool,
) -> None:
    """Put what `make` gives in the place of one of two parts, and load again."""
    pages = write_folder(tmp_path / "pages", some_pages(12), 3)
    on_cluster("first.db", pages)
    part = sorted((tmp_path / "parts").iterdir())[0]
    data = make(part)
    part.unlink()
    if not keep_name:
        digest = hashlib.sha256(data).hexdigest()[:24]
        part = part.with_name(f"{part.name[:29]}-{digest}.db")
    part.write_bytes(data)
    assert on_cluster("again.db", pages).counts.snapshots == 12
    (warning,) = warnings
    assert part.name in warning
    parts = list((tmp_path / "parts").iterdir())
    assert len(parts) == 2
    assert part not in parts or part.read_bytes() != data


def test_source_that_cannot_be_read_is_a_problem_and_tried_again(
    tmp_path: Path, on_cluster: OnCluster, load, content, folded: list[str]
) -> None:
    pages = write_folder(tmp_path / "pages", some_pages(20), 3)
    broken = pages / "001b.jsonl.gz"
    broken.write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\3broken")
    for run_number in range(3):
        result = on_cluster("a.db", pages)
        assert [failure.subject for failure in result.failures] == [str(broken)]
        assert result.read_before == (3 if run_number else 0)
    # The part it was found in, and one of it alone, made twice.
    assert len(folded) == 4
    sql = "select count(*) from problems where kind = 'unreadable'"
    assert count(tmp_path / "a.db", sql) == 1
    load("plain.db", pages)
    assert differing(content("plain.db"), content("a.db")) == []


def test_part_with_a_source_not_read_is_not_taken_for_whole_by_another_archive(
    tmp_path: Path, on_cluster: OnCluster
) -> None:
    pages = write_folder(tmp_path / "pages", some_pages(20), 3)
    (pages / "000b.jsonl.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\3broken")
    on_cluster("a.db", pages)
    before = _parts(tmp_path / "parts")
    assert len(on_cluster("b.db", pages).failures) == 1
    after = _parts(tmp_path / "parts")
    assert len(after) == len(before) == 2
    assert sum(after.get(name) == made_at for name, made_at in before.items()) == 1


def test_standard_input_is_read_here(
    tmp_path: Path, on_cluster: OnCluster, load, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(5))
    data = b"".join(json.dumps(page).encode() + b"\n" for page in some_pages(3, seed=8))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    result = on_cluster("a.db", lines, "-")
    assert (result.failures, result.counts.snapshots) == ([], 8)


def test_feed_that_a_server_gave_is_read_here(tmp_path: Path, address: str) -> None:
    answer = Answer(rss(item()).encode(), None, None, '"1"', "digest")
    plan = ClusterPlan(str(tmp_path / "parts"), address)
    for read_before in (0, 1):
        with Archive.open(tmp_path / "a.db") as archive:
            feed = Source("https://www.example.com/feed", "feed", answer)
            result = load_on_cluster(archive, [feed], USUAL, plan, _unused)
        assert (result.failures, result.read_before) == ([], read_before)
    assert count(tmp_path / "a.db", "select count(*) from snapshots") == 1
    assert list((tmp_path / "parts").iterdir()) == []


def _unused(part: Path) -> Any:
    raise AssertionError(part)


def test_records_passed_over_are_told(tmp_path: Path, on_cluster: OnCluster, load) -> None:
    records = [response(b"\x89PNG\r\n\x1a\n", f"{URL}.png", Content_Type="image/png")]
    path = tmp_path / "a.warc"
    path.write_bytes(warc_bytes(records))
    told = on_cluster("a.db", path).passed_over
    assert told == load("plain.db", path).passed_over
    assert sum(told.values()) == 1


def test_read_options_reach_the_workers_and_name_the_parts(
    tmp_path: Path, on_cluster: OnCluster, load, content
) -> None:
    pages = [{"words": page["text"], "address": page["url"]} for page in some_pages(6)]
    lines = write_lines(tmp_path / "a.jsonl", pages)
    options = ReadOptions(text_column="words", url_column="address")
    on_cluster("usual.db", lines)
    assert on_cluster("options.db", lines, options=options).counts.snapshots == 6
    assert len(list((tmp_path / "parts").iterdir())) == 2
    load("plain.db", lines, text_column="words", url_column="address")
    assert differing(content("plain.db"), content("options.db")) == []


def test_parts_are_compressed_with_the_dictionary_of_the_archive(
    tmp_path: Path, on_cluster: OnCluster, load, content
) -> None:
    words = "KARACHI: Text number {0} is short, and the one after {0} is no longer."
    texts = [{"text": words.format(number)} for number in range(900)]
    first = write_lines(tmp_path / "first.jsonl", texts[:450])
    second = write_lines(tmp_path / "second.jsonl", texts[450:])
    load("a.db", first)
    on_cluster("a.db", first, second)
    path = tmp_path / "a.db"
    assert count(path, "select count(*) from raw_dictionaries") == 1
    assert count(path, "select count(*) from raw_captures where dictionary_id is null") == 0
    load("plain.db", first, second)
    assert differing(content("plain.db"), content("a.db")) == []


def test_worker_killed_midway_costs_nothing(
    tmp_path: Path, environment: Path, on_cluster: OnCluster, load, content
) -> None:
    pages = some_pages()
    pages[20] = {**pages[20], "text": f"{pages[20]['text']}\n\nA {DEADLY_ONCE} in a sentence."}
    folder = write_folder(tmp_path / "pages", pages, 7)
    result = on_cluster("cluster.db", folder)
    assert (environment / "died").exists()
    assert result.failures == []
    load("plain.db", folder)
    assert differing(content("plain.db"), content("cluster.db")) == []
    assert all(name.startswith("part-") for name in _parts(tmp_path / "parts"))


def test_source_that_kills_its_worker_is_found_named_and_tried_again(
    tmp_path: Path, pages: Path, on_cluster: OnCluster
) -> None:
    folder = Path(shutil.copytree(pages, tmp_path / "pages"))
    deadly = write_lines(folder / "003b.jsonl", [{"text": f"KARACHI: A {DEADLY} in it."}])
    result = on_cluster("a.db", folder)
    (failure,) = result.failures
    assert failure.subject == str(deadly)
    assert "ended its worker process, also when read alone" in failure.fault
    assert result.counts.snapshots == 60
    sql = "select detail from problems join sources on sources.id = source_id where location = ?"
    with closing(sqlite3.connect(tmp_path / "a.db")) as conn:
        assert conn.execute(sql, (str(deadly),)).fetchall() == [(failure.fault,)]
    if not is_at_length():  # each worker that is ended costs seconds
        return
    again = on_cluster("a.db", folder)
    assert [failure.subject for failure in again.failures] == [str(deadly)]
    assert again.read_before == 7


def test_store_of_parts_may_be_s3(
    tmp_path: Path, pages: Path, on_cluster: OnCluster, load, content, warnings: list[str]
) -> None:
    import boto3

    store = boto3.client("s3")
    sources = [str(path) for path in sorted(pages.iterdir())]
    load("plain.db", *sources)
    # On a busy machine a worker may be restarted meanwhile, and its groups are then split.
    for bucket in ("bucket", "another", "a-third"):
        store.create_bucket(Bucket=bucket)
        on_cluster(f"{bucket}.db", *sources, parts=f"s3://{bucket}/deep/parts/")
        assert differing(content("plain.db"), content(f"{bucket}.db")) == []
        keys = [item["Key"] for item in store.list_objects_v2(Bucket=bucket)["Contents"]]
        if len(keys) == 4:
            break
    assert len(keys) == 4
    assert all(key.startswith("deep/parts/part-") for key in keys)

    store.put_object(Bucket=bucket, Key=keys[0], Body=b"half a part")
    store.delete_object(Bucket=bucket, Key=keys[1])
    on_cluster("again.db", *sources, parts=f"s3://{bucket}/deep/parts")
    assert differing(content("plain.db"), content("again.db")) == []
    assert len(warnings) == 1
    assert f"s3://{bucket}/{keys[0]}: is cut off" in warnings[0]
    assert len(store.list_objects_v2(Bucket=bucket)["Contents"]) == 4


def test_sources_may_be_in_s3(tmp_path: Path, pages: Path, on_cluster: OnCluster, load) -> None:
    import boto3

    store = boto3.client("s3")
    store.create_bucket(Bucket="crawl")
    for path in pages.iterdir():
        store.upload_file(str(path), "crawl", path.name)
    assert on_cluster("a.db", "s3://crawl/").counts.snapshots == 60
    assert on_cluster("a.db", "s3://crawl/").read_before == 7
    assert load("a.db", "s3://crawl/").read_before == 7


def test_missing_bucket_is_told(pages: Path, on_cluster: OnCluster) -> None:
    with pytest.raises(LoaderError, match=r"^s3://Not_A_Bucket!/parts: cannot be"):
        on_cluster("a.db", pages, parts="s3://Not_A_Bucket!/parts")


def test_full_disk_under_the_parts_ends_the_run_in_one_line(
    tmp_path: Path, pages: Path, on_cluster: OnCluster
) -> None:
    parts = tmp_path / FULL
    with pytest.raises(LoaderError) as caught:
        on_cluster("a.db", pages, parts=parts)
    assert str(caught.value).startswith(f"{parts}: cannot be written: No space left on device")
    assert "\n" not in str(caught.value)
    assert list(parts.iterdir()) == []
    # With room again, the same command does it all.
    assert on_cluster("a.db", pages).counts.snapshots == 60


def test_task_leaves_no_half_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, source: str, target: str, **options: object) -> None:
        Path(target).write_bytes(b"half a part")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(LocalFileSystem, "put_file", full)
    status = _made(tmp_path)
    assert status.file is None
    assert "No space left on device" in str(status.fault)
    assert list((tmp_path / "parts").iterdir()) == []


def test_task_never_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("something unforeseen\nof two lines")

    monkeypatch.setattr(loader.ingest.part, "load_sources", broken)
    status = _made(tmp_path)
    assert (status.file, status.fault) == (None, None)
    (failure,) = status.failures
    assert failure.subject == str(tmp_path / "a.jsonl")
    assert failure.fault == "no part was written: RuntimeError: something unforeseen"


def test_task_refuses_to_read_with_another_parser(tmp_path: Path) -> None:
    status = _made(tmp_path, PARSER_VERSION + 1)
    assert f"has version {PARSER_VERSION} of the parser" in str(status.fault)


def _made(tmp_path: Path, parser_version: int = PARSER_VERSION) -> Any:
    """The status of a task that is called without any cluster."""
    source = Source(str(write_lines(tmp_path / "a.jsonl", some_pages(2))), "jsonl")
    parts = tmp_path / "parts"
    Parts(str(parts)).make_folder()
    group = Group("part-" + "0" * 24, (source,), 1000, parser_version)
    return make_part(group, Job(ReadOptions(), str(parts), "run"), None)


def test_names_of_parts_follow_from_sources_and_options() -> None:
    source, other = Source("a.jsonl", "jsonl"), Source("b.jsonl", "jsonl")
    seen = Fingerprint(10, "2024", None)
    name = name_group([(source, seen)], USUAL).name
    assert name == name_group([(source, seen)], ReadOptions()).name
    others = [
        name_group([(source, Fingerprint(11, "2024", None))], USUAL),
        name_group([(source, Fingerprint(10, "2025", None))], USUAL),
        name_group([(source, None)], USUAL),
        name_group([(other, seen)], USUAL),
        name_group([(source, seen), (other, seen)], USUAL),
        name_group([(other, seen), (source, seen)], USUAL),
        name_group([(source, seen)], ReadOptions(hosts=("example.com",))),
    ]
    assert len({name, *(group.name for group in others)}) == 1 + len(others)
    # A store tells the time in several ways; its ETag is enough.
    tagged = [Fingerprint(10, time, "etag") for time in ("2024", "2025")]
    assert len({name_group([(source, state)], USUAL).name for state in tagged}) == 1


def test_scheduler_that_does_not_answer_is_told(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(2))
    monkeypatch.setattr(loader.ingest.cluster, "CONNECT_SECONDS", 1)
    where = ("--cluster", "tcp://127.0.0.1:9", "--parts", tmp_path / "parts")
    output = run("load", lines, "--db", tmp_path / "a.db", *where, code=1).output
    assert output.startswith("Error: tcp://127.0.0.1:9: no Dask scheduler answers")


@pytest.mark.parametrize("options", [("--cluster", "tcp://x:1"), ("--parts", "parts")])
def test_cluster_and_parts_need_each_other(tmp_path: Path, run: Run, options: Any) -> None:
    assert "needs --" in run("load", tmp_path, "--db", tmp_path / "a.db", *options, code=2).output
    assert list(tmp_path.iterdir()) == []


def test_folder_of_parts_that_is_a_file_is_told(tmp_path: Path, run: Run) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(2))
    where = ("--cluster", "local", "--parts", lines / "parts")
    output = run("load", lines, "--db", tmp_path / "a.db", *where, code=1).output
    assert output.startswith(f"Error: {lines / 'parts'}: cannot be made")


def test_local_cluster_leaves_the_archive_alone_behind(
    tmp_path: Path, pages: Path, load, content, run: Run
) -> None:
    db = tmp_path / "new" / "a.db"
    db.parent.mkdir()
    output = run("load", pages, "--db", db, "--cluster", "local", "--workers", 1).output
    assert "new snapshots" in output
    assert [path.name for path in db.parent.iterdir()] == ["a.db"]
    load("plain.db", pages)
    assert differing(content("plain.db"), content("new/a.db")) == []


def _start(tmp_path: Path, *arguments: object, **options: Any) -> subprocess.Popen[str]:
    """Start a load on a local cluster, temporary files under tmp_path/temporary."""
    (tmp_path / "temporary").mkdir()
    command = (sys.executable, "-m", "loader", "load", *arguments)
    return subprocess.Popen(
        [*map(str, command), "--db", str(tmp_path / "a.db"), "--cluster", "local", "-q"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        **options,
    )


@pytest.mark.parametrize("number", some([signal.SIGTERM, signal.SIGINT], 1))
def test_run_that_is_ended_says_so_in_a_line_and_leaves_nothing(
    tmp_path: Path, environment: Path, load, number: signal.Signals
) -> None:
    slow = write_lines(tmp_path / "slow.jsonl", [{"text": f"KARACHI: A {SLOW} in it."}])
    process = _start(tmp_path, slow, "--workers", 1)
    # A worker has begun when it has made the archive that its part grows in.
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("temporary/**/part.db")) and time.monotonic() < deadline:
        time.sleep(0.05)
    # As a terminal does it: Ctrl-C goes to the workers, too.
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert re.fullmatch(r"stopped by (Ctrl-C|SIGTERM): .* the same command does the rest\n", output)
    assert process.returncode == 128 + number
    assert list((tmp_path / "temporary").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db", "slow.jsonl", "temporary"]
    assert _has_ended(process.pid)


def _has_ended(group: int) -> bool:
    """Whether no process of a group is left; the last of them takes a moment."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_worker_without_room_ends_the_run_in_one_line(tmp_path: Path, environment: Path) -> None:
    lines = write_lines(tmp_path / "a.jsonl", some_pages(200))

    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    process = _start(tmp_path, lines, "--workers", 1, preexec_fn=limit_file_size)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.startswith("Error: ")
    assert "disk" in output
    assert output.count("\n") == 1
    assert list((tmp_path / "temporary").iterdir()) == []
