"""Golden files: what each sample must give. `python -m tests.page.golden` writes them anew.

A changed golden file is a changed promise: read the diff before it is committed.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from loader.model import Capture
from loader.page import parse_capture
from loader.page.decode import decode_text
from loader.page.record import to_record
from loader.page.text import read_page

SAMPLES = Path(__file__).parent.parent / "samples"
GOLDEN = Path(__file__).parent.parent / "golden"


def text_samples() -> list[Path]:
    return sorted(SAMPLES.glob("*.txt"))


def golden_path(sample: Path) -> Path:
    return GOLDEN / f"{sample.stem}.json"


def golden_record(sample: Path) -> dict[str, Any]:
    """What a text sample gives: the record, quotes one a line, and how many lines are what."""
    data = sample.read_bytes()
    record = to_record(parse_capture(Capture(data, "text/plain", sample.name)))
    if record["board"]:
        record["board"]["quotes"] = [
            " ".join(str(value) for value in quote.values()) for quote in record["board"]["quotes"]
        ]
    record["roles"] = dict(sorted(Counter(read_page(decode_text(data)).roles).items()))
    return record


if __name__ == "__main__":
    for path in text_samples():
        text = json.dumps(golden_record(path), ensure_ascii=False, indent=1)
        golden_path(path).write_text(text + "\n", encoding="utf-8")
