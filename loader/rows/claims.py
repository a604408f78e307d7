"""Choose between several claims about one article, independently of the order of loading.

For each field the value with the earliest capture wins (captures without a time come last; ties
go to the smaller text). A date with a clock time completes the same date without one, which is
not a conflict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from loader.rows.problems import problem_row
from loader.rows.records import ClaimRow, ProblemRow

NO_TIME: Final = "~"  # sorts after every date
_DATES: Final = frozenset({"published_at", "updated_at"})
_WHOLE_MINUTE: Final = ":00+05:00"
_EXCERPT: Final = 500

Dated = tuple[str, str]
"""(earliest capture time or NO_TIME, value)"""


def claim_digest(article_digest: str, *claim: str | None) -> str:
    """Return the digest of a claim, from its article's digest and its fields.

    None and the empty string give different digests.
    """
    content = "\x1f".join(
        "" if value is None else f"={value}" for value in (article_digest, *claim)
    )
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def choose(claims: Sequence[tuple[str, ClaimRow]]) -> tuple[ClaimRow, dict[str, list[str]]]:
    """Return the winning claim from (earliest capture time, claim), and values of disputed fields.

    >>> nothing = ClaimRow(*[None] * len(ClaimRow._fields))
    >>> later, earlier = nothing._replace(headline="B"), nothing._replace(headline="A")
    >>> held, disputed = choose([(NO_TIME, later), ("2024", earlier)])
    >>> held.headline, disputed
    ('A', {'headline': ['A', 'B']})
    """
    held: list[str | None] = []
    disputed: dict[str, list[str]] = {}
    for name in ClaimRow._fields:
        dated = sorted((time, value) for time, claim in claims if (value := getattr(claim, name)))
        if name in _DATES:
            dated = _completed(dated)
        held.append(dated[0][1] if dated else None)
        if len(distinct := sorted({value for _, value in dated})) > 1:
            disputed[name] = distinct
    return ClaimRow(*held), disputed


def _completed(dated: list[Dated]) -> list[Dated]:
    """Complete dates by values with a clock time, and whole minutes by values with seconds."""
    timed = [value for _, value in dated if "T" in value]
    exact = [value for value in timed if not value.endswith(_WHOLE_MINUTE)]
    return sorted((time, _complete(value, timed, exact)) for time, value in dated)


def _complete(value: str, timed: Sequence[str], exact: Sequence[str]) -> str:
    if "T" not in value:
        value = next((whole for whole in timed if whole.startswith(value)), value)
    if value.endswith(_WHOLE_MINUTE):
        minute = value.removesuffix(_WHOLE_MINUTE)
        value = next((whole for whole in exact if whole.startswith(minute)), value)
    return value


def conflict_rows(digest: str, disputed: dict[str, list[str]]) -> list[ProblemRow]:
    """Return the problems of an article whose captures disagree about these fields."""
    return [
        problem_row(
            digest,
            "conflict",
            f"captures of one text disagree about its {name}; the earliest capture's is kept",
            " | ".join(values)[:_EXCERPT],
        )
        for name, values in disputed.items()
    ]
