"""Worker processes on this machine: read and parse on all cores, and send rows to one writer.

If a worker dies, its task is retried once with each of its sources alone. Only a source that
kills its worker again is given up. (ProcessPoolExecutor would fail everything pending.)
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, replace
from types import TracebackType
from typing import Any, BinaryIO, Final, cast

from loader.errors import SourceError
from loader.ingest.reading import Consumed, Done, Event, Rows
from loader.ingest.tasks import Task, Work
from loader.ingest.worker import packed_work, receive, send, unpacked_done
from loader.page.known_boards import KnownBoard
from loader.rows.packing import unpack
from loader.sources import PassedOver, ReadOptions

if sys.platform == "linux":
    import fcntl

MAX_ATTEMPTS: Final = 2
# Messages per worker that may wait for the writer, each a batch of rows.
_WAITING_A_WORKER = 6

# A worker with a long task is told the newest boards of others after it.
_BOARDS_TO_TELL: Final = 16 * 1024

# The most that Linux gives to every user; 64 KiB is usual.
_PIPE_BYTES: Final = 1024 * 1024

_Message = tuple["_Worker", tuple[Any, ...] | None]
_Share = Callable[["_Worker", Sequence[KnownBoard]], None]


class Pool:
    """A pool of workers, which are started when there is work for them."""

    def __init__(self, workers: int, options: ReadOptions) -> None:
        self._limit = workers
        self._options = options
        self._inbox: queue.Queue[_Message] = queue.Queue(maxsize=_WAITING_A_WORKER * workers)
        self._workers: list[_Worker] = []
        self._dictionary: tuple[bytes | None] | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def use_dictionary(self, dictionary: bytes | None) -> None:
        """Make workers compress captures from now on, with this dictionary if there is one."""
        self._dictionary = (dictionary,)
        for worker in self._workers:
            worker.tell(("dictionary", dictionary))

    def events(self, tasks: Iterator[Task]) -> Iterator[Event]:
        """Yield the events of the workers, in the order of arrival."""
        again: deque[Task] = deque()
        numbers = iter(range(sys.maxsize))
        while True:
            while task := _next(again, tasks):
                worker = self._worker_for(task)
                if worker is None:
                    again.appendleft(task)
                    break
                worker.give(next(numbers), task)
            if not any(worker.tasks for worker in self._workers):
                return
            worker, message = self._inbox.get()
            if message is None:
                yield from self._bury(worker, again)
            else:
                yield from worker.events(message)

    def _worker_for(self, task: Task) -> _Worker | None:
        """Return an idle or new worker, else one with a free queue slot, else None.

        The queue keeps a worker busy that has finished a task whose last rows still wait for the
        writer.
        """
        for worker in self._workers:
            if not worker.tasks:
                return worker
        if len(self._workers) < self._limit:
            return self._start()
        if task.may_wait:
            for worker in self._workers:
                if len(worker.tasks) == 1 and not worker.tasks[0].is_suspect:
                    return worker
        return None

    def _start(self) -> _Worker:
        worker = _Worker(self._options, self._inbox, self._share_boards)
        if self._dictionary:
            worker.tell(("dictionary", self._dictionary[0]))
        self._workers.append(worker)
        return worker

    def _share_boards(self, sender: _Worker, boards: Sequence[KnownBoard]) -> None:
        """Note the new boards of a worker for the others, so that each is parsed by one of them.

        Called by the thread that listens to `sender`.
        """
        for worker in tuple(self._workers):
            if worker is not sender:
                worker.boards.extend(boards)

    def _bury(self, worker: _Worker, again: deque[Task]) -> Iterator[Event]:
        """Retry the unfinished sources of a dead worker, or give them up."""
        self._workers.remove(worker)
        status = worker.stop()
        if not worker.tasks:
            return
        task, *waiting = worker.tasks
        # The worker may have begun one of these without having reported it yet.
        again.extend(replace(other, is_suspect=True) for other in waiting)
        if task.attempt < MAX_ATTEMPTS:
            again.extend(task.split())
            return
        for work in task.works:
            yield Done(work, _deadly(work, status))

    def _stop(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.kill()
        # A listener may be waiting for room in the inbox; it ends with the pipe.
        while any(worker.has_listener() for worker in workers):
            try:
                self._inbox.get(timeout=0.01)
            except queue.Empty:
                continue
        for worker in workers:
            worker.stop()


def _next(again: deque[Task], tasks: Iterator[Task]) -> Task | None:
    return again.popleft() if again else next(tasks, None)


def _deadly(work: Work, status: int) -> SourceError:
    ended = f"signal {-status}" if status < 0 else f"exit code {status}"
    return SourceError(
        work.source.name,
        f"ended its worker process {MAX_ATTEMPTS} times ({ended})",
        "load it alone with --workers 1 to see why",
        work.start or None,
    )


class _Worker:
    """One worker process with its tasks, and the thread that listens to it."""

    def __init__(self, options: ReadOptions, inbox: queue.Queue[_Message], share: _Share) -> None:
        # The current task, with its unfinished works, and a queued one.
        self.tasks: deque[Task] = deque()
        # The newest boards of other workers, which it is told with its next task.
        self.boards: deque[KnownBoard] = deque(maxlen=_BOARDS_TO_TELL)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "loader.ingest.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )
        _enlarge(self._process.stdout)
        self._listener = threading.Thread(target=self._listen, args=(inbox, share), daemon=True)
        self._listener.start()
        self.tell(astuple(options))

    def _listen(self, inbox: queue.Queue[_Message], share: _Share) -> None:
        output = self._process.stdout
        message: tuple[Any, ...] | None = ()
        while output is not None and message is not None:
            message = _received(output)
            inbox.put((self, message))
            if message and message[0] == "rows":
                # After `put`: the rows precede those of a worker that is told of their boards.
                share(self, message[4])

    def tell(self, message: tuple[Any, ...]) -> None:
        """Send a message; a dead worker is detected when its output ends."""
        if self._process.stdin is not None:
            try:
                send(cast("BinaryIO", self._process.stdin), message)
            except OSError:
                return

    def give(self, number: int, task: Task) -> None:
        self.tasks.append(task)
        boards = [self.boards.popleft() for _ in range(len(self.boards))]
        self.tell(("task", number, [packed_work(work) for work in task.works], boards))

    def events(self, message: tuple[Any, ...]) -> Iterator[Event]:
        kind = message[0]
        if kind == "rows":
            yield Rows(unpack(message[3]), message[2], message[4])
        elif kind == "consumed":
            yield Consumed(message[2])
        elif kind == "passed":
            yield PassedOver(*message[2:])
        elif kind == "done":
            done = unpacked_done(*message[2:])
            self.tasks[0] = self.tasks[0].without(done.work)
            yield done
        elif kind == "idle":
            self.tasks.popleft()

    def kill(self) -> None:
        self._process.kill()

    def has_listener(self) -> bool:
        return self._listener.is_alive()

    def stop(self) -> int:
        """Wait for the end of the process; return its exit status."""
        status = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)
        return status


def _enlarge(pipe: Any) -> None:
    """Let a pipe hold more of a message, where the system can and the user may.

    Its reader then wakes 16 times less often, which spares the writer a tenth of its time.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _received(output: Any) -> tuple[Any, ...] | None:
    try:
        return receive(output)
    except (OSError, ValueError, EOFError):
        return None


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return  # the reader of any unsent data is gone


def _environment() -> dict[str, str]:
    """Return the environment with this process's module path, to import the same loader."""
    path = os.pathsep.join(part for part in sys.path if part)
    return {**os.environ, "PYTHONPATH": path}
