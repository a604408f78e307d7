"""Golden files: the expected result of each sample. `python -m tests.page.golden` rewrites them.

Read the diff of a golden file before committing it. Archives record the PARSER_VERSION that read
them, so a page that is parsed differently under the same number is refused here and fails a test.
`parser_version.json` has the number, and for each page a digest of its bytes and of its result.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from loader.model import Capture, MediaType
from loader.page import PARSER_VERSION, parse_capture
from loader.page.decode import decode_text
from loader.page.record import to_record
from loader.page.text import read_page

TESTS = Path(__file__).parent.parent
SAMPLES = TESTS / "samples"
CASES = TESTS / "html_cases"
GOLDEN = TESTS / "golden"

_MEDIA_TYPES: dict[str, MediaType] = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".mhtml": "multipart/related",
}
_VERSION_FILE = "parser_version.json"

Render = Callable[[Path], str]


class Digests(NamedTuple):
    """SHA-256 of the bytes of a page, and of its golden file."""

    page: str
    golden: str


def text_samples() -> list[Path]:
    return sorted(SAMPLES.glob("*.txt"))


def html_cases() -> list[Path]:
    return sorted(path for path in CASES.iterdir() if path.suffix in _MEDIA_TYPES)


def capture_of(page: Path) -> Capture:
    return Capture(page.read_bytes(), _MEDIA_TYPES[page.suffix], page.name)


def golden_path(page: Path, folder: Path = GOLDEN) -> Path:
    is_text = page.suffix == ".txt"
    return (folder if is_text else folder / "html") / f"{page.stem}.json"


def golden_record(page: Path) -> dict[str, Any]:
    """Return the result of a page: the record, one quote per line, and lines of a text by role."""
    capture = capture_of(page)
    record = to_record(parse_capture(capture))
    if record["board"]:
        record["board"]["quotes"] = [
            " ".join(str(value) for value in quote.values()) for quote in record["board"]["quotes"]
        ]
    if capture.media_type == "text/plain":
        roles = Counter(read_page(decode_text(capture.data)).roles)
        record["roles"] = dict(sorted(roles.items()))
    return record


def rendered(page: Path) -> str:
    """Return the text of the golden file of a page, with the present parser."""
    return json.dumps(golden_record(page), ensure_ascii=False, indent=1) + "\n"


def digests_of(texts: Mapping[Path, str]) -> dict[str, Digests]:
    """By the names of the pages, whose golden files hold these texts."""
    return {
        page.name: Digests(_sha256(page.read_bytes()), _sha256(text.encode("utf-8")))
        for page, text in texts.items()
    }


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def parsed_otherwise(noted: Mapping[str, Digests], found: Mapping[str, Digests]) -> list[str]:
    """Return unchanged pages with a different result, without new and edited ones."""
    return [
        name
        for name, digests in found.items()
        if name in noted
        and digests.page == noted[name].page
        and digests.golden != noted[name].golden
    ]


def read_noted(folder: Path = GOLDEN) -> tuple[int, dict[str, Digests]]:
    """The parser version under which the golden files were written, and their digests."""
    noted = json.loads((folder / _VERSION_FILE).read_text(encoding="utf-8"))
    return noted["version"], {name: Digests(*pair) for name, pair in noted["pages"].items()}


def write(folder: Path = GOLDEN, version: int = PARSER_VERSION, render: Render = rendered) -> None:
    """Write all golden files. Raises SystemExit if results change under the same version."""
    texts = {page: render(page) for page in [*text_samples(), *html_cases()]}
    digests = digests_of(texts)
    noted_version, noted = read_noted(folder)
    if version == noted_version and (changed := parsed_otherwise(noted, digests)):
        raise SystemExit(
            f"{len(changed)} pages are parsed otherwise than by parser version {version}"
            f" ({changed[0]} first): raise PARSER_VERSION in loader/page/__init__.py"
        )
    for page, text in texts.items():
        golden_path(page, folder).write_text(text, encoding="utf-8")
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(digests[name])}" for name in digests)
    (folder / _VERSION_FILE).write_text(
        f'{{"version": {version}, "pages": {{\n{lines}\n}}}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    write()
