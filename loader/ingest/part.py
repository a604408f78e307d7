"""One task of a cluster: load a group of sources into a part, which is an archive of its own.

A part is named `part-SOURCES-CONTENT.db`. The first digest covers the states of its sources and
the options, and identifies the part; the second covers its bytes, and detects damage.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import fsspec.core
from distributed import get_worker
from fsspec.implementations.local import LocalFileSystem

from loader.archive.archive import Archive
from loader.archive.connection import archive_errors, open_readonly
from loader.archive.raw import store_dictionary
from loader.archive.read_sources import ReadSource, all_read_sources
from loader.archive.schema import is_current
from loader.errors import ArchiveError, LoaderError, SourceError
from loader.ingest.load import LoadPlan, LoadResult, load_sources
from loader.model import Fingerprint
from loader.page import PARSER_VERSION
from loader.sources import ReadOptions, Source, file_digest, reading_key

_DIGITS: Final = 24  # hex digits of a SHA-256 in each half of a name
_NAME: Final = re.compile(rf"(part-[0-9a-f]{{{_DIGITS}}})-([0-9a-f]{{{_DIGITS}}})\.db")
_ALONE: Final = LoadPlan(workers=1, date=False)

SourceState: TypeAlias = tuple[Source, Fingerprint | None]


@dataclass(frozen=True, slots=True)
class Group:
    """The sources of one task, and their size; `name` is the first half of the part's name."""

    name: str
    sources: tuple[Source, ...]
    size: int
    parser_version: int = PARSER_VERSION


@dataclass(frozen=True, slots=True)
class Job:
    """Settings common to all tasks of a run: options, and the folder for parts.

    `run` marks the temporary files of this run, so that they can be removed afterwards.
    """

    options: ReadOptions
    folder: str
    run: str


@dataclass(frozen=True, slots=True)
class PartStatus:
    """The outcome of a task: the file name of its part, and sources not read completely.

    `passed_over` is that of LoadResult. `fault` is the reason for a missing part that does not
    concern these sources, such as a full disk.
    """

    file: str | None
    failures: tuple[SourceError, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)
    fault: LoaderError | None = None


def name_group(sources: Sequence[SourceState], options: ReadOptions) -> Group:
    """Return the group of sources; groups with equal sources and states have equal names."""
    # The ETag replaces the time, since a store may state the time in several formats.
    states = [
        (source.name, source.kind, seen and (seen.size, seen.etag or seen.modified_at))
        for source, seen in sources
    ]
    content = json.dumps([PARSER_VERSION, reading_key(options), states])
    digest = hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]
    size = sum(seen.size or 0 for _, seen in sources if seen)
    return Group(f"part-{digest}", tuple(source for source, _ in sources), size)


def make_part(group: Group, job: Job, dictionary: bytes | None) -> PartStatus:
    """Load the sources of a group into a part. Never raises: the status has any fault.

    Captures are compressed with `dictionary` if there is one.
    """
    try:
        if group.parser_version != PARSER_VERSION:
            fault = f"has version {PARSER_VERSION} of the parser, not {group.parser_version}"
            raise LoaderError(f"worker on {socket.gethostname()}", fault, "install one loader")
        with tempfile.TemporaryDirectory(prefix="loader-part-", dir=_scratch()) as folder:
            path = Path(folder) / "part.db"
            result = _load(path, group, job.options, dictionary)
            file = Parts(job.folder).publish(path, group.name, job.run)
        return PartStatus(file, tuple(result.failures), result.passed_over)
    except LoaderError as fault:
        return PartStatus(None, fault=fault)
    except OSError as error:
        subject = f"worker on {socket.gethostname()}"
        return PartStatus(None, fault=LoaderError(subject, f"cannot make a part: {_words(error)}"))
    except Exception as error:  # an exception might be lost with the task
        reason = f"no part was written: {type(error).__name__}: {_words(error)}"
        failures = (SourceError(source.name, reason, "run it again") for source in group.sources)
        return PartStatus(None, tuple(failures))


