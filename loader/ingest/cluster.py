"""Parsing on a Dask cluster, or on a local one: sources to Parquet parts and a manifest.

    find sources -> groups -> one task a group -> parts/part-....parquet -> manifest.json

What is there is not made again. A task that a worker died of is tried again by itself, each
of its sources alone, since Dask may blame a neighbour of the one that kills (BULK.md).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import dask
import fsspec.core
from distributed import Client, Future, LocalCluster, as_completed
from distributed.scheduler import KilledWorker

from loader.errors import LoaderError, SourceError
from loader.ingest.load import Location
from loader.ingest.part_task import (
    Group,
    PartStatus,
    existing_part,
    make_group,
    write_part,
)
from loader.ingest.tasks import size_of
from loader.sources import ReadOptions, Skipped, Source, find_sources

MANIFEST = "manifest.json"
# A task costs Dask 2 to 5 ms (BULK.md): small sources go together.
GROUP_BYTES = 32 * 1024 * 1024
GROUP_SOURCES = 500
# Tasks handed out and not yet done, for each worker there is or may come.
_AHEAD = 200
CONNECT_SECONDS = 30


@dataclass(slots=True)
class PartsResult:
    """What a run came to: all parts that stand now, and sources that could not be read."""

    parts: list[PartStatus] = field(default_factory=list)
    made: int = 0
    failures: list[SourceError] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def captures(self) -> int:
        return sum(part.captures for part in self.parts)


def parse_to_parts(
    locations: Iterable[Location],
    options: ReadOptions,
    folder: str,
    *,
    address: str | None = None,
    workers: int = 1,
) -> PartsResult:
    """Parse all sources into parts in `folder`, a path or an address that all workers reach.

    `address` is a Dask scheduler's; without one, a cluster of `workers` processes starts on
    this machine. Raises LoaderError when the folder cannot be written or no scheduler answers.
    """
    result = PartsResult()
    fs, path = fsspec.core.url_to_fs(folder)
    try:
        fs.makedirs(path, exist_ok=True)
    except OSError as error:
        raise LoaderError(folder, f"cannot be made: {error}", "name another folder") from error
    digests = _digests_of_manifest(fs, path)
    groups = _missing(_groups(locations, options, result), folder, digests, result)
    first = next(groups, None)
    if first is not None:
        # One death is enough: what killed its worker is tried again alone, below.
        one_death = dask.config.set({"distributed.scheduler.allowed-failures": 0})
        with one_death, _client(address, workers) as client:
            _Run(client, options, folder, digests, result).run(first, groups)
    _write_manifest(fs, path, result)
    return result


def _groups(
    locations: Iterable[Location], options: ReadOptions, result: PartsResult
) -> Iterator[Group]:
    """Sources by the group, large ones alone; what cannot be found goes to `result`."""
    group: list[Source] = []
    size = 0
    for found in find_sources(locations):
        if isinstance(found, Skipped):
            result.skipped.append(found)
        elif isinstance(found, SourceError):
            result.failures.append(found)
        elif found.kind == "stdin":
            fault = "is a stream, which no worker can read"
            result.failures.append(SourceError(found.name, fault, "save it to a file first"))
        else:
            group.append(found)
            size += size_of(found)
            if size >= GROUP_BYTES or len(group) >= GROUP_SOURCES:
                yield make_group(group, options)
                group, size = [], 0
    if group:
        yield make_group(group, options)


def _digests_of_manifest(fs: Any, path: str) -> dict[str, str]:
    """Of each part as it was written; of none where no whole manifest stands yet."""
    try:
        with fs.open(f"{path}/{MANIFEST}", encoding="utf-8", mode="r") as file:
            return {part["name"]: part["digest"] for part in json.load(file)["parts"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _missing(
    groups: Iterator[Group], folder: str, digests: Mapping[str, str], result: PartsResult
) -> Iterator[Group]:
    for group in groups:
        if known := existing_part(group, folder, digests):
            result.parts.append(known)
        else:
            yield group


def _client(address: str | None, workers: int) -> Client:
    try:
        if address is not None:
            return Client(address, timeout=CONNECT_SECONDS)
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=50,
        )
        return _OwnClient(cluster)
    except (OSError, ValueError) as error:
        raise LoaderError(
            address or "local cluster", f"no Dask scheduler answers: {error}", "check the address"
        ) from error


class _OwnClient(Client):  # type: ignore[misc]
    """A client that closes the cluster which was started for it."""

    def __init__(self, cluster: LocalCluster) -> None:
        self._own_cluster = cluster
        super().__init__(cluster)

    def __exit__(self, *details: Any) -> None:
        super().__exit__(*details)
        self._own_cluster.close()


@dataclass(slots=True)
class _Run:
    """Tasks under way on a cluster."""

    client: Client
    options: ReadOptions
    folder: str
    digests: Mapping[str, str]
    result: PartsResult
    suspects: list[Group] = field(default_factory=list)
    under_way: dict[str, Group] = field(default_factory=dict)

    def run(self, first: Group, rest: Iterator[Group]) -> None:
        """All groups, then those that a worker died of."""
        pending = as_completed()
        pending.add(self._submit(first))
        for group, _ in zip(rest, range(_AHEAD), strict=False):
            pending.add(self._submit(group))
        for future in pending:
            self._take(future)
            if (following := next(rest, None)) is not None:
                pending.add(self._submit(following))
        for group in self.suspects:
            for source in group.sources:
                self._alone(source)

    def _submit(self, group: Group, attempt: str = "") -> Future:
        # The key is the part: what is asked for twice is made once.
        key = f"{group.name}{attempt}"
        future = self.client.submit(
            write_part, group, self.options, self.folder, key=key, pure=False
        )
        self.under_way[key] = group
        return future

    def _take(self, future: Future) -> None:
        group = self.under_way.pop(future.key)
        try:
            self._keep(group, future.result())
        except KilledWorker:
            self.suspects.append(group)
        except Exception as error:  # whatever serialisation or the network brings
            self._fail(group, f"its task failed: {error}")

    def _alone(self, source: Source) -> None:
        group = make_group([source], self.options)
        if known := existing_part(group, self.folder, self.digests):
            self.result.parts.append(known)
            return
        future = self._submit(group, "-alone")
        self.under_way.pop(future.key)
        try:
            self._keep(group, future.result())
        except KilledWorker:
            self._fail(group, "ended its worker process, also when read alone")
        except Exception as error:  # as above
            self._fail(group, f"its task failed: {error}")

    def _keep(self, group: Group, status: PartStatus) -> None:
        if status.fault:
            self._fail(group, status.fault)
            return
        self.result.made += 1
        self.result.parts.append(status)
        for location, reason in status.faults:
            self.result.failures.append(SourceError(location, reason))

    def _fail(self, group: Group, reason: str) -> None:
        for source in group.sources:
            self.result.failures.append(SourceError(source.name, reason, "run it again"))


def _write_manifest(fs: Any, path: str, result: PartsResult) -> None:
    """What stands in the folder, by part, and what failed; replaced in one step."""
    manifest = {
        "parts": [asdict(part) for part in sorted(result.parts, key=lambda part: part.name)],
        "failed": [
            {"source": failure.subject, "reason": failure.fault} for failure in result.failures
        ],
    }
    temporary = f"{path}/.{MANIFEST}-{uuid.uuid4().hex}"
    try:
        with fs.open(temporary, "w", encoding="utf-8") as file:
            json.dump(manifest, file, indent=1)
        fs.mv(temporary, f"{path}/{MANIFEST}")
    except OSError as error:
        raise LoaderError(path, f"the manifest cannot be written: {error}") from error
