"""Release a version: `make release VERSION=0.2.0`.

Writes the version, dates the changes in CHANGELOG.md, regenerates the files that contain the
version, commits and tags. Nothing is pushed or uploaded.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The sample archive names the version that loaded it, and the API's page its server's answers.
GENERATORS = (
    ("tests.make_archive", "archive.db"),
    ("tests.make_docs",),
    ("tests.web.make_api",),
    ("tools.man",),
)


class ReleaseError(Exception):
    """The reason for a failed release, as a sentence for the terminal."""


def current_version(text: str) -> str:
    """Return the version in loader/version.py."""
    found = re.search(r'^__version__ = "(.+)"$', text, re.M)
    if found is None:
        raise ReleaseError("loader/version.py names no version")
    return found[1]


def check_version(version: str, current: str) -> None:
    """Raise ReleaseError unless `version` is three numbers and follows `current`."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ReleaseError(f"{version!r} is not a version such as 0.2.0")
    if _numbers(version) < _numbers(current):
        raise ReleaseError(f"{version} comes before {current}")


def dated_changelog(text: str, version: str, date: str) -> str:
    """Return the changelog with its unreleased changes under a version.

    Raises ReleaseError if there are none, or if it has the version already.
    """
    if f"\n## {version} " in text:
        raise ReleaseError(f"CHANGELOG.md has {version} already")
    head, _, rest = text.partition("\n## Unreleased\n")
    changes = rest.partition("\n## ")[0]
    if not changes.strip():
        raise ReleaseError("CHANGELOG.md has nothing under Unreleased")
    return f"{head}\n## Unreleased\n\n## {version} ({date})\n{rest}"


def release(root: Path, version: str, date: str) -> None:
    """Write, commit and tag a version in the checkout at `root`."""
    if _git(root, "status", "--porcelain"):
        raise ReleaseError("the checkout has changes that are not committed")
    if _git(root, "tag", "--list", f"v{version}"):
        raise ReleaseError(f"the tag v{version} exists")
    module, changelog = root / "loader" / "version.py", root / "CHANGELOG.md"
    code = module.read_text(encoding="utf-8")
    current = current_version(code)
    check_version(version, current)
    changes = dated_changelog(changelog.read_text(encoding="utf-8"), version, date)
    changelog.write_text(changes, encoding="utf-8")
    module.write_text(code.replace(f'"{current}"', f'"{version}"'), encoding="utf-8")
    for module_name, *arguments in GENERATORS:
        subprocess.run([sys.executable, "-m", module_name, *arguments], cwd=root, check=True)
    _git(root, "commit", "--all", "--message", f"Release {version}")
    _git(root, "tag", "--annotate", f"v{version}", "--message", f"Version {version}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: make release VERSION=0.2.0", file=sys.stderr)
        return 2
    try:
        release(ROOT, arguments[0], datetime.now(timezone.utc).strftime("%Y-%m-%d"))
    except ReleaseError as error:
        print(f"not released: {error}", file=sys.stderr)
        return 1
    print(f"Committed and tagged v{arguments[0]}. Next: make dist, then git push --follow-tags")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
