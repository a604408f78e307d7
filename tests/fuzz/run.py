"""Fuzz targets for some seconds each: `python -m tests.fuzz.run text,html 60`.

Uses atheris, which is guided by the branches that inputs reach, if there is a wheel for it, else
mutations of the seeds. Prints `inputs N` after each; a failing input is reported and kept in
build/fuzz/.
"""

from __future__ import annotations

import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOUND = Path(__file__).parent.parent.parent / "build" / "fuzz"
MAX_BYTES = 40_000
MEMORY_MIB = 2048
SLOW_SECONDS = 20


def main(name: str, seconds: float, seed: int = 1) -> int:
    """Fuzz the targets; return exit code 0 if nothing failed."""
    FOUND.mkdir(parents=True, exist_ok=True)
    try:
        import atheris  # noqa: F401
    except ImportError:
        return _mutate(name, seconds, seed)
    return _atheris(name, seconds, seed)


def _atheris(name: str, seconds: float, seed: int) -> int:
    from tests.fuzz.targets import seeds

    corpus = FOUND / f"corpus-{name}"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(data)
    script = Path(__file__).with_name("with_atheris.py")
    result = subprocess.run(
        [
            sys.executable, "-m", f"tests.fuzz.{script.stem}", name, str(corpus),
            f"-max_total_time={max(1, round(seconds))}", f"-max_len={MAX_BYTES}",
            f"-timeout={SLOW_SECONDS}", f"-rss_limit_mb={MEMORY_MIB}", f"-seed={seed}",
            "-print_final_stats=1", f"-artifact_prefix={FOUND}/{name}-",
        ],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )  # fmt: skip
    done = re.search(r"number_of_executed_units: (\d+)", result.stderr)
    print(f"inputs {done[1] if done else 0}")
    if result.returncode:
        print(result.stderr[-6000:], file=sys.stderr)
    return result.returncode


def _mutate(name: str, seconds: float, seed: int) -> int:
    from tests.fuzz.targets import seeds, targets

    limit = MEMORY_MIB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with tempfile.TemporaryDirectory(prefix="loader-fuzz-") as folder:
        count = _mutate_for(seconds, name, targets(Path(folder))[name], seeds(name), seed)
    print(f"inputs {count}")
    return 0


def _mutate_for(
    seconds: float, name: str, target: Callable[[bytes], object], start: list[bytes], seed: int
) -> int:
    """Return the number of inputs tried; a failing one is written to a file and raised."""
    chance = random.Random(seed)
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = mutated(chance.choice(start), start, chance)
        begun = time.monotonic()
        try:
            target(data)
            if time.monotonic() - begun > SLOW_SECONDS:
                raise TimeoutError(f"{len(data)} bytes took {time.monotonic() - begun:.0f} s")
        except BaseException:
            (FOUND / f"{name}-crash").write_bytes(data)
            print(f"input left in {FOUND / name}-crash", file=sys.stderr)
            raise
        count += 1
    return count


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return a seed with a few pieces removed, doubled, flipped, or inserted from another seed."""
    changed = bytearray(data[:MAX_BYTES])
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(changed))
        length = chance.randint(0, 64)
        what = chance.randrange(5)
        if what == 0:
            del changed[at : at + length]
        elif what == 1:
            changed[at:at] = changed[at : at + length] * chance.randint(1, 20)
        elif what == 2 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif what == 3:
            other = chance.choice(others)
            start = chance.randint(0, len(other))
            changed[at : at + length] = other[start : start + length]
        else:
            changed[at:at] = bytes(chance.choices(range(256), k=chance.randint(1, 8)))
    return bytes(changed[:MAX_BYTES])


if __name__ == "__main__":
    for each in sys.argv[1].split(","):
        if code := main(each, float(sys.argv[2]), *map(int, sys.argv[3:4])):
            sys.exit(code)
