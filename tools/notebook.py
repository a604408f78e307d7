"""Write the event study as a notebook, docs/event-study.ipynb: `python -m tools.notebook`.

Both have the same text: the page is part of the site, and run by tests/test_document_examples.py;
the notebook has its programs as cells, with the output shown on the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "event-study.md"
NOTEBOOK = PAGE.with_suffix(".ipynb")
_BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?", re.M | re.S
)
_LANGUAGE = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(page: str) -> str:
    """Return a page in Markdown as a notebook of format 4.5."""
    cells = list(_cells(page))
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    content = {
        "cells": cells,
        "metadata": {"kernelspec": _LANGUAGE, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cells(page: str) -> Iterator[dict[str, Any]]:
    place = 0
    for count, block in enumerate(_BLOCK.finditer(page), 1):
        yield from _words(page[place : block.start()])
        yield {
            "cell_type": "code",
            "execution_count": count,
            "metadata": {},
            "outputs": _outputs(block["output"]),
            "source": block["code"].rstrip("\n").splitlines(keepends=True),
        }
        place = block.end()
    yield from _words(page[place:])


def _words(text: str) -> Iterator[dict[str, Any]]:
    if text.strip():
        lines = text.strip().splitlines(keepends=True)
        yield {"cell_type": "markdown", "metadata": {}, "source": lines}


def _outputs(text: str | None) -> list[dict[str, Any]]:
    if text is None:
        return []
    lines = text.splitlines(keepends=True)
    return [{"name": "stdout", "output_type": "stream", "text": lines}]


if __name__ == "__main__":
    NOTEBOOK.write_text(notebook(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
