"""No input breaks a reader or a parser: no undocumented exception, bounded time and memory."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import targets
from tests.reliability import note, setting

# In all; `make fuzz` and `make reliability` take longer.
SECONDS = setting("LOADER_FUZZ_SECONDS", 6)
SEED = setting("LOADER_FUZZ_SEED", 1)


def test_every_target_has_seeds_and_takes_them(tmp_path: Path) -> None:
    all_targets = targets(tmp_path)
    assert all_targets.keys() == SEEDS.keys()
    for name, target in all_targets.items():
        for data in SEEDS[name]():
            target(data)


# A process for each takes longer to begin than a second of inputs.
GROUPS = sorted(SEEDS) if 10 * len(SEEDS) < SECONDS else [",".join(sorted(SEEDS))]


@pytest.mark.parametrize("names", GROUPS)
def test_no_input_breaks_it(names: str) -> None:
    share = SECONDS // len(SEEDS) or 0.4
    result = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", names, str(share), str(SEED)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-5000:]
    counts = [int(count) for count in re.findall(r"^inputs (\d+)", result.stdout, re.M)]
    for name, inputs in zip(names.split(","), counts, strict=True):
        assert inputs
        note(f"No input breaks the reading of {name}", inputs_fuzzed=inputs, seconds=share)
