"""Server files (deploy/) fit together and work; `make checks` runs the linters."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, SAMPLES, Run, count_in
from tests.sources.feeds import item, rss

DEPLOY = ROOT / "deploy"


def publish(folder: Path) -> None:
    """Run the script once with the files of a folder."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "FEEDS": str(folder / "feeds.txt"),
        "ARCHIVE": str(folder / "archive.db"),
        "PUBLIC": str(folder / "public" / "archive.db"),
    }
    script = DEPLOY / "load-and-publish.sh"
    subprocess.run(["sh", str(script), "0"], env=environment, check=True, capture_output=True)


@pytest.mark.skipif(os.name == "nt", reason="a script of sh")
def test_feeds_are_loaded_and_a_copy_without_texts_takes_the_place_of_the_last(
    tmp_path: Path, run: Run
) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "feeds.txt").write_text(f"{tmp_path / 'nowhere.xml'}\n{tmp_path / 'feed.xml'}\n")
    (tmp_path / "feed.xml").write_text(rss(item()))
    publish(tmp_path)
    public = tmp_path / "public" / "archive.db"
    assert count_in(tmp_path / "archive.db", "articles") == count_in(public, "articles") == 1
    assert count_in(tmp_path / "archive.db", "raw_captures") == 1
    assert count_in(public, "raw_captures") == 0
    first = public.stat().st_ino
    run("load", SAMPLES / "2024-pre-open-board.txt", "--db", tmp_path / "archive.db")
    publish(tmp_path)
    assert count_in(public, "snapshots") == 2
    assert public.stat().st_ino != first
    assert [path.name for path in public.parent.iterdir()] == ["archive.db"]


def test_image_copies_what_exists_and_what_is_not_ignored() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M):
        for name in line.split():
            assert (ROOT / name).exists(), name
            assert f"!{name}\n" in ignored, name
    assert len(set(re.findall(r"^FROM (\S+@sha256:[0-9a-f]{64})", text, re.M))) == 1
    assert re.search(r"^USER \d+$", text, re.M)


def test_services_share_the_files_that_they_name() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    for service in services.values():
        assert service["read_only"]
        for volume in service["volumes"]:
            source, _, _ = volume.partition(":")
            assert source in ("data", "public") or (DEPLOY / source).exists(), volume
    server = services["server"]
    assert server["volumes"] == ["public:/public:ro"]
    proxied = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "http://server:8001" in proxied


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/var/cache/nginx/recorder", str(tmp_path / "cache"))
    (tmp_path / "site.conf").write_text(text)
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ include site.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    command = ["nginx", "-t", "-p", str(tmp_path), "-c", "nginx.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_its_units(tmp_path: Path) -> None:
    for path in DEPLOY.glob("recorder-*"):
        text = path.read_text(encoding="utf-8").replace("/opt/loader/bin/loader", "/bin/true")
        (tmp_path / path.name).write_text(text)
    units = sorted(tmp_path.iterdir())
    assert len(units) == 3
    command = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not [line for line in done.stderr.splitlines() if "recorder-" in line], done.stderr


def test_workflow_runs_every_system_and_python_that_is_promised() -> None:
    text = (ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8")
    matrix = yaml.safe_load(text)["jobs"]["tests"]["strategy"]["matrix"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert matrix["python"] == re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)
    assert [name.partition("-")[0] for name in matrix["system"]] == ["ubuntu", "macos", "windows"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("checks", "site", "sbom"):
        assert re.search(rf"^{target}:", makefile, re.M)
    # Actions are named by commit: a tag can be moved.
    assert all(re.fullmatch(r"[0-9a-f]{40}", ref) for ref in re.findall(r"uses: \S+@(\S+)", text))


def test_server_unit_waits_for_the_first_copy_without_giving_up() -> None:
    """`loader serve` fails until the first load has published a copy."""
    unit = (DEPLOY / "recorder-server.service").read_text(encoding="utf-8")
    assert "\nRestart=on-failure\nRestartSec=30\n" in unit
    assert "\nStartLimitIntervalSec=0\n" in unit.partition("[Service]")[0]


def test_paths_of_the_units_are_made_by_the_commands_of_the_docs() -> None:
    page = (ROOT / "docs" / "container.md").read_text(encoding="utf-8")
    for unit in DEPLOY.glob("recorder-*.service"):
        paths = re.findall(r"(?:^Exec\w+=| |=)(/(?:opt|usr/local|srv|etc/rec)[\w/.-]*)",
                           unit.read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
        for path in paths:
            assert path in page or str(Path(path).parent) in page, path


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("recorder-*"):
        text = unit.read_text(encoding="utf-8").replace("/opt/loader/bin/loader", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_accepts_its_file_as_changed_for_a_server_without_containers(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "container.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^sed '(.+)' deploy/nginx\.conf", page, re.MULTILINE)
    command = ["sed", script, str(DEPLOY / "nginx.conf")]
    server = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "proxy_pass http://127.0.0.1:8001;" in server
    assert "$recorder" not in server
    server = server.replace("/var/cache/nginx", str(tmp_path))
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ {server} }}",
        encoding="utf-8",
    )
    subprocess.run(["nginx", "-t", "-q", "-c", str(main)], check=True)
