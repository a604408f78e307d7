"""Generate captures of an invented news site over 45 trading days in the spring of 2024.

Each story is published once and captured at least once, below the board at the time of the
capture; its own figures are those at the time of publication.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from random import Random

from . import levels
from .market import Market
from .template import WEEKDAYS, Moment, clock, fill, long_date, masthead_date, short_date

KARACHI = timezone(timedelta(hours=5))
FIRST_DAY, LAST_DAY = date(2024, 3, 4), date(2024, 5, 10)

LAYOUTS = ("logo", "next-line", "seed", "logo", "next-line", "date-line", "print-date")

# What is captured on the n-th trading day: the time and the kind of story.
DAY_PLANS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("19:25", "gold"),),
    (("11:20", "story"), ("18:05", "closing")),
    (("06:40", "story"), ("12:02", "midday"), ("21:15", "story")),
    (("09:08", "story"),),
    (("10:37", "story"), ("17:10", "closing")),
    (("18:40", "rupee"), ("23:30", "closing")),
    (("11:48", "midday"),),
    (("12:55", "story"), ("17:45", "closing")),
    (("05:20", "story"), ("10:05", "story"), ("19:02", "closing"), ("25:40", "story")),
)
DAYS_OFF = {
    date(2024, 3, 9): "14:30",
    date(2024, 3, 24): "11:05",
    date(2024, 4, 11): "13:20",
    date(2024, 4, 20): "16:45",
    date(2024, 5, 1): "12:00",
}

# The n-th capture of a story shows an earlier story again, by its number ...
RECRAWLS = {9: 3, 15: 8, 20: 14, 26: 1, 33: 25, 38: 29, 43: 22, 48: 36}
# ... or a changed text of it.
REVISIONS = {14: 11, 35: 28}
# Addresses under which crawlers reach the same story.
OTHER_ADDRESSES = {
    20: "http://brecorder.com/news/{id}",
    38: "https://www.brecorder.com/news/amp/{id}",
}


@dataclass(frozen=True)
class Story:
    """One text as published: its number on the site, and all printed parts."""

    news_id: int
    slug: str
    fields: dict[str, str]
    body: str
    published: datetime
    layout: str
    updated: datetime | None = None

    @property
    def url(self) -> str:
        return f"https://www.brecorder.com/news/{self.news_id}/{self.slug}"


@dataclass(frozen=True)
class SpringCapture:
    story: Story
    captured: datetime
    url: str


def spring_market() -> Market:
    return Market(
        "spring 2024",
        first=date(2024, 2, 26),
        last=LAST_DAY,
        levels=levels.YEAR_2024,
        pushes={date(2024, 4, 8): 0.0179, date(2024, 4, 29): -0.0168},
    )


class Newsroom:
    """A publisher of stories in the order of captures, each with a number of its own."""

    def __init__(self, market: Market, read: Callable[[str], str], stories: list[str]) -> None:
        self.market = market
        self.read = read
        self.names = iter(stories)
        self.random = Random("newsroom 2024")
        self.stories: list[Story] = []
        self.published = 0
        self.lines_used: dict[str, int] = {}

    def captures(self) -> Iterator[SpringCapture]:
        """Every capture in the order of time."""
        count = 0
        for captured, kind in self._schedule():
            if kind != "story":
                story = self._publish_report(captured, kind)
                yield SpringCapture(story, captured, story.url)
                continue
            count += 1
            if count in RECRAWLS:
                story = self.stories[RECRAWLS[count] - 1]
                address = OTHER_ADDRESSES.get(count, story.url)
                yield SpringCapture(story, captured, address.format(id=story.news_id))
            elif count in REVISIONS:
                story = self._revise(self.stories[REVISIONS[count] - 1], captured)
                yield SpringCapture(story, captured, story.url)
            else:
                story = self._publish_story(captured)
                yield SpringCapture(story, captured, story.url)

    def _schedule(self) -> Iterator[tuple[datetime, str]]:
        day, position = FIRST_DAY, 0
        while day <= LAST_DAY:
            plan: tuple[tuple[str, str], ...] = ()
            if day in self.market.days:
                plan = DAY_PLANS[position % len(DAY_PLANS)]
                position += 1
            elif day in DAYS_OFF:
                plan = ((DAYS_OFF[day], "story"),)
            for time, kind in plan:
                hour, minute = (int(part) for part in time.split(":"))
                seconds = int(self.random.random() * 60)
                start = datetime(day.year, day.month, day.day, tzinfo=KARACHI)
                yield start + timedelta(hours=hour, minutes=minute, seconds=seconds), kind
            day += timedelta(days=1)

    def _publish_story(self, captured: datetime) -> Story:
        name = next(self.names)
        lead = timedelta(minutes=20 + int(self.random.random() * 280))
        published = _to_minute(captured - lead)
        story = self._story(
            f"spring/{name}.txt", name.split("-", 1)[1], published, _told_on(published)
        )
        self.stories.append(story)
        return story

    def _revise(self, story: Story, captured: datetime) -> Story:
        number = self.stories.index(story) + 1
        name = f"spring/{number:02d}-{story.slug}.v2.txt"
        fields, body = _parts(self.read(name))
        body = fill(body, self._moment(story.published, _told_on(story.published)))
        updated = _to_minute(captured - timedelta(minutes=35))
        return Story(
            story.news_id, story.slug, fields, body, story.published, story.layout, updated
        )

    def _publish_report(self, captured: datetime, kind: str) -> Story:
        published = _to_minute(captured - timedelta(minutes=8 if kind == "midday" else 25))
        words = self._rates(published.date())
        if kind == "closing":
            rise = self._moment(published, {}).quote("KSE100").change > 0
            template, reasons = ("closing-up", "up") if rise else ("closing-down", "down")
            variants = 4 if rise else 3
        else:
            template, reasons = kind, kind
            variants = 2 if kind == "midday" else 1
        turn = self.lines_used.get(reasons, 0)
        self.lines_used[reasons] = turn + 1
        words["reason"] = self.read(f"wraps/reasons-{reasons}.txt").splitlines()[turn]
        return self._story(f"wraps/{template}-{turn % variants + 1}.txt", "", published, words)

    def _story(self, name: str, slug: str, published: datetime, words: dict[str, str]) -> Story:
        fields, body = _parts(self.read(name))
        moment = self._moment(published, words)
        filled = {key: fill(value, moment) for key, value in fields.items()}
        filled = {"section": "Markets", "byline": "BR Web Desk", "tags": "KSE-100 PSX"} | filled
        news_id = 40_291_500 + int((published.date() - FIRST_DAY).days * 160) + self.published
        layout = LAYOUTS[self.published % len(LAYOUTS)]
        if layout == "print-date" and filled["byline"] != "Recorder Report":
            layout = "logo"
        self.published += 1
        return Story(news_id, slug or filled["slug"], filled, fill(body, moment), published, layout)

    def _moment(self, at: datetime, words: dict[str, str]) -> Moment:
        return Moment(self.market, at.date(), at.hour * 60 + at.minute, words)

    def _rates(self, day: date) -> dict[str, str]:
        """Return the rupee and the gold price of a day, with their changes since the day before."""
        position = self.market.days.index(day)
        dollars, golds = [278_90], [228_600]
        for known in self.market.days[: position + 1]:
            random = Random(f"rates {known}")
            dollars.append(dollars[-1] - 1 - int(random.random() * 9) + 4)
            golds.append(golds[-1] + 100 * (int(random.random() * 25) - 11))
        paisa, rupees = dollars[-1] - dollars[-2], golds[-1] - golds[-2]
        fell = "eased" if paisa > 0 else "firmed"
        rose = "rose" if rupees > 0 else "fell"
        return {
            "dollar": f"{dollars[-1] / 100:.2f}",
            "dollar_moved": f"{fell} by Re {abs(paisa) / 100:.2f}" if paisa else "held its ground",
            "gold": f"{golds[-1]:,}",
            "gold10": f"{golds[-1] * 100_000 // 116_638:,}",
            "gold_moved": f"{rose} by Rs {abs(rupees):,}" if rupees else "did not change",
        }


def _told_on(published: datetime) -> dict[str, str]:
    """Return the day of the events: the day before, if published before nine in the morning."""
    return {"weekday": WEEKDAYS[(published - timedelta(hours=9)).weekday()]}


def _to_minute(at: datetime) -> datetime:
    return at.replace(second=0)


def _parts(text: str) -> tuple[dict[str, str], str]:
    """Return the `name: value` lines at the top of a story, and the paragraphs below them."""
    head, _, body = text.strip("\n").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return fields, body


def byline(story: Story) -> str:
    """Return `Reuters Published 03 Nov, 2024 01:23am`, or the longer form of an updated page."""
    author, published = story.fields["byline"], story.published
    minute = published.hour * 60 + published.minute
    if story.updated:
        updated = story.updated.hour * 60 + story.updated.minute
        return (
            f"{author} Published {long_date(published.date())} "
            f"Updated {long_date(story.updated.date())} {clock(updated)}"
        )
    return f"{author} Published {short_date(published.date())} {clock(minute)}"


def page_text(market: Market, capture: SpringCapture) -> str:
    """Return the page as saved by a crawler at that moment."""
    story, captured = capture.story, capture.captured
    fields = story.fields
    moment = Moment(market, captured.date(), captured.hour * 60 + captured.minute)
    section, headline = fields["section"], fields["headline"]
    above = {
        "seed": "\n\n",
        "next-line": f"\n{headline}\n\n{byline(story)}\n\n",
        "logo": f"\nBrecorder Logo\n{masthead_date(captured.date())} PRINT EDITION ► BR MARKETS "
        f"► Dollar to PKR ►\n{section}\n\n{headline}\n\n{byline(story)}\n\n",
        "date-line": f"\n{masthead_date(captured.date())}\n{section}\n\n{headline}\n\n"
        f"{byline(story)}\n\n",
        "print-date": f"\n{section} Print {story.published.date()}\n\n{headline}\n\n"
        f"{byline(story)}\n\n",
    }[story.layout]
    dateline = f"{fields['dateline']}: " if "dateline" in fields else ""
    tail = [] if story.layout == "seed" else [fields["tags"]]
    if fields["byline"] == "AFP":
        tail.append("Copyright AFP (Agence France-Presse), 2024")
    elif fields["byline"] == "Recorder Report":
        tail.append("Copyright Business Recorder, 2024")
    tail += ["Read Comments"] if fields["byline"] == "Reuters" else ["Comments", "200 characters"]
    return fill("{{board}}", moment) + above + dateline + "\n\n".join([story.body, *tail])


def spring_records(read: Callable[[str], str], stories: list[str]) -> list[dict[str, str]]:
    """All captures in the order of time: text, url and the crawler's timestamp in UTC."""
    market = spring_market()
    return [
        {
            "text": page_text(market, capture),
            "url": capture.url,
            "timestamp": f"{capture.captured.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        }
        for capture in Newsroom(market, read, stories).captures()
    ]


def json_lines(records: list[dict[str, str]], ascii_only: bool) -> bytes:
    """Return one object per line; the second part of the corpus escapes non-ASCII characters."""
    lines = (json.dumps(record, ensure_ascii=ascii_only) + "\n" for record in records)
    return "".join(lines).encode("utf-8")
