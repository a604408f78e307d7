"""The process that atheris takes over: `python -m tests.fuzz.with_atheris TARGET CORPUS ...`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["loader.page", "loader.sources", "loader.market"]):
    from tests.fuzz.targets import targets

if __name__ == "__main__":
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, targets(Path(tempfile.mkdtemp(prefix="loader-fuzz-")))[name])
    atheris.Fuzz()
