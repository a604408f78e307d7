"""Parameters of SQL are named or plain `?`, as every Python takes them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

_STATEMENT = re.compile(r"\b(select|insert|update|delete|values)\b")
_NUMBERED = re.compile(r"\?[0-9]")


def _statements(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        return [text]
    strings = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    return [value for value in strings if isinstance(value, str) and _STATEMENT.search(value)]


@pytest.mark.parametrize("folder", ["loader", "benchmarks", "tools"])
def test_no_parameter_has_a_number(folder: str) -> None:
    """Python 3.12 warns of `?1` with a sequence, and 3.14 refuses it."""
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".sql")]
    assert files
    faulty = [str(path) for path in files if any(map(_NUMBERED.search, _statements(path)))]
    assert faulty == []
