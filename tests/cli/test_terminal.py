"""For any arguments and output stream: plain lines, the right exit code, no traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from loader.cli import main
from tests.conftest import ROOT, SAMPLES, Run
from tests.faults.commands import LOADER
from tests.make_docs import commands
from tests.reliability import is_at_length, some

PAGE = SAMPLES / "2024-date-line-alone.txt"
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has other streams and names")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "archive.db"
    assert CliRunner().invoke(main, ["load", str(PAGE), "--db", str(path)]).exit_code == 0
    return path


@pytest.fixture
def archive(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(small, tmp_path / "archive.db"))


def _shell(arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command with the shell's redirections."""
    command = " ".join(f"'{part}'" for part in LOADER)
    return subprocess.run(
        ["sh", "-c", f"{command} {arguments}"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=False,
        timeout=300,
    )


def _line(result: subprocess.CompletedProcess[bytes]) -> str:
    """What stands on standard error: one line."""
    errors = result.stderr.decode()
    assert errors.count("\n") == 1, errors
    return errors


@POSIX
@pytest.mark.parametrize("closed", some(("2>&-", ">&-", "<&-", "<&- >&- 2>&-"), 2))
def test_load_does_its_work_with_streams_closed(closed: str, tmp_path: Path, run: Run) -> None:
    result = _shell(f"load {PAGE} --db archive.db {closed}", tmp_path)
    assert (result.returncode, result.stderr) == (0, b"")
    # Nothing was printed into the file that took the place of the stream.
    assert "no damage found" in run("verify", "--all", "--db", tmp_path / "archive.db").output


@POSIX
@pytest.mark.parametrize(
    "command", some(("stats", "date --explain 1", "parse PAGE", "reparse --dry-run"), 2)
)
def test_command_that_only_prints_says_that_its_output_is_closed(
    command: str, archive: Path
) -> None:
    at = "" if "PAGE" in command else f"--db {archive}"
    result = _shell(f"{command.replace('PAGE', str(PAGE))} {at} >&-", archive.parent)
    assert _line(result) == "Error: standard output: is closed\n"
    assert result.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize(
    "command", some(("parse PAGE", "stats --db archive.db", "--help", "load --help"), 2)
)
def test_full_disk_behind_the_output_is_one_line(command: str, archive: Path) -> None:
    result = _shell(f"{command.replace('PAGE', str(PAGE))} > /dev/full", archive.parent)
    fault = "cannot be written: No space left on device"
    assert _line(result) == f"Error: standard output: {fault}\n"
    assert result.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_full_disk_behind_standard_error_stops_nothing(tmp_path: Path) -> None:
    result = _shell(f"load missing.txt {PAGE} --db archive.db 2> /dev/full", tmp_path)
    assert result.returncode == 1
    assert b"new snapshots          1" in result.stdout


@POSIX
def test_pipe_that_nobody_reads_ends_the_command_in_silence(archive: Path) -> None:
    result = _shell(f"parse {' '.join([str(PAGE)] * 400)} | head -c 10; true", archive.parent)
    assert result.stderr == b""


URDU = "اردو 😀 “quoted” \u2028"


@pytest.mark.parametrize("encoding", some(("cp1252", "latin-1", "utf-8", "ascii"), 2))
def test_output_that_lacks_characters_has_them_escaped_as_json_does(
    encoding: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    words = "stands in this text, which has some more words so that it is kept as an article."
    page.write_text(f"{URDU} words\n\nKARACHI: {URDU} {words}\n", encoding="utf-8")
    result = _shell(f"parse {page}", tmp_path, PYTHONIOENCODING=encoding)
    assert (result.returncode, result.stderr) == (0, b"")
    # click writes UTF-8 where the terminal claims to know nothing but ASCII.
    output = result.stdout.decode("utf-8" if encoding == "ascii" else encoding)
    assert "اردو 😀 “quoted”" in str(json.loads(output)["article"])
    result = _shell(f"parse '{URDU}.txt'", tmp_path, PYTHONIOENCODING=encoding)
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


@POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="names are UTF-8 there")
def test_archive_of_a_name_that_is_not_utf8_is_like_any_other(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(PAGE, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    db, out = os.fsdecode(b"db\xe9.db"), os.fsdecode(b"out\xe9")
    commands = (
        ("load", PAGE.name, "--db", db),
        ("share", out, "--db", db),
        ("stats", "--db", db),
        ("verify", "--all", "--db", db),
        ("date", "--db", db),
        ("reparse", "--db", db),
        ("merge", f"{out}.2", db),
        ("export", f"{out}.d", "--format", "csv", "--db", db),
        ("verify", "--all", "--db", out),
    )
    for number, command in enumerate(commands):
        # A process of its own costs ten times what the command does.
        if number < 2 or is_at_length():
            result = subprocess.run([*LOADER, *command], capture_output=True, check=False)
            assert (result.returncode, result.stderr) == (0, b""), command
        else:
            assert run(*command).stderr == "", command
    names = sorted(os.listdir(os.fsencode(tmp_path)))  # noqa: PTH208
    assert names == sorted(
        [b"db\xe9.db", b"out\xe9", b"out\xe9.2", b"out\xe9.d", PAGE.name.encode()]
    )


# Values that someone gives by mistake: of every kind, and beyond what a number, a path, a time or
# a name may be.
VALUES = (
    "", "-1", "99999999999999999999", "9" * 5000, "\udce9.db", "1e400", "nan", "²", "a\nb",
    "no/such/folder/x.db", "/dev/null", "/dev/full/x", ".", "a" * 300, "0000-00-00",
    "99999-01-01", "2024-05-03T10:15:00+99:99", "%s*{", "https://[", "file:?mode=ro", "-",
)  # fmt: skip


def _parameters() -> Iterator[tuple[str, str]]:
    """Every command with every option that takes a value, and every argument."""
    for name, command in commands():
        for parameter in command.params:
            if isinstance(parameter, click.Argument):
                yield name, parameter.name or ""
            elif isinstance(parameter, click.Option) and not parameter.is_flag:
                yield name, parameter.opts[0]


def _call(name: str, parameter: str, value: str, folder: Path) -> list[str]:
    """A call of the command that is right, but for the value."""
    required = {
        "export": ["out"], "merge": ["merged.db", "archive.db"], "parse": [str(PAGE)],
        "load": [str(PAGE)], "share": ["copy.db"], "reparse": ["--dry-run"],
        "serve": ["--port", "0"],
    }.get(name, [])  # fmt: skip
    if parameter.startswith("-"):
        return [name, *required, f"{parameter}={value}"]
    places = {"merge": {"dest": 0, "sources": 1}}.get(name, {})
    given = list(required)
    given[places.get(parameter, 0)] = value
    return [name, *(part for part in given if part.startswith("--")), "--", *given]


PARAMETERS = tuple(_parameters())


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_no_value_of_any_option_ends_in_a_traceback(
    name: str, parameter: str, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(archive.parent)
    monkeypatch.setattr("loader.web.server.uvicorn.run", lambda *_, **__: None)
    before = archive.read_bytes()
    # Each option is given a third of the values, and each value to a third of the options.
    start, step = (0, 1) if is_at_length() else (PARAMETERS.index((name, parameter)) % 3, 3)
    # A server takes its time to begin.
    for value in VALUES[::4] if name == "serve" else VALUES[start::step]:
        call = _call(name, parameter, value, archive.parent)
        result = CliRunner().invoke(main, call, input="")
        assert isinstance(result.exception, SystemExit | None), (call, result.exc_info)
        assert result.exit_code in (0, 1, 2), call
        if result.exit_code == 2:
            assert result.stderr.startswith("Usage: "), call
        elif result.exit_code == 1 and name != "verify":
            errors = [line for line in result.stderr.splitlines() if line]
            assert errors, call
            assert all(line.startswith(("Error: ", "not read: ")) for line in errors), call
        if archive.read_bytes() != before:
            archive.write_bytes(before)
        for path in archive.parent.iterdir():
            if path != archive:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
