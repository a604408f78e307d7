"""Wheel and sdist: requirements and content, and the wheel works without large extras."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES

LARGE = ("bokeh", "exchange_calendars", "numpy", "pandas", "pyarrow")
# Runs in an interpreter with the wheel but without large packages.
WORK = f"""
import asyncio, importlib, pkgutil, sys
LARGE = {LARGE!r}
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in LARGE:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refusing())
import loader
assert loader.__file__.startswith(sys.argv[1]), loader.__file__
for module in pkgutil.walk_packages(loader.__path__, "loader."):
    if module.name != "loader.__main__":
        importlib.import_module(module.name)
from loader.cli import main
for command in (["load", *sys.argv[3:]], ["date"], ["stats"]):
    main([*command, "--db", sys.argv[2]], standalone_mode=False)
from pathlib import Path
from loader.web.server import make_datasette
served = make_datasette(Path(sys.argv[2]))
async def ask():
    for path in ("/", "/symbol/OGDC", "/chart/symbol/OGDC.svg?range=all", "/archive/quotes.json"):
        assert (await served.client.get(path)).status_code == 200, path
asyncio.run(ask())
"""


@pytest.fixture(scope="module")
def twice_built(tmp_path_factory: pytest.TempPathFactory) -> list[list[Path]]:
    """Return both files of a release, built twice."""
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    folders = [tmp_path_factory.mktemp("dist") for _ in range(2)]
    for folder in folders:
        command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return [sorted(folder.iterdir()) for folder in folders]


@pytest.fixture(scope="module")
def wheel(twice_built: list[list[Path]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(twice_built[0][0]) as archive:
        archive.extractall(folder)
    return folder


def test_wheel_is_typed_and_brings_its_manual_page(wheel: Path) -> None:
    assert (wheel / "loader" / "py.typed").exists()
    assert list(wheel.glob("*.data/data/share/man/man1/loader.1"))


def test_same_checkout_gives_the_same_bytes(twice_built: list[list[Path]]) -> None:
    first, second = twice_built
    assert [path.suffix for path in first] == [".whl", ".gz"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_sdist_has_all_that_is_committed(twice_built: list[list[Path]]) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing says which files are committed")
    listed = ["git", "ls-files", "--cached", "-z"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    with tarfile.open(twice_built[0][1]) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}
    assert {name for name in done.stdout.split("\0") if name and (ROOT / name).exists()} <= held


def test_core_of_the_wheel_needs_nothing_large(wheel: Path) -> None:
    (metadata,) = wheel.glob("*.dist-info/METADATA")
    needed = [
        line.removeprefix("Requires-Dist: ")
        for line in metadata.read_text(encoding="utf-8").splitlines()
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    ]
    assert len(needed) >= 8
    assert not [name for name in needed if name.startswith(LARGE)]


def test_wheel_loads_dates_and_serves_without_what_is_large(wheel: Path, tmp_path: Path) -> None:
    pages = sorted(map(str, SAMPLES.glob("2024-0[34]*.txt")))[:8] or [str(SAMPLES)]
    command = [sys.executable, "-c", WORK, str(wheel), str(tmp_path / "a.db"), *pages]
    paths = [str(wheel), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    subprocess.run(command, check=True, cwd=tmp_path, env=environment, timeout=120)