def _load(path: Path, group: Group, options: ReadOptions, dictionary: bytes | None) -> LoadResult:
    with Archive.open(path) as archive:
        if dictionary:
            archive.begin_writing()
            archive.in_transaction(lambda conn: store_dictionary(conn, dictionary))
        return load_sources(archive, group.sources, options, plan=_ALONE)


def _scratch() -> str | None:
    """Return the worker's folder, which Dask removes when the worker has died."""
    try:
        return str(get_worker().local_directory)
    except ValueError:  # not called by a worker
        return None


class Parts:
    """The folder of the parts: a path, or an address in any store that fsspec supports.

    Every method raises LoaderError if the store fails.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder.rstrip("/")
        with self._errors("opened"):
            self._fs, path = fsspec.core.url_to_fs(folder)
        self._path = str(path).rstrip("/")
        if self._is_local:
            # Absolute, since workers have working directories of their own.
            self.folder = self._path

    @property
    def _is_local(self) -> bool:
        return isinstance(self._fs, LocalFileSystem)

    def make_folder(self) -> None:
        """Create the folder unless it exists."""
        with self._errors("made"):
            self._fs.makedirs(self._path, exist_ok=True)

    def standing(self) -> dict[str, str]:
        """Return the file names of existing parts by the names of their groups."""
        matches = map(_NAME.fullmatch, self._names())
        return {match[1]: match[0] for match in matches if match}

    def publish(self, path: Path, name: str, run: str) -> str:
        """Copy a part into the folder, atomically by renaming; return its file name."""
        file = f"{name}-{_content_digest(path)}.db"
        # Unique for each attempt, since Dask may restart a task that is still running.
        temporary = f"{self._path}/.{run}-{uuid.uuid4().hex}"
        with self._errors("written"):
            try:
                self._fs.put_file(str(path), temporary)
                self._fs.mv(temporary, f"{self._path}/{file}")
            except BaseException:
                with suppress(Exception):  # the first fault is the one to report
                    self._fs.rm_file(temporary)
                raise
        return file

    @contextmanager
    def local(self, file: str) -> Iterator[Path]:
        """Yield the path of a part on this machine: in the folder itself, or of a copy."""
        if self._is_local:
            path = Path(self._path) / file
            if not path.exists():
                remedy = "name a folder that all machines share"
                raise LoaderError(str(path), "is not here, though a worker wrote it", remedy)
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="loader-part-") as folder:
            path = Path(folder) / file
            with self._errors("read"):
                self._fs.get_file(f"{self._path}/{file}", str(path))
            yield path

    def check(self, path: Path, file: str) -> list[ReadSource]:
        """Return the sources read to their end for the part at `path`.

        Raises ArchiveError if it is damaged, not an archive, or of another schema.
        """
        place = f"{self.folder}/{file}"
        match = _NAME.fullmatch(file)
        if match is None or _content_digest(path) != match[2]:
            raise ArchiveError(place, "is cut off or damaged: its bytes are not those of its name")
        with closing(open_readonly(path)) as conn, archive_errors(place):
            if not is_current(conn):
                raise ArchiveError(place, "has an older schema")
            return all_read_sources(conn)

    def remove(self, file: str) -> None:
        """Remove a part."""
        with self._errors("written"):
            self._fs.rm_file(f"{self._path}/{file}")

    def sweep(self, run: str) -> None:
        """Remove temporary files left by killed tasks of a run."""
        for name in self._names():
            if name.startswith(f".{run}-"):
                self.remove(name)

    def _names(self) -> list[str]:
        with self._errors("listed"):
            self._fs.invalidate_cache()
            # Stores have no empty folders.
            if not self._fs.exists(self._path):
                return []
            return [str(path).rpartition("/")[2] for path in self._fs.ls(self._path, detail=False)]

    @contextmanager
    def _errors(self, done: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each store raises exceptions of its own
            fault = f"cannot be {done}: {_words(error)}"
            raise LoaderError(self.folder, fault, "see to it, and run it again") from error


def _content_digest(path: Path) -> str:
    return (file_digest(str(path)) or "")[:_DIGITS]


def _words(error: Exception) -> str:
    """Return the message of an exception in one line."""
    words = getattr(error, "strerror", None) or str(error).strip() or type(error).__name__
    return str(words).splitlines()[0]
