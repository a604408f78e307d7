"""Golden files of the HTML cases. `python -m tests.page.html_golden` writes them anew.

A changed golden file is a changed promise: read the diff before it is committed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from loader.model import Capture
from loader.page import parse_capture
from loader.page.record import to_record

CASES = Path(__file__).parent.parent / "html_cases"
GOLDEN = Path(__file__).parent.parent / "golden" / "html"


def html_cases() -> list[Path]:
    return sorted(path for path in CASES.iterdir() if path.suffix in (".html", ".mhtml"))


def capture_of(case: Path) -> Capture:
    media_type = "multipart/related" if case.suffix == ".mhtml" else "text/html"
    return Capture(case.read_bytes(), media_type, case.name)


def golden_path(case: Path) -> Path:
    return GOLDEN / f"{case.stem}.json"


def golden_record(case: Path) -> dict[str, Any]:
    """What a case gives: the record, quotes one a line."""
    record = to_record(parse_capture(capture_of(case)))
    if record["board"]:
        record["board"]["quotes"] = [
            " ".join(str(value) for value in quote.values()) for quote in record["board"]["quotes"]
        ]
    return record


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for path in html_cases():
        text = json.dumps(golden_record(path), ensure_ascii=False, indent=1)
        golden_path(path).write_text(text + "\n", encoding="utf-8")
