"""`make release`: number, changelog and tag in one commit, or a reason and no change."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import release
from tools.release import ReleaseError, check_version, dated_changelog

CHANGELOG = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 (2026-01-02)\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(release, "GENERATORS", ())
    for name, value in {"AUTHOR": "A", "COMMITTER": "A"}.items():
        monkeypatch.setenv(f"GIT_{name}_NAME", value)
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
    (tmp_path / "loader").mkdir()
    (tmp_path / "loader" / "version.py").write_text('"""V."""\n\n__version__ = "0.1.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_release_is_one_commit_and_a_tag(checkout: Path) -> None:
    release.release(checkout, "0.2.0", "2026-05-03")
    assert '__version__ = "0.2.0"' in (checkout / "loader" / "version.py").read_text()
    changes = (checkout / "CHANGELOG.md").read_text()
    assert "## Unreleased\n\n## 0.2.0 (2026-05-03)\n\n### Added\n\n- A thing.\n" in changes
    assert git(checkout, "log", "--format=%s %D", "-1").startswith("Release 0.2.0 HEAD")
    assert git(checkout, "tag", "--points-at", "HEAD") == "v0.2.0"
    assert git(checkout, "status", "--porcelain") == ""


def test_changes_that_are_not_committed_stop_it(checkout: Path) -> None:
    (checkout / "loader" / "new.py").write_text("")
    with pytest.raises(ReleaseError, match="not committed"):
        release.release(checkout, "0.2.0", "2026-05-03")
    assert (checkout / "CHANGELOG.md").read_text() == CHANGELOG


@pytest.mark.parametrize("version", ["0.0.9", "1.0", "v1.0.0", "1.0.0rc1", ""])
def test_what_is_no_next_version_is_refused(version: str) -> None:
    with pytest.raises(ReleaseError):
        check_version(version, "0.1.0")


def test_a_release_without_changes_is_refused() -> None:
    nothing = "# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-01-02)\n\n- A thing.\n"
    with pytest.raises(ReleaseError, match="nothing under Unreleased"):
        dated_changelog(nothing, "0.2.0", "2026-05-03")
    with pytest.raises(ReleaseError, match="already"):
        dated_changelog(CHANGELOG, "0.1.0", "2026-05-03")
