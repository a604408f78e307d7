"""The single pages of tests/samples: hand-written texts, with the market of the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from . import levels
from .board import short
from .market import Market
from .spring import spring_market
from .template import Moment, fill


@dataclass(frozen=True)
class Page:
    """A page with a board: its text file, and the day and Karachi time of its board.

    By default it has a market of its own, seeded by its name.
    """

    name: str
    levels: Mapping[str, int]
    day: date
    time: str = "15:50"
    push: float | None = None
    market: Market | None = None
    edits: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    @property
    def moment(self) -> Moment:
        hour, minute = self.time.split(":")
        market = self.market or Market(
            self.name,
            first=self.day - timedelta(days=6),
            last=self.day,
            levels=self.levels,
            arrow_indices=self.day < date(2021, 10, 1),
            pushes={} if self.push is None else {self.day: self.push},
        )
        return Moment(market, self.day, int(hour) * 60 + int(minute), edits=self.edits)


def percent_off(hundredths: int) -> Callable[[str], str]:
    """Print a percentage with a given error."""

    def edit(line: str) -> str:
        head, _, percent = line.rpartition(" (")
        shown = round(float(percent.rstrip("%)")) * 100) + hundredths
        return f"{head} ({short(shown)}%)"

    return edit


def no_index_change(line: str) -> str:
    symbol, price, *_ = line.split(" ")
    return f"{symbol} {price} No Change 0 (0%)"


def broken_price(line: str) -> str:
    """Return a line of the right shape whose price is not a number."""
    return "OGDC 12.3.4 Increased By ▲ 1.20 (1.1%)"


# Pages of the days that the spring corpus covers must agree with its boards.
SPRING = spring_market()

PAGES = (
    Page(
        "2020-12-arrow-index-business-recorder-logo",
        levels.YEAR_2020,
        date(2020, 12, 9),
        "11:40",
    ),
    Page("2021-02-summary-without-headline", levels.YEAR_2021, date(2021, 2, 24), "12:15"),
    Page("2021-03-covid-level-alone", levels.YEAR_2021, date(2021, 3, 17), "13:20"),
    Page("2021-06-covid-counter", levels.YEAR_2021, date(2021, 6, 10), "14:05"),
    Page("2021-published-and-updated", levels.YEAR_2021, date(2021, 7, 7), "10:45"),
    Page("2021-table-rules-nil", levels.YEAR_2021, date(2021, 9, 8)),
    Page("2021-11-summary-glued-dots", levels.YEAR_2021, date(2021, 11, 11), "11:05"),
    Page("2021-12-covid-source-line", levels.YEAR_2021, date(2021, 12, 14), "12:40"),
    Page("2022-02-cut-off-end", levels.YEAR_2022, date(2022, 2, 18)),
    Page("2022-logo-print-edition", levels.YEAR_2022, date(2022, 3, 3)),
    Page(
        "2022-frozen-one-percent-off",
        levels.YEAR_2022,
        date(2022, 7, 19),
        "11:47",
        edits={"MLCF": percent_off(-1), "TRG": percent_off(-137)},
    ),
    Page("2022-headline-ends-in-stop", levels.YEAR_2022_AUTUMN, date(2022, 8, 9), "10:30"),
    Page("2022-summary-cut-off", levels.YEAR_2022_AUTUMN, date(2022, 11, 3), "12:20"),
    Page("2022-summary-bullets", levels.YEAR_2022_AUTUMN, date(2022, 11, 17), "10:05"),
    Page("2023-research-no-author", levels.YEAR_2023, date(2023, 2, 14), "12:31"),
    Page("2023-editorial-no-dateline", levels.YEAR_2023, date(2023, 5, 16), "10:58"),
    Page("2023-opinion-subheadings", levels.YEAR_2023, date(2023, 8, 22), "13:15"),
    Page(
        "2023-corpus-prefix-headline-next-line",
        levels.YEAR_2023,
        date(2023, 11, 3),
        "11:22",
        push=0.013,
    ),
    Page("2023-doubled-board", levels.YEAR_2023, date(2023, 11, 22)),
    Page("2023-agency-mark-at-the-end", levels.YEAR_2023, date(2023, 11, 23), "14:10"),
    Page("2023-corpus-prefix-month-only", levels.YEAR_2023, date(2023, 12, 5)),
    Page(
        "2024-index-change-over-1000",
        levels.YEAR_2024,
        date(2024, 1, 17),
        "18:50",
        push=-0.021,
    ),
    Page("2024-date-line-alone", levels.YEAR_2024, date(2024, 2, 20), "12:10"),
    Page("2024-seed-layout-teaser", levels.YEAR_2024, date(2024, 2, 28), "20:15", market=SPRING),
    Page("2024-one-share-line", levels.YEAR_2024, date(2024, 3, 13), market=SPRING),
    Page("2024-pre-open-board", levels.YEAR_2024, date(2024, 4, 24), "09:12", market=SPRING),
    Page("2024-rates-table-data-source", levels.YEAR_2024_JUNE, date(2024, 6, 5), "11:05"),
    Page(
        "2024-flat-index-share-over-1000",
        levels.YEAR_2024_HEAVY,
        date(2024, 7, 3),
        "14:40",
        edits={"BR100": no_index_change},
    ),
    Page("2024-caption-twice-and-tail", levels.LATE_2024, date(2024, 8, 20), "13:33"),
    Page(
        "2024-near-ticker-line",
        levels.LATE_2024,
        date(2024, 9, 18),
        edits={"OGDC": broken_price},
    ),
    # A Sunday: the board is that of Friday, 4 October.
    Page("2024-stale-board-old-article", levels.LATE_2024, date(2024, 10, 6), "17:00"),
    Page("2024-caption-html-paragraph", levels.LATE_2024, date(2024, 11, 19), "11:30"),
    Page("2024-12-caption-under-byline", levels.LATE_2024, date(2024, 12, 11), "15:05"),
    Page("2025-urdu-masthead-no-logo", levels.YEAR_2025, date(2025, 1, 30), "15:45"),
    Page("2025-section-print-date", levels.YEAR_2025, date(2025, 3, 3), "10:20"),
)

WITHOUT_BOARD = (
    "2017-10-later-wrap",
    "2017-10-summary-cut-without-dots",
    "2017-image-names-in-the-text",
    "2018-12-summary-quoted-dots",
    "2018-image-name-before-byline",
    "2018-listing-read-more",
    "2021-letter-with-signature",
    "2023-12-text-of-a-message",
    "2018-epaper-capitals-byline",
    "2018-no-board-published-month-name",
    "2019-amp-single-newlines",
    "2019-epaper-name-in-capitals",
    "2020-print-print-section",
    "2020-windows-1252",
    "2025-print-edition-no-board",
)

ENCODINGS = {"2020-windows-1252": "cp1252"}


def page_files(read_text: Callable[[str], str]) -> dict[str, bytes]:
    """Return every single page by file name, without a newline at the end, as on the site."""
    texts = {page.name: fill(read_text(page.name), page.moment) for page in PAGES}
    texts |= {name: read_text(name) for name in WITHOUT_BOARD}
    return {
        f"{name}.txt": text.rstrip("\n").encode(ENCODINGS.get(name, "utf-8"))
        for name, text in texts.items()
    }
