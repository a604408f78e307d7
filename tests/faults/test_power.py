"""Power failure at any moment, on a disk that writes unsynced data in any order, or partly.

The writes and syncs of a command are kept while it runs. The files after a power cut are made of
them: all that was synced is there; of what was written since, each sector of 512 bytes is there or
not by chance, and so is a file that nobody synced yet, or a deletion or truncation.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.cli import main
from tests.archives import RELEASED, unpack
from tests.faults.commands import content, verified
from tests.faults.conftest import short_pages
from tests.faults.disk import Disk, Event, disk, missing
from tests.reliability import note, setting

# Power cuts of each command.
CUTS = setting("LOADER_POWER_CUTS", 2)
SECTOR = 512

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


class DurableFile:
    """What is on the disk of one file, and what may be."""

    def __init__(self, data: bytes | None) -> None:
        self.synced = data  # None: no such file
        self.since: list[Event] = []

    def sync(self) -> None:
        self.synced = self._after(self.since)
        self.since = []

    def after_cut(self, chance: random.Random) -> bytes | None:
        """The file as a power cut leaves it."""
        kept = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        events: list[Event] = []
        for event in self.since:
            if event.what != "write":
                # Deleting and truncating wait for no sync, and for nothing before them.
                events += [event] if chance.random() < kept else []
                continue
            events += [piece for piece in _sectors(event) if chance.random() < kept]
        return self._after(events)

    def _after(self, events: Sequence[Event]) -> bytes | None:
        data = None if self.synced is None else bytearray(self.synced)
        for event in events:
            if event.what == "delete":
                data = None
            elif event.what == "truncate":
                if data is not None:
                    del data[event.offset :]
            else:
                data = bytearray() if data is None else data
                data.extend(bytes(max(0, event.offset - len(data))))
                data[event.offset : event.offset + len(event.data)] = event.data
        return None if data is None else bytes(data)


def _sectors(write: Event) -> Iterator[Event]:
    """The parts of a write that a disk writes whole or not at all."""
    start = 0
    while start < len(write.data):
        end = start + SECTOR - (write.offset + start) % SECTOR
        yield write._replace(offset=write.offset + start, data=write.data[start:end])
        start = end


def files_after(
    before: Mapping[str, bytes], events: Sequence[Event], chance: random.Random
) -> dict[str, bytes]:
    """The files of a folder when the power is cut after these events."""
    files = {path: DurableFile(data) for path, data in before.items()}
    for event in events:
        file = files.setdefault(event.path, DurableFile(None))
        if event.what != "sync":
            file.since.append(event)
        if event.what == "sync" or event.is_synced:
            file.sync()
    cut = {path: file.after_cut(chance) for path, file in files.items()}
    return {path: data for path, data in cut.items() if data is not None}


def _invoke(*arguments: object) -> None:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, (result.output, result.exc_info)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages to load and archives to begin with."""
    folder = tmp_path_factory.mktemp("sources")
    lines = [json.dumps(page) for page in islice(short_pages(), 60)]
    made = {name: folder / name for name in ("pages.jsonl", "few.jsonl", "few.db", "pages.db")}
    made["pages.jsonl"].write_text("\n".join(lines), encoding="utf-8")
    made["few.jsonl"].write_text("\n".join(lines[:15]), encoding="utf-8")
    for name in ("few", "pages"):
        _invoke("load", made[f"{name}.jsonl"], "--db", made[f"{name}.db"], "-q")
    made["oldest.db"] = unpack(RELEASED[0], folder / "oldest.db")
    return made


Command = Callable[[Path, dict[str, Path]], tuple[object, ...]]
COMMANDS: dict[str, tuple[str | None, Command]] = {
    "first load": (None, lambda db, at: ("load", at["pages.jsonl"], "--db", db, "--workers", 1)),
    "load": ("few.db", lambda db, at: ("load", at["pages.jsonl"], "--db", db, "--workers", 1)),
    "merge": ("few.db", lambda db, at: ("merge", db, at["pages.db"])),
    "compact": ("pages.db", lambda db, at: ("compact", "--db", db)),
    "migration": ("oldest.db", lambda db, at: ("load", at["few.jsonl"], "--db", db)),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_power_cut_at_any_moment_leaves_a_sound_archive(
    name: str, sources: dict[str, Path], tmp_path: Path
) -> None:
    start, command = COMMANDS[name]
    db = tmp_path / "archive.db"
    if start:
        shutil.copy(sources[start], db)
    before = {str(path): path.read_bytes() for path in tmp_path.iterdir()}
    is_comparable = start is not None and start != "oldest.db"
    had = set(content(db)["snapshots"]) if is_comparable else set()
    arguments = command(db, sources)
    with disk(Disk(tmp_path, keeps_events=True)) as kept:
        _invoke(*arguments)
    wanted = content(db)
    chance = random.Random(6)
    for number in range(CUTS):
        at = len(kept.events) if number == 0 else chance.randrange(len(kept.events))
        for path in tmp_path.iterdir():
            path.unlink()
        for location, data in files_after(before, kept.events[:at], chance).items():
            Path(location).write_bytes(data)
        where = f"{name}: cut {number}, after {at} of {len(kept.events)} events"
        if db.exists() and db.stat().st_size and _is_there(db, kept.events[:at], start):
            verified(db)
            assert not had or had <= set(content(db)["snapshots"]), where
        _invoke(*arguments)
        assert content(db) == wanted, where
        verified(db)
    note(f"Power loss leaves a sound archive ({name})", cuts=CUTS, events=len(kept.events))


def _is_there(db: Path, events: Sequence[Event], start: str | None) -> bool:
    """Whether an archive that is being made has its tables yet; before that it is an empty file."""
    if start:
        return True
    synced = [event for event in events if event.what == "sync" and event.path.endswith("-wal")]
    return len(synced) > 2


def test_files_after_a_cut_are_those_that_a_disk_can_leave() -> None:
    chance = random.Random(1)
    old = bytes([1]) * 2048
    new = Event("write", "a", 256, bytes([2]) * 1024)
    found = {files_after({"a": old}, [new], chance)["a"] for _ in range(300)}
    assert {old, old[:256] + new.data + old[1280:]} < found
    assert all(data[:256] == old[:256] and data[1280:] == old[1280:] for data in found)
    # Each sector is whole, the old or the new one.
    assert {data[256:512] for data in found} == {bytes([1]) * 256, bytes([2]) * 256}
    assert {data[512:1024] for data in found} == {bytes([1]) * 512, bytes([2]) * 512}
    synced = [new, Event("sync", "a"), Event("delete", "a", is_synced=True)]
    assert all(files_after({"a": old}, synced[:2], chance)["a"] in found for _ in range(9))
    assert files_after({"a": old}, synced, chance) == {}
