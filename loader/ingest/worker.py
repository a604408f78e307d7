"""A worker process: reads tasks from standard input, writes rows to standard output.

`pool.py` starts it as `python -m loader.ingest.worker` rather than through multiprocessing, which
would import the whole command line, Datasette included, into every worker.

Messages are a length and marshal data. In: `("task", number, works, boards)`,
`("dictionary", data)`, where `boards` are those that the writer got from other workers.
Out: `("rows", number, is_plain, rows, boards)`, `("consumed", number, bytes)`,
`("passed", number, source, reason, count)`, `("done", number, work, fault, seen)`,
`("idle", number)`.
"""

from __future__ import annotations

import os
import queue
import signal
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import astuple
from typing import Any, BinaryIO

from loader.errors import SourceError
from loader.ingest.collecting import few_collections
from loader.ingest.reading import Consumed, Done, Event, Rows, work_events
from loader.ingest.tasks import Work
from loader.model import Fingerprint
from loader.page.known_boards import KnownBoard, KnownBoards
from loader.rows.codec import PLAIN, Codec, Zstd
from loader.rows.packing import from_bytes, pack, to_bytes
from loader.sources import PassedOver, ReadOptions, Source
from loader.sources.source import Answer

_LENGTH = struct.Struct("<Q")
_NICER = 10

_Task = tuple[int, list[Work], list[KnownBoard]]


def send(file: BinaryIO, message: tuple[Any, ...]) -> None:
    """Write one message."""
    data = to_bytes(message)
    file.write(_LENGTH.pack(len(data)))
    file.write(data)
    file.flush()


def receive(file: BinaryIO) -> tuple[Any, ...] | None:
    """Read the next message; None if the other side is gone."""
    head = file.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = file.read(length)
    if len(data) < length:
        return None
    message: tuple[Any, ...] = from_bytes(data)
    return message


def packed_work(work: Work) -> tuple[Any, ...]:
    answer = tuple(work.source.answer) if work.source.answer else None
    return (work.source.location, work.source.kind, answer, work.start, work.end, work.size)


def unpacked_work(fields: tuple[Any, ...]) -> Work:
    location, kind, answer, start, end, size = fields
    return Work(Source(location, kind, Answer(*answer) if answer else None), start, end, size)


def packed_fault(fault: SourceError | None) -> tuple[Any, ...] | None:
    return (fault.subject, fault.fault, fault.remedy, fault.offset) if fault else None


class Worker:
    """Processes tasks one after the other, until its input ends."""

    def __init__(self, options: ReadOptions, output: BinaryIO) -> None:
        self._options = options
        self._output = output
        self._codec: Codec = PLAIN
        self._known = KnownBoards()
        self._outbox: queue.Queue[tuple[Any, ...] | None] = queue.Queue(maxsize=2)

    def use_dictionary(self, dictionary: bytes | None) -> None:
        """Compress captures from now on, with a dictionary if there is one."""
        self._codec = Zstd(dictionary)

    def run(self, tasks: queue.Queue[_Task | None]) -> None:
        """Process tasks until None; a thread sends messages, at most two behind."""
        sender = threading.Thread(target=self._send_all, daemon=True)
        sender.start()
        while (task := tasks.get()) is not None:
            number, works, boards = task
            for board in boards:
                self._known.keep(*board)
            for work in works:
                for event in work_events(work, self._options, lambda: self._codec, self._known):
                    self._outbox.put(self._message(number, event))
            self._outbox.put(("idle", number))
        self._outbox.put(None)
        sender.join()

    def _message(self, number: int, event: Event) -> tuple[Any, ...]:
        if isinstance(event, Rows):
            return "rows", number, event.is_plain, pack(event.items), event.boards
        if isinstance(event, Consumed):
            return "consumed", number, event.count
        if isinstance(event, PassedOver):
            return "passed", number, event.source, event.reason, event.count
        seen = astuple(event.seen) if event.seen else None
        return "done", number, packed_work(event.work), packed_fault(event.fault), seen

    def _send_all(self) -> None:
        try:
            while (message := self._outbox.get()) is not None:
                send(self._output, message)
        except OSError:
            _leave()


def _listen(
    file: BinaryIO,
    tasks: queue.Queue[_Task | None],
    use_dictionary: Callable[[bytes | None], None],
) -> None:
    while message := receive(file):
        if message[0] == "dictionary":
            use_dictionary(message[1])
        else:
            _, number, works, boards = message
            tasks.put((number, [unpacked_work(fields) for fields in works], boards))
    # The load or its process has ended, so remaining tasks are dropped.
    tasks.put(None)


def _leave() -> None:
    os._exit(1)


def main() -> None:
    # The writer gets priority, since its work cannot be divided.
    if hasattr(os, "nice"):
        os.nice(_NICER)
    # Ctrl-C reaches the whole process group, but the writing process ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    # Output printed by a library must not get between the messages.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    file = sys.stdin.buffer
    first = receive(file)
    if first is None:
        return
    tasks: queue.Queue[_Task | None] = queue.Queue()
    worker = Worker(ReadOptions(*first), output)
    threading.Thread(target=_listen, args=(file, tasks, worker.use_dictionary), daemon=True).start()
    with few_collections():
        worker.run(tasks)


def unpacked_done(
    fields: tuple[Any, ...], fault: tuple[Any, ...] | None, seen: tuple[Any, ...] | None
) -> Done:
    """Return a Done event from its message."""
    return Done(
        unpacked_work(fields),
        SourceError(*fault) if fault else None,
        Fingerprint(*seen) if seen else None,
    )


if __name__ == "__main__":
    main()
