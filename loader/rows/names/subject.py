"""Tell the subject of an article by words in its texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation


class Subject(NamedTuple):
    """The subject of an article: shares, possibly a match, and topics of `TOPICS`."""

    is_market: bool
    may_be_sport: bool
    topics: frozenset[str]


TOPICS: Final = {"KE": ("electric", "nepra", "power tariff", "load-shedding", "loadshedding")}
"""Words by which a symbol that is an everyday word too means its company."""

_MARKET_WORDS: Final = (
    "psx", "kse", "stock exchange", "bourse", "scrip", "equities", "brindex", "share price",
    "per share", "volume leader", "turnover", "stock market", "million shares", "index-heavy",
    "index heavyweight", "shares of", "gainers", "losers", "brokerage", "benchmark index",
    "upper limit", "upper lock", "lower lock", "closed at rs", "close at rs", "closing at rs",
    "ended at rs", "shares traded",
)  # fmt: skip
_MATCHES: Final = (
    "wicket", "innings", "cricket", "hockey", "football", "trophy", "tournament", "squash", "goals",
    "final", "match", "medal", "volleyball", "rugby", "kabaddi", "squad", " beat ",
)  # fmt: skip
_MARKET, _SPORT = "market", "sport"
_SUBJECTS: Final = tuple(
    (name, word)
    for name, words in {_MARKET: _MARKET_WORDS, _SPORT: _MATCHES, **TOPICS}.items()
    for word in words
)
# One pass for all words; searching for each in turn took an eighth of a worker's time.
_WORDS: Final = BytesAhoCorasick(
    [word.encode() for _, word in _SUBJECTS], implementation=Implementation.DFA
)


def subject_of(texts: Iterable[str]) -> Subject:
    """Return the subject of an article with these texts."""
    found = {
        _SUBJECTS[index][0]
        for text in texts
        for index, _, _ in _WORDS.find_matches_as_indexes(
            text.lower().encode("ascii", "replace"), overlapping=True
        )
    }
    is_market = _MARKET in found
    return Subject(is_market, _SPORT in found and not is_market, frozenset(found & TOPICS.keys()))
