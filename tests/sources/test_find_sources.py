"""find_sources: sources, their order, and errors that are yielded instead of raised."""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loader.errors import SourceError
from loader.sources import Skipped, Source, find_sources

Write = Callable[[str, bytes], str]


def sources(*locations: str) -> list[Source]:
    return [found for found in find_sources(locations) if isinstance(found, Source)]


def only_fault(*locations: str) -> SourceError:
    (fault,) = find_sources(locations)
    assert isinstance(fault, SourceError), fault
    return fault


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize(
    ("extension", "kind"),
    [
        (".txt", "text"),
        (".html", "html"),
        (".htm", "html"),
        (".HTML", "html"),
        (".mhtml", "mhtml"),
        (".mht", "mhtml"),
        (".jsonl", "jsonl"),
        (".ndjson", "jsonl"),
    ],
)
def test_extensions_tell_the_kind_past_a_compression(
    write: Write, extension: str, kind: str, suffix: str
) -> None:
    location = write("page" + extension + suffix, b"x")
    assert sources(location) == [Source(location, kind)]  # type: ignore[arg-type]


def test_a_directory_is_walked_in_order_of_name(write: Write, tmp_path: Path) -> None:
    for name in ["b.txt", "a/z.txt", "a/b/c.html", "c.jsonl", "a.txt", "B.txt"]:
        write(name, b"x")
    found = [str(Path(each.location).relative_to(tmp_path)) for each in sources(str(tmp_path))]
    assert found == ["B.txt", "a/b/c.html", "a/z.txt", "a.txt", "b.txt", "c.jsonl"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("pages", "pages/x.txt"), ("pages/", "pages/x.txt"), (".", "./pages/x.txt")],
)
def test_locations_are_joined_as_given_and_never_made_absolute(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, expected: str
) -> None:
    write("pages/x.txt", b"x")
    monkeypatch.chdir(tmp_path)
    assert [each.location for each in sources(given)] == [expected]


def test_what_a_directory_holds_besides_is_skipped_and_told(write: Write, tmp_path: Path) -> None:
    write("page.txt", b"x")
    for name in [".hidden.txt", ".git/config.txt", "photo.jpg", "notes", "photo.gz"]:
        write(name, b"x")
    os.mkfifo(tmp_path / "pipe.txt")
    found = list(find_sources([str(tmp_path)]))
    skipped = {Path(x.location).name: x.reason for x in found if isinstance(x, Skipped)}
    assert skipped == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "notes": "unknown extension",
        "photo.gz": "unknown extension",
        "photo.jpg": "unknown extension",
        "pipe.txt": "not a regular file",
    }
    assert [x for x in found if not isinstance(x, Skipped)] == [
        Source(str(tmp_path / "page.txt"), "text")
    ]


def test_an_empty_directory_gives_nothing(tmp_path: Path) -> None:
    assert list(find_sources([str(tmp_path)])) == []


@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'{"text": "x"}', "jsonl"),
        (b'\xef\xbb\xbf\n  {"text": "x"}', "jsonl"),
        (b"\r\n <!DocType HTML>", "html"),
        (b"<HTML lang=en>", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html>', "html"),
        (b"<htmlish> is no page", "text"),
        (b"KSE100 1,000", "text"),
        (b"", "text"),
    ],
)
def test_a_named_file_of_unknown_extension_is_sniffed(
    tmp_path: Path, head: bytes, kind: str, wrap: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "capture.dat"
    path.write_bytes(wrap(head))
    assert sources(str(path)) == [Source(str(path), kind)]  # type: ignore[arg-type]


def test_a_named_hidden_file_is_a_source(write: Write) -> None:
    location = write(".page.txt", b"x")
    assert sources(location) == [Source(location, "text")]


def test_a_dash_is_standard_input() -> None:
    assert sources("-") == [Source("-", "stdin")]


def test_a_missing_path_is_yielded_and_the_others_go_on(write: Write, tmp_path: Path) -> None:
    there = write("there.txt", b"x")
    missing = str(tmp_path / "missing.txt")
    fault, source = find_sources([missing, there])
    assert isinstance(fault, SourceError)
    assert (fault.subject, fault.fault) == (missing, "no such file or directory")
    assert "spelling" in fault.remedy
    assert source == Source(there, "text")


@pytest.mark.parametrize(
    ("location", "fault"),
    [
        ("", "no such file or directory"),
        ("a\0b", "not a possible file name"),
        ("x" * 300, "the name is too long for a file"),
    ],
)
def test_an_impossible_name_is_a_fault(location: str, fault: str) -> None:
    assert only_fault(location).fault == fault


def test_a_path_through_a_file_is_a_fault(write: Write) -> None:
    assert "a part of the path is a file" in only_fault(write("page.txt", b"x") + "/y.txt").fault


@pytest.mark.parametrize("in_directory", [False, True])
def test_a_broken_link_names_its_target(tmp_path: Path, in_directory: bool) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to("gone.txt")
    fault = only_fault(str(tmp_path if in_directory else link))
    assert (fault.subject, fault.fault) == (str(link), "broken symbolic link to gone.txt")


@pytest.mark.parametrize("in_directory", [False, True])
def test_a_link_to_itself_is_a_fault(tmp_path: Path, in_directory: bool) -> None:
    link = tmp_path / "loop"
    link.symlink_to("loop")
    fault = only_fault(str(tmp_path if in_directory else link))
    assert fault.fault == "a symbolic link that leads back to itself"


def test_directory_links_in_a_circle_end(write: Write, tmp_path: Path) -> None:
    write("a/x.txt", b"x")
    write("b/y.txt", b"y")
    (tmp_path / "a" / "to_b").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "to_a").symlink_to(tmp_path / "a")
    (tmp_path / "b" / "up").symlink_to(tmp_path)
    found = list(find_sources([str(tmp_path)]))
    names = sorted(Path(x.location).name for x in found if isinstance(x, Source))
    assert names == ["x.txt", "y.txt"]
    reasons = {x.reason for x in found if isinstance(x, Skipped)}
    assert reasons == {"a directory already seen"}


