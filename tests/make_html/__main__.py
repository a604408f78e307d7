"""Rewrite tests/html_cases; with `--check`, compare them instead."""

from __future__ import annotations

import sys
from pathlib import Path

from .cases import cases

FOLDER = Path(__file__).parent.parent / "html_cases"


def main(arguments: list[str]) -> int:
    files = cases()
    changed = [
        name
        for name, data in files.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != data
    ]
    if "--check" in arguments:
        print("\n".join(changed) or "tests/html_cases is up to date")
        return 1 if changed else 0
    FOLDER.mkdir(exist_ok=True)
    for name in changed:
        (FOLDER / name).write_bytes(files[name])
    print(f"{len(files)} cases, {len(changed)} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
