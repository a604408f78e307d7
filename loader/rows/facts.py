"""What the loader knows of the exchange by itself: its instruments and what became of them."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from importlib import resources

from loader.rows.mentions import Names, make_names


def read_facts(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the package's tables, `instruments.csv` or `instrument_events.csv`."""
    text = (resources.files(__package__) / "facts" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@functools.cache
def known_names() -> Names:
    """What texts may call the instruments of the loader's own list."""
    names = {row["symbol"]: row["name"] for row in read_facts("instruments.csv")}
    for row in read_facts("instrument_events.csv"):
        names.setdefault(row["symbol"], "")
        names.setdefault(row["new_symbol"], "")
    names.pop("", None)
    return make_names(names.items())
