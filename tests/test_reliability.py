"""docs/reliability.md refers to existing tests, with sufficient counts."""

from __future__ import annotations

import re

from tests.conftest import ROOT
from tests.make_reliability import PAGE, with_figures_of
from tests.run_reliability import PARTS


def test_page_names_only_tests_that_exist() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`:]+\.py)::(\w+)`", page)
    assert len(named) >= 15
    for path, test in named:
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")
    for path in re.findall(r"`(\S+\.py)`", page):
        assert (ROOT / path).is_file(), path


def test_page_has_the_words_of_its_generator() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_figures_of(page), "run `make regenerate`"


def test_what_a_commit_runs_in_part_runs_at_length() -> None:
    """A file that asks for a count, or for some of its cases, is in a part of the long run."""
    parts = [ROOT / path for paths in PARTS.values() for path in paths]
    for path in (ROOT / "tests").glob("*/test_*.py"):
        if re.search(r"\b(some|setting|is_at_length)\(", path.read_text(encoding="utf-8")):
            assert path in parts or path.parent in parts, path


def test_litestream_configuration_is_one() -> None:
    import yaml

    settings = yaml.safe_load((ROOT / "docs" / "litestream.yml").read_text(encoding="utf-8"))
    (database,) = settings["dbs"]
    assert database["path"] == "archive.db"
    assert database["replica"]["type"] == "file"
    assert settings["snapshot"] == {"interval": "24h", "retention": "168h"}
