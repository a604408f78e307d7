"""Simulate a market, a site and a crawler, for archives of known truth.

With the same seed and arguments the captures are the same on every machine. The faults are those of
real boards (docs/page-format.md, Boards): whole-point rounding, provisional bases, stale share
bases, frozen boards, pre-open boards, a single line, capture times that are missing or only dates.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from itertools import accumulate
from random import Random
from statistics import NormalDist

from loader.market.sessions import Sessions
from loader.model import Capture

KARACHI = timezone(timedelta(hours=5))
INDEX_LEVELS = {"BR100": 4_150_00, "BR30": 15_400_00, "KSE100": 41_300_00, "KSE30": 15_700_00}
SHARES = (
    "AIRLINK BOP CNERGY DFML DGKC FCCL FFBL FFL GGL HBL HUBC HUMNL KEL KOSM MLCF OGDC PAEL "
    "PIAA PIBTL PPL PRL PTC SEARL SNGP SSGC TELE TPLP TRG UNITY WTL"
).split()
SESSION_MINUTES = 358
LEADERS = 8
"""Number of shares with closes in a report."""
KNOTS = 40
PARTS = [(knot + 1) / KNOTS for knot in range(KNOTS)]
STEPS = [NormalDist().inv_cdf((number + 0.5) / 1024) for number in range(1024)]
"""Normal deviates; drawing from them is much faster than `Random.gauss`."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Frequencies of faults of the site and its crawlers, from 0 to 1."""

    provisional_days: float = 1 / 13
    stale_share_days: float = 1 / 60
    frozen: float = 0.03
    one_line: float = 0.10
    no_time: float = 0.20
    date_only: float = 0.05
    masthead: float = 0.40
    reports: float = 0.04


# Ages in days of the text below a board, with shares of pages. Of 38 full boards of 2024-25 twelve
# were above texts of 2015 to 2022. Of 18 that could be compared four were above one of their day.
STORY_AGES: tuple[tuple[float, int, int], ...] = (
    (0.25, 0, 0), (0.20, 1, 30), (0.25, 31, 700), (0.30, 701, 2500),
)  # fmt: skip
OPENING_MINUTES = 12
"""Minutes after the opening in which the index lines may still show the previous session, while
shares already move: on 1 of 75 full boards seen."""


