"""The documentation agrees with the program."""

from __future__ import annotations

import ast
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
import yaml

from loader.model import ProblemKind
from tests.conftest import ROOT, SAMPLES
from tests.make_docs import cli_reference, schema_reference
from tests.make_samples import __main__ as make_samples
from tools import man

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = None

Connect = Callable[[Path], sqlite3.Connection]
HOW = "run `make docs`"


def repository_files() -> list[Path]:
    """Return the files of the repository, without files left by tools."""
    named = [ROOT / name for name in ("loader", "tests", "docs", "benchmarks", "tools", ".github")]
    inside = [path for folder in named for path in folder.rglob("*") if path.is_file()]
    return [*inside, *(path for path in ROOT.glob("*.*") if path.is_file())]


def test_readme_leads_to_every_page_of_the_docs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")}
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)", readme))
    assert pages - linked == {"docs/index.md"}


def test_descriptions_tell_tables_of_similar_names_apart() -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    described = metadata["databases"]["archive"]["tables"]
    for one, other in (("article_links", "text_links"), ("article_authors", "authors")):
        assert other in described[one]["description"]
        assert one in described[other]["description"]


def test_command_reference_is_what_help_says() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == cli_reference(), HOW


def test_manual_page_is_what_help_says() -> None:
    assert man.PAGE.read_text(encoding="utf-8") == man.manual(), HOW


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_manual_page_is_set_without_a_warning() -> None:
    command = ["groff", "-man", "-Tutf8", "-ww", "-z", str(man.PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_every_command_has_an_example() -> None:
    sections = cli_reference().split("\n## ")[1:]
    assert len(sections) >= 5
    for section in sections:
        assert "Example:" in section, section.splitlines()[0]


def test_schema_reference_is_what_the_archive_has(sample_archive: Path, connect: Connect) -> None:
    wanted = schema_reference(connect(sample_archive))
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == wanted, HOW


def test_every_table_view_and_column_is_described(sample_archive: Path, connect: Connect) -> None:
    conn = connect(sample_archive)
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    described = metadata["databases"]["archive"]["tables"]
    for (name,) in conn.execute("select name from sqlite_master where type in ('table', 'view')"):
        if name.startswith(("sqlite_", "articles_fts_")):
            continue
        assert described[name].get("description"), name
        if described[name].get("hidden"):
            continue
        columns = {row[1] for row in conn.execute(f'pragma table_xinfo("{name}")')}
        assert set(described[name]["columns"]) == columns, name


def test_no_column_is_called_close(sample_archive: Path, connect: Connect) -> None:
    """Prices on boards are not official closes; only imported ones may be."""
    conn = connect(sample_archive)
    for (name,) in conn.execute("select name from sqlite_master where type in ('table', 'view')"):
        if name == "closes":
            continue
        for row in conn.execute(f'pragma table_info("{name}")'):
            assert "close" not in row[1].split("_"), f"{name}.{row[1]}"


def test_kinds_of_problems_are_those_documented() -> None:
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert set(get_args(ProblemKind)) == set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.M))


def test_every_kind_of_problem_can_occur() -> None:
    """Every documented kind is used; mypy checks the converse."""
    used: set[object] = set()
    for path in (ROOT / "loader").rglob("*.py"):
        if path != ROOT / "loader" / "model.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(get_args(ProblemKind)) <= used


def test_every_dependency_has_a_line_of_reason() -> None:
    if tomllib is None:
        pytest.skip("tomllib is in Python 3.11 and newer")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    wanted = list(project["dependencies"])
    for extra, packages in project["optional-dependencies"].items():
        if extra != "dev":
            wanted += packages
    for requirement in wanted:
        name = re.split(r"[\[<>=~! ]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}\b", reasons), name


def test_links_between_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_room_stands_in_the_guide_for_contributors() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in (ROOT / "loader").glob("*/__init__.py"):
        assert f"| `loader/{path.parent.name}` |" in guide, path.parent.name


def test_every_document_stands_in_the_menu_of_the_site() -> None:
    menu = re.findall(r"^ +- ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.M)
    docs = ROOT / "docs"
    assert sorted(menu) == sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))


def test_decisions_have_one_page_each() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (folder / "index.md").read_text(encoding="utf-8"))
    pages = sorted(path.name for path in folder.glob("*.md") if path.name != "index.md")
    assert sorted(listed) == pages
    for name in pages:
        text = (folder / name).read_text(encoding="utf-8")
        parts = re.findall(r"^\*\*(\w+)\.\*\*", text, re.M)
        assert parts == ["Decision", "Why", "Price", "Instead"], name
        assert text.count("\n") <= 40, name


def test_one_command_runs_every_generator() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    regenerated, apart = makefile.split("\n# Pictures of the pages")
    generators = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "tests").rglob("make_*")
        if path.suffix == ".py" or path.is_dir()
    }
    assert len(generators) >= 8
    for generator in generators - {"tests.web.make_screenshots"}:
        assert f"-m {generator}" in regenerated, generator
    assert "-m tests.web.make_screenshots" in apart


def test_samples_are_what_their_generator_writes() -> None:
    for name, content in make_samples.all_files().items():
        assert make_samples.holds(SAMPLES / name, content), f"{name}: run `make regenerate`"


def test_every_room_stands_in_the_map() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    (map_of_rooms,) = re.findall(r"^## Where things are\n\n```\n(.*?)^```", design, re.M | re.S)
    rooms = {path.parent.name for path in (ROOT / "loader").glob("*/**/__init__.py")}
    modules = {path.name for path in (ROOT / "loader").glob("[a-z]*.py")}
    assert {f"{room}/" for room in rooms} | modules <= set(map_of_rooms.replace(",", " ").split())


def test_no_file_needs_a_folder_beside_the_repository() -> None:
    """A clone is complete: its tests and documents need no files beside it."""
    outside = re.compile(r"\.\./shared\b|ROOT\.parent\b|/work/")
    for path in repository_files():
        if path.suffix in {".py", ".md", ".sql", ".toml", ".yml"} and path != Path(__file__):
            assert not outside.search(path.read_text(encoding="utf-8")), path
