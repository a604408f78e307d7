"""Labelled pairs of invented texts: copies, later wraps, and issues of one template.

They are made from stories.txt (`#` and a name, paragraphs, `+` and a paragraph added in a later
wrap, `~` and a changed figure) and templates.txt (`#` and a name, paragraphs with slots, rows of
values). The rules were made with lot 1, and lot 2 was held out. Lot 3 (the last templates, and
further changes by editors) was written afterwards. Lot 4 (by_hand.txt) has news and market reports
as they grow, after which the rules were corrected again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from loader.articles.likeness import Kind

HERE = Path(__file__).parent
_FIRST_TEMPLATES = 13


class Pair(NamedTuple):
    name: str
    lot: int
    kind: Kind
    one: str
    other: str


class Story(NamedTuple):
    name: str
    paragraphs: list[str]
    added: list[str]
    old: str
    new: str


def _blocks(file: str) -> Iterator[tuple[str, list[str]]]:
    for block in (HERE / file).read_text().split("# ")[1:]:
        name, *lines = block.strip().split("\n")
        yield name, lines


def stories() -> list[Story]:
    found = []
    for name, lines in _blocks("stories.txt"):
        plain = [line for line in lines if line[0] not in "+~"]
        added = [line[2:] for line in lines if line[0] == "+"]
        (change,) = [line[2:] for line in lines if line[0] == "~"]
        found.append(Story(name, plain, added, *change.split(" => ")))
    return found


def issues() -> dict[str, list[str]]:
    """Return the filled templates by name, each as a body."""
    found = {}
    for name, lines in _blocks("templates.txt"):
        rows = [line.split("|") for line in lines if "|" in line]
        text = "\n\n".join(line for line in lines if "|" not in line)
        found[name] = [text.format(*row) for row in rows]
    return found


def _body(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def _cut(body: str, share: float) -> str:
    return body[: int(len(body) * share)].rstrip(" .,\n")


def _without_shortest(body: str) -> str:
    paragraphs = body.split("\n\n")
    paragraphs.remove(min(paragraphs, key=len))
    return _body(paragraphs)


def _typos(body: str) -> str:
    words = re.findall(r"\b[a-z]{8,}\b", body)
    for word in words[1::5]:
        body = body.replace(word, word[:3] + word[4:], 1)
    return body


def _curly(body: str) -> str:
    body = re.sub(r'"([^"]*)"', r"“\1”", body).replace("'", "’").replace(", and", " – and")
    return body.replace(" ", "\u00a0", 3)


def _restyled(body: str) -> str:
    body = (
        body.replace(" said", " told reporters").replace("Rs ", "Rs").replace("percent", "per cent")
    )
    return body.replace("About", "Around").replace("Some ", "Nearly ").replace(" most ", " mostly ")


def _with_lines(body: str) -> str:
    first, *rest = body.split("\n\n")
    middle = len(rest) // 2
    return _body(
        [
            first, "File photo: a view of the place", *rest[:middle],
            "Read more: Council puts off vote on lamps for the promenade",
            "Ministers to meet growers again before the feast", *rest[middle:],
        ]
    )  # fmt: skip


NOISE: dict[str, Callable[[str], str]] = {
    "dateline": lambda body: f"KARACHI: {body}",
    "dateline of an agency": lambda body: f"ISLAMABAD, March 12 (APP): {body}",
    "dash after the dateline": lambda body: f"LAHORE – {body}",
    "curly quotes": _curly,
    "one line": lambda body: body.replace("\n\n", " "),
    "single newlines": lambda body: body.replace("\n\n", "\n"),
    "captions and teasers": _with_lines,
    "cut off": lambda body: _cut(body, 0.7),
    "cut off early": lambda body: _cut(body, 0.45),
    "cut off with dots": lambda body: _cut(body, 0.8) + " ...",
    "lost line": _without_shortest,
    "tail": lambda body: f"{body}\n\nCopyright Business Recorder, 2024\n\nComments are closed.",
    "byline and headline": lambda body: (
        f"A day that nobody expected\n\nBy Our Correspondent\n\n{body}"
    ),
    "credits": lambda body: f"{body}\n\n(Reporting by Aslam Pervez; editing by Jo March)",
    "mark": lambda body: f"{body.rstrip('.')}.—APP",
    "other style": _restyled,
    "typos": _typos,
    "no thousands commas": lambda body: re.sub(r"(?<=\d),(?=\d)", "", body),
    "sub-headings": lambda body: body.replace("\n\n", "\n\nThe background\n\n", 1),
    "capitals": lambda body: body[:40].upper() + body[40:],
    "dateline, curly, cut": lambda body: f"QUETTA: {_cut(_curly(body), 0.75)}",
    "one line, credits": lambda body: body.replace("\n\n", " ") + " (Writing by Lena Brook)",
    "other style, lines": lambda body: _with_lines(_restyled(body)),
    "typos, tail": lambda body: f"MULTAN: {_typos(body)}\n\nRead Comments",
}


EDITED: dict[str, Callable[[str], str]] = {
    "numbers in figures": lambda body: body.replace(" two ", " 2 ").replace(" eleven ", " 11 "),
    "page furniture": lambda body: (
        f"Published 03 Nov, 2024 01:23am\n\n{body}\n\n245 shares\n\nThe writer is a trader in Hub"
    ),
    "lines twice": lambda body: _body([*body.split("\n\n")[:2], *body.split("\n\n")]),
    "other order": lambda body: _body([*body.split("\n\n")[3:], *body.split("\n\n")[:3]]),
    "name spelt otherwise": lambda body: body.replace("Sohail", "Suhail").replace(
        "Nawab", "Nawaab"
    ),
    "another place cut, with lines": lambda body: _with_lines(_cut(body, 0.62)),
    "entities": lambda body: body.replace("'", "’").replace('"', "''"),
    "lead in bold twice": lambda body: body.split(".")[0] + ".\n\n" + body,
}


def _edited() -> Iterator[Pair]:
    names = list(EDITED)
    for number, story in enumerate(stories()):
        body = _body(story.paragraphs)
        for step in range(2):
            name = names[(number * 2 + step) % len(names)]
            yield Pair(f"{story.name}: {name}", 3, "copy", body, EDITED[name](body))
        whole = _body([*story.paragraphs, *story.added])
        other = _with_lines(EDITED["entities"](body))
        yield Pair(f"{story.name}: lines in the earlier", 3, "near", other, whole)
        short = f"LAHORE: {_cut(body, 0.8)}"
        other = _body([story.added[2], *story.paragraphs[:6], *story.added[:2]])
        yield Pair(f"{story.name}: cut, then more", 3, "near", short, other)


def _copies() -> Iterator[Pair]:
    names = list(NOISE)
    for number, story in enumerate(stories()):
        body = _body(story.paragraphs)
        for step in range(5):
            noise = names[(number * 5 + step) % len(names)]
            yield Pair(f"{story.name}: {noise}", 1 + number % 2, "copy", body, NOISE[noise](body))
    for number, (name, bodies) in enumerate(issues().items()):
        for noise in ("dateline", "tail") if number % 2 else ("curly quotes", "credits"):
            one = bodies[number % len(bodies)]
            lot = 1 + number % 2 if number < _FIRST_TEMPLATES else 3
            yield Pair(f"{name}: {noise}", lot, "copy", one, NOISE[noise](one))


def _wraps(story: Story) -> dict[str, tuple[str, str]]:
    old, new = story.paragraphs, story.added
    updated = [paragraph.replace(story.old, story.new) for paragraph in old]
    whole = _body(old)
    return {
        "added below": (whole, _body([*old, *new])),
        "added within": (whole, _body([*old[:2], *new, *old[2:]])),
        "new lead, end dropped": (whole, _body([new[0], new[1], *old[:5]])),
        "figure updated, added": (whole, _body([*updated[:3], *new, *updated[3:]])),
        "other dateline, added": (f"KARACHI: {whole}", _curly(f"LAHORE: {_body([*old, *new])}")),
        "brief grows": (_body(old[:3]), whole),
        "rewritten half": (whole, _body([*new, *updated[:4]])),
        "one paragraph added": (whole, _body([*old[:4], new[0], *old[4:]])),
    }


def _near() -> Iterator[Pair]:
    for number, story in enumerate(stories()):
        wraps = list(_wraps(story).items())
        for step in range(4):
            name, (one, other) = wraps[(number * 4 + number // 2 + step) % len(wraps)]
            yield Pair(f"{story.name}: {name}", 1 + number % 2, "near", one, other)


def _different() -> Iterator[Pair]:
    free = [story.added[1] for story in stories()]
    for number, (name, bodies) in enumerate(issues().items()):
        lot = 1 + number % 2 if number < _FIRST_TEMPLATES else 3
        for one, other in combinations(range(4), 2):
            yield Pair(f"{name}: {one}, {other}", lot, "different", bodies[one], bodies[other])
        longer = f"{bodies[1]}\n\n{free[number % len(free)]}"
        yield Pair(f"{name}: with more", lot, "different", bodies[0], longer)
        marked = NOISE["dateline"](bodies[3])
        yield Pair(f"{name}: dateline", lot, "different", marked, bodies[2])
    tales = stories()
    for number, story in enumerate(tales):
        lot = 1 + number % 2
        background = story.paragraphs[-2:]
        follow_up = _body([*story.added, *background])
        one = _body(story.paragraphs)
        yield Pair(f"{story.name}: follow-up", lot, "different", one, follow_up)
        other = _body(tales[number - 1].paragraphs)
        yield Pair(f"{story.name}: another story", lot, "different", one, other)


def _by_hand() -> Iterator[Pair]:
    """Yield the pairs of by_hand.txt: `## kind | name`, a text, `----` and the other."""
    for block in (HERE / "by_hand.txt").read_text().split("## ")[1:]:
        head, texts = block.split("\n", 1)
        kind, name = head.split(" | ")
        one, other = texts.strip().split("\n----\n")
        yield Pair(name, 4, KINDS[kind], one, other)


KINDS: dict[str, Kind] = {"copy": "copy", "near": "near", "different": "different"}


def labelled() -> list[Pair]:
    """Return all pairs, of all lots."""
    return [*_copies(), *_near(), *_different(), *_edited(), *_by_hand()]
