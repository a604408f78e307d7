"""Load on a remote or local Dask cluster: make parts from sources, and fold them into the archive.

    find sources -> groups -> one task per group -> part-....db -> fold -> archive

Sources that the archive has read are skipped, and existing parts are not made again. A task whose
worker died is retried once with each of its sources alone, since Dask may blame a task that ran
beside the faulty one.
"""

from __future__ import annotations

import logging
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Final

import dask
from distributed import Client, Future, LocalCluster, as_completed
from distributed.scheduler import KilledWorker

from loader.archive.archive import Archive
from loader.archive.raw import current_dictionary
from loader.archive.read_sources import ReadSource, remember_sources, unknown_sources
from loader.archive.write.batch import Counts
from loader.errors import ArchiveError, LoaderError, SourceError
from loader.ingest.load import LoadPlan, LoadResult, Location, Progress, load_sources
from loader.ingest.part import (
    Group,
    Job,
    Parts,
    PartStatus,
    SourceState,
    make_part,
    name_group,
)
from loader.ingest.read_before import ReadBefore
from loader.ingest.reading import state_of
from loader.sources import ReadOptions, Skipped, find_sources

__all__ = ["ClusterPlan", "load_on_cluster"]

# Small sources are grouped, since each part has a fixed cost of some tenths of a second.
GROUP_BYTES = 32 * 1024 * 1024
GROUP_SOURCES = 500
# Bytes of a crawl that take as long as one byte of pages, since few records are wanted.
_CRAWL_BYTES_A_BYTE: Final = 4
_CRAWLS: Final = frozenset({"warc", "wet"})
# Largest number of tasks submitted and not done.
_AHEAD: Final = 200
CONNECT_SECONDS = 30

Fold = Callable[[Path], Counts]


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """Options of a cluster load.

    `folder`, for parts, is a path or address that all workers can reach. `address` is that of a
    Dask scheduler; without one, `workers` processes are started here. `reread` makes all parts
    again.
    """

    folder: str
    address: str | None = None
    workers: int = 1
    reread: bool = False


def load_on_cluster(
    archive: Archive,
    locations: Iterable[Location],
    options: ReadOptions,
    plan: ClusterPlan,
    fold: Fold,
    progress: Progress = lambda count: None,
    warn: Callable[[str], None] = lambda line: None,
) -> LoadResult:
    """Append every capture at `locations`, like `load_sources`, but read them on a cluster.

    `fold` adds a part to the archive without dating it, `progress` is called with bytes of files
    read, `warn` with messages about parts that must be made again. Raises LoaderError if no
    scheduler answers, the folder cannot be written or a worker's disk is full; finished parts
    stay.
    """
    parts = Parts(plan.folder)
    parts.make_folder()
    job = Job(options, parts.folder, f"loading-{uuid.uuid4().hex[:12]}")
    run = _Run(archive, job, parts, fold, progress, warn)
    groups = run.groups_to_make(locations, plan.reread)
    try:
        if (first := next(groups, None)) is not None:
            with _client(plan) as client:
                run.make(client, chain([first], groups))
    finally:
        with suppress(LoaderError):
            parts.sweep(job.run)
    return run.finish(plan.reread)


@contextmanager
def _client(plan: ClusterPlan) -> Iterator[Client]:
    """Yield a client of the scheduler, or of a local one that ends with the client."""
    with ExitStack() as stack:
        try:
            scheduler = plan.address or stack.enter_context(_local_cluster(plan.workers))
            client = stack.enter_context(Client(scheduler, timeout=CONNECT_SECONDS))
        except (OSError, ValueError) as error:
            subject = plan.address or "local cluster"
            fault = f"no Dask scheduler answers: {error}"
            raise LoaderError(subject, fault, "check the address") from error
        yield client


