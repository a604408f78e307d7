"""Classify a number in a market report as a close, a change, a percentage or a volume."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from loader.market.values import vocabulary as words
from loader.market.values.tokens import Number

Measure = Literal["close", "change", "percent", "volume"]

_SMALLEST_INDEX: Final = 100_000  # in hundredths; all of the indices are above 1,000
_VERB_REACH: Final = 14  # characters before a closing verb that may name its day
_SHORT, _LONG = 30, 60


class Context(NamedTuple):
    """A number and its context.

    `before` has the words since the previous item, `after` those after the number, `clause` those
    since its subject. `previous` is the meaning of the previous number.
    """

    number: Number
    before: str
    after: str
    clause: str
    sentence: str
    is_index: bool
    previous: Measure | None
    names_day: bool


class Meaning(NamedTuple):
    """The meaning of a number; `sign` is that of a move, 0 if the previous number has it."""

    measure: Measure
    sign: int = 0


_CLOSE: Final = Meaning("close")


def meaning(context: Context) -> Meaning | None:
    """Return the meaning of a number by its context; None if it is not a value of its subject."""
    number, before, after = context.number, context.before, context.after
    if words.RESULTS.search(before) or words.OF_RESULTS.match(after):
        return None
    if number.kind == "volume":
        return _volume(context)
    if words.OPENED.search(before) or words.OPENING_AND_CLOSING.search(before):
        return None
    if words.AND.fullmatch(before) and words.CLOSING_OF_TWO.search(context.clause):
        return _CLOSE
    if words.UNCHANGED.search(after[:_SHORT]) and words.CLOSES_AT.search(before):
        return _CLOSE if not context.is_index else None
    if words.AT_PREVIOUS.search(before) and not context.is_index:
        return _CLOSE
    if words.COMPARED.search(before) and not words.FROM_PREVIOUS.search(before):
        return None
    if number.kind == "percent":
        return _percent(context)
    is_level = number.kind == "bare" and number.value >= _SMALLEST_INDEX
    if context.is_index != (number.kind == "points" or is_level) and (
        context.is_index or number.kind != "bare"
    ):
        return None
    if context.previous == "percent" and (
        words.BETWEEN_MOVES.fullmatch(before) if context.is_index else words.OR.fullmatch(before)
    ):
        return Meaning("change")
    if sign := _move(context):
        return Meaning("change", sign)
    if context.is_index and (number.value < _SMALLEST_INDEX or words.MARKED.match(after)):
        return None
    return _close(context)


def _move(context: Context) -> int:
    """Return 1 or -1 if the number is the amount of a move, otherwise 0."""
    number, before = context.number, context.before
    if number.kind == "bare" and not words.BARE_MOVE.search(before):
        return 0
    if match := words.MOVES.search(before):
        return _sign(match)
    if number.kind == "price" and (match := words.LISTED.search(before)):
        return _sign(match)
    if words.OPENS_BRACKET.fullmatch(before) and context.after.startswith(")"):
        return _sign_of_list(context)
    if words.CHANGE_OF.search(before):
        if number.sign:
            return -1 if number.sign == "-" else 1
        found = list(words.DIRECTION.finditer(before))
        return _sign(found[-1]) if found else 0
    if (
        number.kind in ("price", "points")
        and (match := words.MOVED.match(context.after))
        and not words.CLOSES_AT.search(before)
        and not words.TO_OR_AT.search(before)
    ):
        return _sign(match)
    return 0


def _sign(match: re.Match[str]) -> int:
    return 1 if match["up"] else -1


def _close(context: Context) -> Meaning | None:
    # All words since the subject are searched, as a move may intervene: `closed 3 points up at`.
    clause, before, after = context.clause, context.before, context.after
    if context.is_index and words.CLOCK.search(context.sentence):
        return None
    if words.UNCHANGED_AT.search(before) and not context.is_index:
        return _CLOSE
    if words.CLOSES_AT.search(clause):
        return _CLOSE if _is_of_the_day(context) else None
    if context.previous in ("change", "percent") and words.TO.search(before):
        is_of_moment = (
            words.HITS.search(before + after[:_SHORT])
            or words.OTHER_SPAN.search(context.sentence)
            or (context.is_index and words.OF_MOMENT.search(context.sentence))
        )
        return None if is_of_moment or len(before) > _LONG else _CLOSE
    if context.is_index and words.MOVED_TO.search(before) and words.FROM_BEFORE.match(after):
        return None if words.OF_MOMENT.search(context.sentence) else _CLOSE
    if context.is_index or words.RESULTS.search(clause) or words.TRADE_OF_STAKES.search(clause):
        return None
    if context.previous == "volume" and before == " at ":
        return _CLOSE
    if words.PRICE_IS.search(before) or (words.PER_SHARE.match(after) and words.AT.search(before)):
        return _CLOSE
    return None


def _is_of_the_day(context: Context) -> bool:
    """Whether a closing verb is about the reported session, not an earlier one or a moment."""
    clause = context.clause
    if words.UNCHANGED.search(clause[-_LONG:] + context.after[:_SHORT]):
        return True
    if words.HAD.search(clause) and not context.names_day:
        return False
    if words.LAST_SPAN.search(context.sentence[: context.sentence.find(clause)]):
        return False
    if words.CLOSED_AT_HIGH.search(clause):
        return True
    verb = max((match.start() for match in words.CLOSING_VERB.finditer(clause)), default=0)
    if words.OTHER_DAY.search(clause, max(0, verb - _VERB_REACH)):
        return False
    return not (context.is_index and words.MARK.search(clause[verb:]))


def _percent(context: Context) -> Meaning | None:
    number, before, after = context.number, context.before, context.after
    if context.previous == "change" and words.BETWEEN_MOVES.fullmatch(before):
        return Meaning("percent")
    if context.previous == "percent" and words.AND.fullmatch(before):
        return None
    if words.OF_TURNOVER.search(before):
        return None
    if match := words.MOVES.search(before):
        return Meaning("percent", _sign(match))
    if number.sign and words.BRACKET.fullmatch(before):
        return Meaning("percent", -1 if number.sign == "-" else 1)
    is_symbol = words.SYMBOL.search(context.clause) or f"({context.clause}" in context.sentence
    if before == " " and after.startswith(")") and is_symbol:
        return Meaning("percent", 1)  # `(UNITY 8.51%)`, in which falls have a sign
    if words.CHANGE_OF.search(before):
        sign = _move(context)
        return Meaning("percent", sign) if sign else None
    if before == " " or (words.OPENS_BRACKET.fullmatch(before) and after.startswith(")")):
        return _of_list(context)
    is_near = len(before) < _SHORT or words.CLOSING_BY.search(before)
    if is_near and (match := words.MOVED.match(after)):
        # `a 19 percent increase in its net profit`
        if words.RESULTS.search(after, match.end(), match.end() + _SHORT):
            return None
        return Meaning("percent", _sign(match))
    return None


def _of_list(context: Context) -> Meaning | None:
    """Return the meaning of `(2.1%)` in a list of gainers or of losers."""
    sign = _sign_of_list(context)
    return Meaning("percent", sign) if sign else None


def _sign_of_list(context: Context) -> int:
    """Return 1 if gainers were mentioned last, -1 if losers were, otherwise 0.

    If neither was mentioned before the list, those after it count: `X (Rs 5) saw the biggest gain`.
    """
    place = context.sentence.find(context.clause) + len(context.clause)
    sentence = context.sentence[:place]
    up, down = (
        max((match.start() for match in pattern.finditer(sentence)), default=-1)
        for pattern in (words.GAINERS, words.LOSERS)
    )
    if up != down:
        return 1 if up > down else -1
    gainers, losers = (
        pattern.search(context.sentence, place) for pattern in (words.GAINERS, words.LOSERS)
    )
    return 0 if bool(gainers) == bool(losers) else 1 if gainers else -1


def _volume(context: Context) -> Meaning | None:
    before = context.before
    if (
        words.COMPARED.search(before)
        or words.TRADE_OF_STAKES.search(before + context.after[:_SHORT])
        or words.WHOLE_MARKET.search(before)
    ):
        return None
    if context.number.has_unit:
        is_volume = bool(words.VOLUME_WORDS.search(context.sentence))
    else:
        is_volume = bool(words.BEFORE_VOLUME.search(before)) and bool(
            words.OF_VOLUME.search(context.sentence)
        )
    return Meaning("volume") if is_volume else None
