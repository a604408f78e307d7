"""docs/reliability.md names tests that exist and counts that are worth it."""

from __future__ import annotations

import re

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reliability.md"


def test_page_names_only_tests_that_exist() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`:]+\.py)::(\w+)`", page)
    assert len(named) >= 15
    for path, test in named:
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def test_litestream_configuration_is_one() -> None:
    import yaml

    settings = yaml.safe_load((ROOT / "docs" / "litestream.yml").read_text(encoding="utf-8"))
    (database,) = settings["dbs"]
    assert database["path"] == "archive.db"
    assert database["replica"]["type"] == "file"
    assert settings["snapshot"] == {"interval": "24h", "retention": "168h"}