@contextmanager
def _local_cluster(workers: int) -> Iterator[LocalCluster]:
    with (
        tempfile.TemporaryDirectory(prefix="loader-cluster-") as scratch,
        dask.config.set(
            {
                # No retries by Dask: sources of a dead worker are retried alone.
                "distributed.scheduler.allowed-failures": 0,
                # The profile is not used, and takes 5 % of the time.
                "distributed.worker.profile.enabled": False,
                "temporary-directory": scratch,
            }
        ),
    ):
        with _sigint_blocked():
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                # A port is bound nevertheless, and 8787 may belong to another cluster.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                silence_logs=logging.CRITICAL,
            )
        with cluster:
            yield cluster


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Shield processes and threads started meanwhile from Ctrl-C; this process ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(slots=True)
class _Run:
    """A load in progress: groups by the keys of their tasks, and faults."""

    archive: Archive
    job: Job
    parts: Parts
    fold: Fold
    progress: Progress
    warn: Callable[[str], None]
    result: LoadResult = field(default_factory=LoadResult)
    under_way: dict[str, Group] = field(default_factory=dict)
    suspects: list[Group] = field(default_factory=list)
    # Locations in no part: errors, and sources that only this process can read.
    left: list[Location] = field(default_factory=list)

    def groups_to_make(self, locations: Iterable[Location], reread: bool) -> Iterator[Group]:
        """Yield groups of unread sources; fold at once those whose part exists already."""
        before = ReadBefore(self.archive.conn, self.job.options, self.result, reread)
        standing = {} if reread else self.parts.standing()
        for sources in self._grouped(locations, before):
            unread = [(source, seen) for source, seen in sources if not before.has(source, seen)]
            group = name_group(unread, self.job.options)
            self.progress(sum(seen.size or 0 for _, seen in sources if seen) - group.size)
            if unread and not self._is_folded(group, standing.get(group.name)):
                yield group

    def _grouped(
        self, locations: Iterable[Location], before: ReadBefore
    ) -> Iterator[list[SourceState]]:
        # Groups include skipped sources, so that they are the same in the next run.
        group: list[SourceState] = []
        cost = 0
        for found in find_sources(locations, self.job.options, before.state):
            if isinstance(found, Skipped):
                self.result.skipped.append(found)
            elif isinstance(found, SourceError) or found.kind == "stdin" or found.answer:
                self.left.append(found)
            else:
                seen = state_of(found)
                group.append((found, seen))
                size = (seen and seen.size) or 0
                cost += size // _CRAWL_BYTES_A_BYTE if found.kind in _CRAWLS else size
                if cost >= GROUP_BYTES or len(group) >= GROUP_SOURCES:
                    yield group
                    group, cost = [], 0
        if group:
            yield group

    def _is_folded(self, group: Group, file: str | None) -> bool:
        """Fold an existing part; return False if it must be made, because missing or damaged."""
        if file is None:
            return False
        with self.parts.local(file) as path:
            try:
                read = self.parts.check(path, file)
            except ArchiveError as fault:
                self.warn(f"made again: {fault}")
                read = []
            # Sources that could not be read to their end may be complete by now.
            if {source.name for source in group.sources} <= {source.location for source in read}:
                self._fold(group, path, read)
                return True
        self.parts.remove(file)
        return False

    def make(self, client: Client, groups: Iterator[Group]) -> None:
        """Make and fold all parts; then retry those whose worker died."""
        pending = as_completed(self._submit(client, group) for group in islice(groups, _AHEAD))
        for future in pending:
            self._take(future)
            if (following := next(groups, None)) is not None:
                pending.add(self._submit(client, following))
        for suspect in self.suspects:
            for source in suspect.sources:
                alone = name_group([(source, state_of(source))], self.job.options)
                self._take(self._submit(client, alone, is_suspect=True), is_suspect=True)

    def _submit(self, client: Client, group: Group, *, is_suspect: bool = False) -> Future:
        dictionary = current_dictionary(self.archive.conn)
        # The key includes the run, since a task of another run may have been lost with its client.
        key = f"{group.name}-{self.job.run}{'-alone' * is_suspect}"
        self.under_way[key] = group
        return client.submit(make_part, group, self.job, dictionary, key=key, pure=False, retries=0)

    def _take(self, future: Future, *, is_suspect: bool = False) -> None:
        group = self.under_way.pop(future.key)
        try:
            status: PartStatus = future.result()
        except KilledWorker:
            if not is_suspect:
                self.suspects.append(group)
                return
            reason = "ended its worker process, also when read alone"
            remedy = "load it alone with --workers 1 to see why"
            fault = SourceError(group.sources[0].name, reason, remedy)
            status = PartStatus(None, failures=(fault,))
        except Exception as error:  # any error of serialisation or the network
            raise LoaderError(
                "cluster", f"a task failed: {error}", "have one loader on all machines"
            ) from error
        if status.fault:
            raise status.fault
        if status.file is None:
            self.left.extend(status.failures)
            return
        self.result.failures.extend(status.failures)
        self.result.passed_over.update(status.passed_over)
        with self.parts.local(status.file) as path:
            self._fold(group, path, self.parts.check(path, status.file))

    def _fold(self, group: Group, path: Path, read: list[ReadSource]) -> None:
        self.result.counts += self.fold(path)
        if news := unknown_sources(self.archive.conn, read):
            self.archive.begin_writing()
            self.archive.in_transaction(lambda conn: remember_sources(conn, news))
        self.progress(group.size)

    def finish(self, reread: bool) -> LoadResult:
        """Load the remaining locations here, and infer the days of new boards."""
        plan = LoadPlan(reread=reread)
        last = load_sources(self.archive, self.left, self.job.options, self.progress, plan=plan)
        self.result.include(last)
        return self.result