def test_links_to_files_and_directories_are_followed(
    write: Write, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "far.txt").write_bytes(b"x")
    (tmp_path / "folder").symlink_to(elsewhere)
    (tmp_path / "one.txt").symlink_to(elsewhere / "far.txt")
    names = [str(Path(each.location).relative_to(tmp_path)) for each in sources(str(tmp_path))]
    assert names == ["folder/far.txt", "one.txt"]


def test_directories_deeper_than_the_stack_are_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    depth = 1200
    for _ in range(depth):
        os.mkdir("d")  # noqa: PTH102 (in the current directory, whose path is too long to name)
        os.chdir("d")
    Path("deep.txt").write_bytes(b"x")
    os.chdir(tmp_path)
    assert [each.location for each in sources("d")] == ["d/" * depth + "deep.txt"]
    for _ in range(depth):  # pytest's own removal is recursive
        os.chdir("d")
    Path("deep.txt").unlink()
    for _ in range(depth):
        os.chdir("..")
        Path("d").rmdir()


def test_a_directory_that_cannot_be_listed_is_told(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a/x.txt", b"x")
    write("b/y.txt", b"y")
    scandir = os.scandir

    def refuse_a(path: str) -> Any:
        if path.endswith("/a"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse_a)
    fault, source = find_sources([str(tmp_path)])
    assert isinstance(fault, SourceError)
    assert fault.subject == str(tmp_path / "a")
    assert fault.fault == "a directory that cannot be listed: permission denied"
    assert source == Source(str(tmp_path / "b" / "y.txt"), "text")


def test_a_file_that_may_not_be_read_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    location = write("secret.txt", b"x")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    fault = only_fault(location)
    assert (fault.fault, fault.remedy) == ("permission denied", "make it readable for this user")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_real_permissions_are_told(write: Write, tmp_path: Path) -> None:
    location = write("a/secret.txt", b"x")
    Path(location).chmod(0)
    assert only_fault(location).fault == "permission denied"
    (tmp_path / "a").chmod(0)
    try:
        fault = only_fault(str(tmp_path / "a"))
    finally:
        (tmp_path / "a").chmod(0o700)
    assert fault.fault == "a directory that cannot be listed: permission denied"


def test_devices_and_sockets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only_fault("/dev/null").fault == "a character device, not a file"
    monkeypatch.chdir(tmp_path)  # the path of a socket may be too long
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("s.txt")
        fault = only_fault("s.txt")
    assert (fault.fault, fault.remedy) == (
        "a socket, not a file",
        "use - to read standard input",
    )


def test_a_named_pipe_is_not_looked_into(tmp_path: Path) -> None:
    pipe, text = tmp_path / "pipe", tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    os.mkfifo(text)
    assert sources(str(pipe), str(text)) == [Source(str(pipe), "stdin"), Source(str(text), "text")]


def test_a_name_that_is_not_utf8_can_be_read_and_stored(tmp_path: Path) -> None:
    directory = os.fsencode(tmp_path)
    with open(directory + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123
        file.write(b"x")
    (source,) = sources(str(tmp_path))
    assert source.name == str(tmp_path) + "/caf\\udce9.txt"
    assert Path(source.location).read_bytes() == b"x"
