"""Run every fault test at length, then write docs/reliability.md: `make reliability`, 45 minutes.

Two lanes run in parallel on two cores: the fault tests, and beside them half an hour of fuzzing and
all combinations of which `make test` runs one of each kind. Each count is the value of an
environment variable; parts may be named: `python -m tests.run_reliability kills`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.make_reliability import write_page
from tests.reliability import FIGURES

ROOT: Final = Path(__file__).parent.parent

# 9 commands: 207 kills and 108 SIGTERMs.
COUNTS: Final = {
    "LOADER_KILLS": 23, "LOADER_STOPS": 12, "LOADER_FLIPS": 2000, "LOADER_CUTS": 200,
    "LOADER_POWER_CUTS": 60, "LOADER_IO_FAULTS": 150, "LOADER_RACES": 5, "LOADER_EXAMPLES": 100,
    "LOADER_FUZZ_SECONDS": 1800, "LOADER_SOAK_SECONDS": 600, "LOADER_AT_LENGTH": 1,
    "LOADER_API_EXAMPLES": 20,
}  # fmt: skip

FAULTS: Final = "tests/faults/"
PARTS: Final = {
    "fuzz": ("tests/fuzz",),
    "soak": (FAULTS + "test_soak.py",),
    "kills": (FAULTS + "test_kill.py",),
    "disks": (FAULTS + "test_io_errors.py", FAULTS + "test_disk.py"),
    "power": (FAULTS + "test_power.py",),
    "bits": (FAULTS + "test_bits.py",),
    "others": (
        FAULTS + "test_clock.py", FAULTS + "test_compact_meanwhile.py",
        FAULTS + "test_concurrent.py", FAULTS + "test_litestream.py", "tests/archive",
        "tests/maintain/test_merge.py", "tests/web/test_slow_clients.py",
    ),
    # Of these `make test` runs one of each kind.
    "combinations": (
        "tests/cli/test_reading_changes_nothing.py", "tests/cli/test_stops.py",
        "tests/cli/test_terminal.py", "tests/ingest/test_cluster.py",
        "tests/ingest/test_every_way.py", "tests/ingest/test_pool.py",
        "tests/maintain/test_repair_keys.py", "tests/maintain/test_reparse.py",
        "tests/maintain/test_users_objects.py", "tests/maintain/test_verify.py",
        "tests/market/test_floors.py", "tests/rows/test_travels.py", "tests/web/test_api.py",
        "tests/web/test_article_browser.py", "tests/web/test_browser.py",
        "tests/web/test_core_browser.py", "tests/web/test_journeys.py",
        "tests/web/test_odd_requests.py", "tests/web/test_search_words.py", "tests/page",
    ),
}  # fmt: skip


def run_part(name: str) -> str:
    """Run the tests of a part; return a description of the outcome."""
    environment = {key: str(value) for key, value in COUNTS.items()} | dict(os.environ)
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--timeout", "0"]
    command += PARTS[name]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    how = "passed" if code == 0 else f"failed (exit code {code})"
    return f"{name:8} {how} in {(time.monotonic() - started) / 60:.1f} minutes"


def run_lane(names: list[str]) -> list[str]:
    return [run_part(name) for name in names]


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in PARTS]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    if not names:
        shutil.rmtree(FIGURES, ignore_errors=True)
    wanted = names or list(PARTS)
    beside = ("fuzz", "combinations")
    lanes = [[name for name in wanted if (name in beside) == is_it] for is_it in (True, False)]
    with ThreadPoolExecutor(len(lanes)) as pool:
        ended = [line for lane in pool.map(run_lane, lanes) for line in lane]
    print("\n".join(["", *ended]))
    if any("failed" in line for line in ended):
        return 1
    if not names:
        write_page()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