@dataclass(frozen=True, slots=True)
class Day:
    """One session: bases of instruments as on the site, and their paths, in hundredths."""

    number: int
    bases: dict[str, int]
    paths: dict[str, list[int]]

    def price(self, symbol: str, minute: int) -> int:
        path = self.paths[symbol]
        place = min(max(minute, 0), SESSION_MINUTES) * (KNOTS - 1)
        knot, rest = divmod(place, SESSION_MINUTES)
        if knot + 1 >= len(path):
            return path[-1]
        return path[knot] + (path[knot + 1] - path[knot]) * rest // SESSION_MINUTES

    def close(self, symbol: str) -> int:
        return self.paths[symbol][-1]


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture with the truth about its board: the session of its indices, as a number.

    `minute` is relative to the session on its board, None before the opening.
    """

    capture: Capture
    day: int
    is_single_quote: bool = False
    is_pre_open: bool = False
    has_stale_shares: bool = False
    is_frozen: bool = False
    is_opening: bool = False
    minute: int | None = None

    @property
    def is_ordinary(self) -> bool:
        """Whether it is a full board whose shares and indices are of one day."""
        return not (
            self.is_single_quote or self.is_pre_open or self.has_stale_shares or self.is_opening
        )


@dataclass
class Market:
    """`days` sessions from `first` on, drawn from `seed`."""

    seed: int
    sessions: Sessions
    first: int
    days: int
    faults: Faults = field(default_factory=Faults)

    @cached_property
    def history(self) -> list[Day]:
        random = Random(f"market {self.seed}")
        levels = dict(INDEX_LEVELS)
        levels |= {symbol: random.randrange(120, 18_000) for symbol in SHARES}
        history: list[Day] = []
        for offset in range(self.days):
            drift = random.gauss(0.0004, 0.009)
            closes = {symbol: day.close(symbol) for day in history[-1:] for symbol in levels}
            opening = closes or levels
            bases = self._bases(opening, history, random)
            paths = {
                symbol: _path(random, opening[symbol], drift, symbol) for symbol in sorted(levels)
            }
            history.append(Day(self.first + offset, bases, paths))
        return history

    def _bases(self, opening: dict[str, int], history: list[Day], random: Random) -> dict[str, int]:
        bases = dict(opening)
        if random.random() < self.faults.provisional_days:
            shift = random.choice((-1, 1)) * random.uniform(0.00010, 0.00015)
            others = random.random() < 0.5
            for symbol in INDEX_LEVELS:
                if symbol == "KSE100" or others:
                    bases[symbol] += round(bases[symbol] * shift)
        if len(history) > 3 and random.random() < self.faults.stale_share_days:
            bases |= {symbol: history[-3].close(symbol) for symbol in SHARES}
            bases["stale"] = 1
        return bases

    def close(self, symbol: str, day: int) -> int:
        return self.history[day - self.first].close(symbol)

    def show(self, moment: datetime, lag: int) -> tuple[str, Seen]:
        """Return the site's board at a moment, `lag` minutes late, and its truth."""
        instant = (moment - timedelta(minutes=lag)).strftime("%Y-%m-%dT%H:%M:%SZ")
        number = bisect_right(self.sessions.opens, instant) - 1
        number = min(max(number, self.first), self.first + self.days - 1)
        day = self.history[number - self.first]
        opened = _instant(self.sessions.opens[number])
        minute = int((moment - timedelta(minutes=lag) - opened).total_seconds() // 60)
        pre_open = self._is_pre_open(moment, number)
        opening = number > self.first and minute < OPENING_MINUTES and not pre_open
        index_day = self.history[number - 1 - self.first] if opening else day
        lines = [self._share_line(symbol, day, minute, pre_open) for symbol in SHARES]
        index_minute = SESSION_MINUTES if opening else minute
        lines += [_index_line(symbol, index_day, index_minute) for symbol in INDEX_LEVELS]
        capture = Capture(b"", "text/plain", "")
        stale = "stale" in day.bases and not pre_open
        shown = None if pre_open or opening else min(minute, SESSION_MINUTES)
        seen = Seen(
            capture, index_day.number, is_pre_open=pre_open, has_stale_shares=stale,
            is_opening=opening, minute=shown,
        )  # fmt: skip
        return "\n".join(lines), seen

    def _is_pre_open(self, moment: datetime, number: int) -> bool:
        """Whether a moment is in the quarter of an hour before the next session opens."""
        if number + 1 >= len(self.sessions):
            return False
        opens = _instant(self.sessions.opens[number + 1])
        return timedelta(0) < opens - moment <= timedelta(minutes=17)

    def _share_line(self, symbol: str, day: Day, minute: int, pre_open: bool) -> str:
        price = day.price(symbol, minute)
        if 0 <= minute < OPENING_MINUTES and Random(f"{symbol} {day.number}").random() * 2 > (
            minute / OPENING_MINUTES
        ):  # not traded yet: in the first minutes only a few are
            price = day.bases[symbol]
        base = price if pre_open else day.bases[symbol]
        return _line(symbol, price, price - base, base, decimals=True)


def _path(random: Random, start: int, drift: float, symbol: str) -> list[int]:
    is_index = symbol in INDEX_LEVELS
    end = drift * random.uniform(0.8, 1.2) + random.gauss(0, 0.0015 if is_index else 0.018)
    wiggle = 0.0006 if is_index else 0.003
    walk = accumulate(random.choices(STEPS, k=KNOTS))
    return [
        max(20, round(start * (1 + end * part + wiggle * here)))
        for part, here in zip(PARTS, walk, strict=True)
    ]


def _index_line(symbol: str, day: Day, minute: int) -> str:
    """Return the line with the price rounded to whole points and the change to tenths."""
    price, base = day.price(symbol, minute), day.bases[symbol]
    change = round((price - base) / 10) * 10
    return _line(symbol, round(price / 100) * 100, change, base, decimals=False)


def _line(symbol: str, price: int, change: int, base: int, *, decimals: bool) -> str:
    percent = _trimmed(round(change * 10_000 / base))
    word, arrow = ("Increased By", "▲") if change > 0 else ("Decreased By", "▼")
    if change == 0:
        word, arrow = "No Change", "▼"
    if decimals:
        return f"{symbol} {price / 100:.2f} {word} {arrow} {change / 100:.2f} ({percent}%)"
    return f"{symbol} {price // 100:,} {word} {_trimmed(change)} ({percent}%)"


def _trimmed(hundredths: int) -> str:
    text = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def crawl(market: Market, count: int, name: str = "crawl") -> list[Seen]:
    """Return `count` captures at any hour of any day of the market's period."""
    random = Random(f"{name} {market.seed}")
    start = _instant(market.sessions.opens[market.first])
    end = _instant(market.sessions.opens[market.first + market.days - 1]) + timedelta(hours=10)
    seconds = int((end - start).total_seconds())
    return [
        _capture(market, start + timedelta(seconds=random.randrange(seconds)), number, random)
        for number in range(count)
    ]


def crawl_sessions(market: Market, count: int, name: str = "sessions") -> list[Seen]:
    """Return `count` captures evenly spread over opening hours, with hardly any board twice."""
    random = Random(f"{name} {market.seed}")
    captures = []
    for number in range(count):
        opens = _instant(market.sessions.opens[market.first + number % market.days])
        moment = opens + timedelta(seconds=random.randrange(SESSION_MINUTES * 60))
        captures.append(_capture(market, moment, number, random))
    return captures


def _capture(market: Market, moment: datetime, number: int, random: Random) -> Seen:
    faults = market.faults
    shown_at = moment
    frozen = random.random() < faults.frozen
    if frozen:  # a board some hours or days old
        start = _instant(market.sessions.opens[market.first])
        shown_at = max(start, moment - timedelta(minutes=random.randrange(30, 4 * 24 * 60)))
    board, seen = market.show(shown_at, random.randrange(0, 12))
    one_line = random.random() < faults.one_line
    if one_line:
        board = random.choice(board.split("\n")[: len(SHARES)])
    masthead = random.random() < faults.masthead
    report = random.random() < faults.reports
    # Half of them are cached pages; on the others only the ticker was frozen.
    is_cached = frozen and Random(f"cached {market.seed} {number}").random() < 0.5
    rendered_at = shown_at if is_cached else moment
    local = rendered_at.astimezone(KARACHI)
    middle = f"Brecorder Logo\n{local:%b %d, %Y} PRINT EDITION\nMarkets\n" if masthead else ""
    text = f"{board}\n{middle}\n{_story(market, rendered_at, report, number, random)}"
    captured_at: str | None = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if random.random() < faults.no_time:
        captured_at = None
    elif random.random() < faults.date_only / (1 - faults.no_time):
        captured_at = moment.strftime("%Y-%m-%d")
    capture = Capture(
        text.encode(), "text/plain", f"sim/{number:06}", None, None, captured_at, "simulated"
    )
    return replace(seen, capture=capture, is_single_quote=one_line, is_frozen=frozen)


def _story(market: Market, moment: datetime, report: bool, number: int, random: Random) -> str:
    """Return an article of that day or an earlier one; a market report is of its own day."""
    if report:
        return _report(market, moment, number, random)
    published = _published(moment, random)
    return (
        f"{_head(number, published)}Nothing in the story numbered {number} was about the market.\n"
    )


def _head(number: int, published: datetime) -> str:
    return (
        f"A story of the simulator with the number {number}\n\n"
        f"BR Web Desk Published {published:%d %b, %Y %I:%M%p}\n\n".replace("AM", "am").replace(
            "PM", "pm"
        )
    )


def _published(moment: datetime, random: Random) -> datetime:
    """Return the publication time of a page's text in Karachi, never after the page's own."""
    share = random.random()
    local = moment.astimezone(KARACHI)
    for part, youngest, oldest in STORY_AGES:
        if share < part or (part, youngest, oldest) == STORY_AGES[-1]:
            day = local.date() - timedelta(days=random.randint(youngest, oldest))
            at = datetime(day.year, day.month, day.day, tzinfo=KARACHI)
            at += timedelta(minutes=random.randrange(24 * 60))
            return min(at, local)
        share -= part
    raise AssertionError


def _report(market: Market, moment: datetime, number: int, random: Random) -> str:
    """Return a report of an ended or running session, in one of the shapes seen."""
    ended = bisect_right(
        market.sessions.opens, (moment - timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    last = min(max(ended - 1, market.first + 1), market.first + market.days - 1)
    day = random.randint(market.first + 1, last)
    opens = _instant(market.sessions.opens[day]).astimezone(KARACHI)
    close, before = market.close("KSE100", day), market.close("KSE100", day - 1)
    words, published = _words(market, day, close, before, opens, random)
    if "ed at" in words or "the day at" in words:
        words += f"\n\n{_share_closes(market, day, number)}"
    return f"{_head(number, published)}Shares of company number {number} were traded.\n\n{words}\n"


def _share_closes(market: Market, day: int, number: int) -> str:
    """Return volume leaders with their official closes.

    These are averages of the last minutes, rarely equal to the last price on boards (18 of 171).
    """
    random = Random(f"leaders {market.seed} {day} {number}")
    named = random.sample(SHARES, LEADERS)
    return "\n\n".join(
        f"{symbol} closed at Rs {round(market.close(symbol, day) * (1 + away)) / 100:,.2f}."
        for symbol in named
        for away in (Random(f"official {market.seed} {day} {symbol}").gauss(0, 0.004),)
    )


def _words(
    market: Market, day: int, close: int, before: int, opens: datetime, random: Random
) -> tuple[str, datetime]:
    evening = opens + timedelta(minutes=random.randrange(7 * 60 + 30, 10 * 60))
    index = "The benchmark KSE-100 Index"
    shape = random.random()
    if shape < 0.35:
        verb = random.choice(("closed at", "settled at", "ended at", "finished the day at"))
        return f"{index} {verb} {close / 100:,.2f} points.", evening
    if shape < 0.65:
        side = "up" if close >= before else "down"
        points = abs(close - before)
        percent = points / before * 100
        words = f"{close / 100:,.2f}, {side} {points / 100:,.2f} points or {percent:.2f} per cent."
        return f"{index} closed at {words}", evening
    if shape < 0.85:
        minute = random.randrange(20, SESSION_MINUTES - 10)
        at = opens + timedelta(minutes=minute)
        level = market.history[day - market.first].price("KSE100", minute)
        side = "up" if level >= before else "down"
        words = f"{level / 100:,.2f}, {side} {abs(level - before) / 100:,.2f} points"
        clock = f"{at:%I:%M%p}".lower().lstrip("0")
        return f"At {clock}, {index[0].lower()}{index[1:]} stood at {words}.", at + timedelta(
            minutes=random.randrange(5, 60)
        )
    verb = "gained" if close >= before else "lost"
    return f"{index} {verb} {round(abs(close - before) / 100):,} points on the day.", evening


def without_times(seen: Seen, keep: Sequence[str] = ()) -> Seen:
    """Return the same capture without any evidence of its time, and without a report of a close.

    A report with one of the words `keep` is kept, with its date.
    """
    board, *story = seen.capture.data.decode().split("\n\n", 1)
    board = "\n".join(line for line in board.split("\n") if line.endswith("%)"))
    text = f"The story {seen.capture.source} had nothing about the market.\n"
    if story and "KSE-100" in story[0] and any(words in story[0] for words in keep):
        text = story[0]
    capture = replace(
        seen.capture,
        data=f"{board}\n\n{text}".encode(),
        captured_at=None,
        captured_basis=None,
    )
    return replace(seen, capture=capture)


def without_reports(seen: Seen) -> Seen:
    """Return the same capture with its times, but without a report of a close."""
    data = seen.capture.data.decode().replace("benchmark KSE-100 Index", "price of a tola of gold")
    data = data.replace(" closed at Rs ", " changed hands at Rs ")
    return replace(seen, capture=replace(seen.capture, data=data.encode()))


def closes_csv(market: Market) -> str:
    """Return a user's file of the KSE100 closes of the market and of the previous day."""
    lines = ["date,close"]
    before = market.history[0].bases["KSE100"]
    lines.append(f"{market.sessions.days[market.first - 1]},{before / 100:.2f}")
    for day in market.history:
        lines.append(f"{market.sessions.days[day.number]},{day.close('KSE100') / 100:.2f}")
    return "\n".join(lines) + "\n"
