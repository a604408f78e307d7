"""Any subset of a header's parts, in any known shape, is read back field by field."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.page.texts import BOARD, parse
from tests.reliability import setting

BODY = (
    "LAHORE: Growers of onions in three districts said on Monday that the crop was late this year,"
    " and that it would be smaller than the last one.",
    "Prices in the wholesale market rose for the third week in a row.",
    "Nobody could say when the next harvest would come to the market.",
)
SUMMARY_STEM = "Growers of onions in three districts said on Monday that the crop was late this"
WORDS = "onion trader buys a stake in the mill near old bridge waits for better crop".split()
DOTS = ("...", " ...", "....", "…", ' ..."', "...”")
ENDS = ("", "", "", "?", "!", "...", "…", " Inc.", "’", "”")

Lines = list[str]


@dataclass(frozen=True)
class Header:
    """The lines of a header, and what must be read from them."""

    lines: Lines
    wanted: dict[str, str | None]


def masthead(draw: st.DrawFn, wanted: dict[str, str | None]) -> Lines:
    kind = draw(st.sampled_from(["none", "logo", "old logo", "masthead", "urdu", "date"]))
    if kind == "none":
        return []
    wanted["masthead_date"] = "2022-03-03"
    logo = {"logo": ["Brecorder Logo"], "old logo": ["Business Recorder Logo"]}.get(kind, [])
    edition = "PRINT EDITION ► BR MARKETS ► Dollar to PKR ►"
    after = {"date": "", "urdu": f" اردو {edition}"}.get(kind, f" {edition}")
    return [*logo, f"Mar 03, 2022{after}"]


def section(draw: st.DrawFn, wanted: dict[str, str | None]) -> Lines:
    kind = draw(st.sampled_from(["none", "name", "print"]))
    if kind == "none":
        return []
    wanted["section"] = draw(st.sampled_from(["Markets", "BR Research", "Business & Finance"]))
    if kind == "name":
        return [wanted["section"] or ""]
    wanted["print_date"] = "2022-03-04"
    return [f"{wanted['section']} Print 2022-03-04"]


def headline(draw: st.DrawFn, wanted: dict[str, str | None]) -> Lines:
    if not draw(st.booleans()):
        return []
    words = draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=12))
    text = " ".join(words).capitalize() + draw(st.sampled_from(ENDS))
    wanted["headline"] = text
    return [text, *draw(st.sampled_from([[], [""]]))]


def summary(draw: st.DrawFn, wanted: dict[str, str | None]) -> Lines:
    kind = draw(st.sampled_from(["none", "points", "cut off", "cut off without dots"]))
    if kind == "none":
        return []
    if kind == "points":
        points = ["A trader waits for the crop.", "The mill is near the bridge."]
        points = points[: draw(st.integers(1, 2))]
        wanted["summary"] = "\n".join(points)
        return [f"  • {point}" for point in points]
    beginning = draw(st.sampled_from(["", "LAHORE: "])) + SUMMARY_STEM
    if kind == "cut off":
        beginning += draw(st.sampled_from(DOTS))
    elif "headline" not in wanted:
        beginning = f"{SUMMARY_STEM} year, and"
    wanted["summary"] = beginning
    return [beginning]


def caption(draw: st.DrawFn, wanted: dict[str, str | None], shapes: list[str]) -> Lines:
    kind = draw(st.sampled_from(["none", *shapes]))
    if kind == "none" or "caption" in wanted:
        return []
    text = "Workers load sacks of onions in the old market"
    if kind == "credited":
        text += draw(st.sampled_from([". Photo: AFP", " — Reuters", ". File photo"]))
    wanted["caption"] = text
    if kind == "marked":
        return [f"<p>{text}</p>"]
    return [text, text] if kind == "twice" else [text]


def byline(draw: st.DrawFn, wanted: dict[str, str | None]) -> Lines:
    who = draw(st.sampled_from([None, "Recorder Report", "Amar Birch", "A. Birch | B. Elm", "AFP"]))
    date, parsed = draw(
        st.sampled_from(
            [
                ("03 Mar 2022", "2022-03-03"),
                ("03 Mar, 2022", "2022-03-03"),
                ("March 3, 2022", "2022-03-03"),
                ("03 Mar, 2022 05:15pm", "2022-03-03T17:15:00+05:00"),
                ("March 3, 2022 12:05am", "2022-03-03T00:05:00+05:00"),
            ]
        )
    )
    kind = draw(st.sampled_from(["bare", "published", "updated", "both"]))
    wanted["byline"] = who
    if kind != "updated":
        wanted["published_at"] = parsed
    if kind in ("updated", "both"):
        wanted["updated_at"] = parsed
    shape = {
        "bare": date,
        "published": f"Published {date}",
        "updated": f"Updated {date}",
        "both": f"Published {date} Updated {date}",
    }[kind]
    return [f"{who} {shape}" if who else shape]


@st.composite
def headers(draw: st.DrawFn) -> Header:
    wanted: dict[str, str | None] = {}
    lines = masthead(draw, wanted) + section(draw, wanted)
    if lines and draw(st.booleans()):
        lines.append("")
    lines += headline(draw, wanted)
    lines += summary(draw, wanted)
    above = ["marked", "twice"] + (["credited"] if "headline" in wanted else [])
    lines += caption(draw, wanted, above)
    if lines and draw(st.booleans()):
        lines.append("")
    lines += byline(draw, wanted)
    if draw(st.booleans()):
        lines.append("Follow us")
    lines += caption(draw, wanted, ["marked", "twice", "credited", "straight under"])
    lines.append("")
    return Header(lines, wanted)


@given(headers(), st.booleans())
@settings(max_examples=6 * setting("LOADER_EXAMPLES", 40))
def test_every_part_is_read_back(header: Header, has_board: bool) -> None:
    text = "\n".join([*([BOARD] if has_board else []), *header.lines, "\n\n".join(BODY)])
    snapshot = parse(text)
    article = snapshot.article
    assert article is not None
    found = {
        "masthead_date": snapshot.masthead_date,
        "section": article.section,
        "print_date": article.print_date,
        "headline": article.headline,
        "summary": article.summary,
        "caption": article.caption,
        "byline": article.byline,
        "published_at": article.published_at,
        "updated_at": article.updated_at,
    }
    assert found == {name: header.wanted.get(name) for name in found}, text
    assert article.dateline == "LAHORE"
    assert article.body.split("\n\n") == [BODY[0].removeprefix("LAHORE: "), *BODY[1:]]
    assert snapshot.problems == ()
