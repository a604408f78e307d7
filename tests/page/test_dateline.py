"""Datelines, and the labels in their place."""

from __future__ import annotations

import pytest

from tests.page.texts import BOARD, SECOND, article

KINDS = {
    "LETTER": "letter",
    "LETTERS": "letter",
    "LETTER TO THE EDITOR": "letter",
    "OPEN LETTER": "letter",
    "TEXT": "text",
    "FULL TEXT": "text",
    "TEXT OF SPEECH": "text",
    "STATEMENT": "statement",
    "JOINT STATEMENT": "statement",
    "EDITORIAL": "editorial",
    "INTERVIEW": "interview",
    "EXCLUSIVE INTERVIEW": "interview",
    "Q&A": "interview",
    "ANALYSIS": "analysis",
    "NEWS ANALYSIS": "analysis",
    "OPINION": "opinion",
    "OP-ED": "opinion",
    "COMMENT": "comment",
    "COMMENTARY": "comment",
    "ARTICLE": "article",
    "COLUMN": "column",
    "REVIEW": "review",
    "BOOK REVIEW": "review",
    "PROFILE": "profile",
    "OBITUARY": "obituary",
    "FEATURE": "feature",
    "FACTBOX": "factbox",
    "TIMELINE": "timeline",
    "EXPLAINER": "explainer",
    "SPECIAL REPORT": "report",
    "SPEECH": "speech",
    "MESSAGE": "message",
    "TRANSCRIPT": "transcript",
    "CORRECTION": "correction",
    "CLARIFICATION": "clarification",
    "REJOINDER": "rejoinder",
    "PRESS RELEASE": "release",
    "ADVERTORIAL": "advertisement",
    "SURVEY": "survey",
    "UPDATE": "update",
    "EXCLUSIVE": "exclusive",
    "NOTE": "note",
    "TABLE": "table",
    "PREVIEW": "preview",
    "VIEWPOINT": "view",
}


@pytest.mark.parametrize("word", KINDS)
@pytest.mark.parametrize("colon", [": ", " : "])
def test_kind_of_text_is_no_dateline_and_is_kept(word: str, colon: str) -> None:
    found = article(f"{BOARD}\n\n{word}{colon}{SECOND}\n\n{SECOND}")
    assert found.dateline is None
    assert found.article_kind == KINDS[word]
    assert found.body.startswith(f"{word}{colon}")


@pytest.mark.parametrize("word", ["Letter", "Editorial", "Analysis", "Interview"])
def test_kind_in_small_letters(word: str) -> None:
    assert article(f"{BOARD}\n\n{word}: {SECOND}").article_kind == word.lower()


@pytest.mark.parametrize(
    "word",
    [
        "PSX", "SBP", "FBR", "NEPRA", "OPEC", "PML-N", "THE RUPEE", "QUESTION", "IMF", "K&N", "Q",
        "PALM OIL", "OPEN MARKET", "INTER-BANK MARKET RATES", "US DOLLAR", "GOLD PRICES",
        "SUPREME COURT", "FILE PHOTO", "SOURCES", "SIR", "DEAR SIR", "EDITOR",
    ],
)  # fmt: skip
def test_names_of_bodies_are_neither_place_nor_kind(word: str) -> None:
    found = article(f"{BOARD}\n\n{word}: {SECOND}")
    assert (found.dateline, found.article_kind) == (None, None)


@pytest.mark.parametrize(
    "place",
    [
        "KARACHI", "NEW YORK", "KUALA LUMPUR", "WASHINGTON/NEW DELHI", "ST. JOHN’S", "ROME",
        "DERA GHAZI KHAN", "THE HAGUE", "MOUNTAIN VIEW", "STOKE-ON-TRENT", "BRUSSELS, PARIS",
        "FRANKFURT AM MAIN", "TABLE BAY", "MUZAFFARABAD", "UNITED NATIONS", "D.I. KHAN",
        "SÃO PAULO", "ATHENS", "MARKET HARBOROUGH",
    ],
)  # fmt: skip
def test_places_are_datelines(place: str) -> None:
    found = article(f"{BOARD}\n\n{place}: {SECOND}")
    assert (found.dateline, found.article_kind) == (place, None)
    assert found.body == SECOND
