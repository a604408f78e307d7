"""The size of tasks for workers."""

from __future__ import annotations

from pathlib import Path

from loader.ingest.tasks import Task, make_tasks, make_works
from loader.sources import Source
from loader.sources.source import SourceKind


def _tasks(*sources: tuple[Path | str, SourceKind]) -> list[Task]:
    works = [work for place, kind in sources for work in make_works(Source(str(place), kind))]
    return list(make_tasks(works))


def test_small_files_come_together_and_what_others_serve_alone(tmp_path: Path) -> None:
    """An index of few bytes may name thousands of records in another place."""
    for name in ("a.txt", "b.txt", "c.csv", "d.csv"):
        (tmp_path / name).write_text("x")
    tasks = _tasks(
        (tmp_path / "a.txt", "text"),
        (tmp_path / "c.csv", "index"),
        (tmp_path / "b.txt", "text"),
        (tmp_path / "d.csv", "index"),
        ("https://example.org/e.warc.gz", "warc"),
    )
    names = [[Path(work.source.location).name for work in task.works] for task in tasks]
    assert sorted(names) == [["a.txt", "b.txt"], ["c.csv"], ["d.csv"], ["e.warc.gz"]]
    assert [task.may_wait for task in sorted(tasks, key=lambda task: len(task.works))] == [
        False, False, False, True,
    ]  # fmt: skip


def test_a_large_file_does_not_wait_behind_another_task(tmp_path: Path) -> None:
    large = tmp_path / "large.warc"
    with large.open("wb") as file:
        file.truncate(5 * 1024 * 1024)
    (task,) = _tasks((large, "warc"))
    assert not task.may_wait
    lines = tmp_path / "large.jsonl"
    lines.write_text('{"text": "x"}\n' * 400_000)
    spans = _tasks((lines, "jsonl"))
    assert len(spans) == 3
    assert all(span.may_wait for span in spans)
    assert not any(task.may_wait for task in spans[0].split())
