"""The loader's own facts about the exchange: its instruments and events in their history."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from importlib import resources

from loader.rows.names.lexicon import Lexicon, make_lexicon


def read_facts(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the package's tables: `instruments.csv`, `instrument_events.csv`."""
    yield from csv.DictReader(_lines(name))


@functools.cache
def known_names() -> Lexicon:
    """Return the lexicon of spellings of the instruments in the loader's own list."""
    names = {row["symbol"]: row["name"] for row in read_facts("instruments.csv")}
    for row in read_facts("instrument_events.csv"):
        names.setdefault(row["symbol"], "")
        names.setdefault(row["new_symbol"], "")
    names.pop("", None)
    others = [line for line in _lines("other_names.txt") if line and not line.startswith("#")]
    return make_lexicon(names.items(), read_facts("spellings.csv"), others)


def _lines(name: str) -> list[str]:
    text = (resources.files(__package__) / "facts" / name).read_text(encoding="utf-8")
    return text.splitlines()
