"""Run the tests on every installed Python: `make test-all`.

CPython from 3.10 on is searched for on the PATH and in the folders of pyenv and uv. Each gets an
environment of its own below build/pythons. Arguments are passed to pytest. The exit code is 1 if a
version failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
WANTED: Final = ("3.10", "3.11", "3.12", "3.13", "3.14")
_ASK: Final = (
    "import platform, venv, ensurepip;"
    "print(platform.python_implementation(), platform.python_version())"
)


def candidates() -> Iterator[Path]:
    """Yield possible paths of interpreters, those on the PATH first."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in ("python3", *(f"python{version}" for version in WANTED)):
            yield Path(folder) / name
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT", home / ".pyenv"))
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", home / ".local" / "share" / "uv" / "python"))
    for folder in (pyenv / "versions", uv):
        if folder.is_dir():
            yield from (path / "bin" / "python3" for path in sorted(folder.iterdir()))


def interpreters() -> dict[str, Path]:
    """Return the first working interpreter of each version."""
    found: dict[str, Path] = {}
    for path in candidates():
        if not path.is_file():
            continue
        asked = subprocess.run(
            [path, "-c", _ASK], capture_output=True, text=True, check=False, cwd="/"
        )
        kind, _, version = asked.stdout.strip().partition(" ")
        if asked.returncode == 0 and kind == "CPython" and _minor(version) in WANTED:
            found.setdefault(version, path)
    return found


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def run_tests(version: str, python: Path, arguments: list[str]) -> str:
    """Run the suite; return a description of its outcome."""
    folder = ROOT / "build" / "pythons" / version
    own = folder / "bin" / "python"
    if not own.exists():
        subprocess.run([python, "-m", "venv", folder], check=True)
    pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    install = [*pip, "--constraint", ROOT / "requirements.lock"]
    if subprocess.run([*install, "-e", f"{ROOT}[dev]"], check=False).returncode:
        return "could not be installed"
    code = subprocess.run([own, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode
    return "passed" if code == 0 else f"failed (exit code {code})"


def main(arguments: list[str]) -> int:
    found = interpreters()
    ended = {version: run_tests(version, found[version], arguments) for version in sorted(found)}
    print("\nPython")
    for version, how in ended.items():
        print(f"  {version:8} {how}: {found[version]}")
    for minor in WANTED:
        if minor not in map(_minor, found):
            print(f"  {minor:8} not here")
    return int(any(how != "passed" for how in ended.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
