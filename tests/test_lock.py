"""requirements.lock has a version for each requirement of pyproject.toml, within its range."""

from __future__ import annotations

import re
import sys
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

HOW = "run `make lock`"


def requirements() -> list[Requirement]:
    if sys.version_info < (3, 11):
        pytest.skip("tomllib is in Python 3.11 and newer")
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = chain(project["dependencies"], *project["optional-dependencies"].values())
    return [Requirement(text) for text in named if not text.startswith(project["name"])]


def locked() -> list[Requirement]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_every_requirement_is_locked_within_its_range() -> None:
    pins = locked()
    for wanted in requirements():
        name = canonicalize_name(wanted.name)
        versions = [
            next(iter(pin.specifier)).version for pin in pins if canonicalize_name(pin.name) == name
        ]
        assert versions, f"{wanted.name}: {HOW}"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted}: {HOW}"


def test_every_line_names_one_version_without_extras_as_constraints_must() -> None:
    for pin in locked():
        assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), pin
        assert not pin.extras, pin
        assert not pin.url, pin
