"""Items of feeds: each field, in any form."""

from __future__ import annotations

from html import escape

import pytest

from loader.model import Article, Capture, Snapshot
from loader.page import parse_capture
from loader.page.feed.dates import parse_feed_date
from loader.sources import ReadOptions, Source
from loader.sources.readers.feed import feed_bytes_items
from tests.sources.feeds import BODY, CHANNEL, atom, entry, item, rss

SITE = "https://www.brecorder.com"
PARAGRAPHS = "Rain filled ponds on Sunday.\n\nHerders came from far.\n\nMore rain is expected."


def parse(feed: str, **options: str) -> Snapshot:
    """The snapshot of the one item of a feed."""
    told = ReadOptions(**options)  # type: ignore[arg-type]
    (capture,) = feed_bytes_items(feed.encode(), Source("a.xml", "feed"), told)
    assert isinstance(capture, Capture)
    return parse_capture(capture)


def article(feed: str) -> Article:
    found = parse(feed).article
    assert found is not None
    return found


def kinds(snapshot: Snapshot) -> list[str]:
    return [problem.kind for problem in snapshot.problems]


def test_every_field_of_an_item() -> None:
    snapshot = parse(rss(item()))
    assert snapshot.problems == ()
    assert (snapshot.page_url, snapshot.news_id) == (f"{SITE}/news/40499998", 40499998)
    assert (snapshot.layout, snapshot.board, snapshot.listings) == ("feed", None, ())
    found = snapshot.article
    assert found is not None
    assert (found.headline, found.section, found.tags) == ("Rain", "Markets", ())
    assert (found.byline, found.agency) == ("AFP", "AFP")
    assert (found.published_at, found.updated_at) == ("2026-05-12T19:31:00+05:00", None)
    assert (found.dateline, found.body, found.summary) == ("MITHI", PARAGRAPHS, None)
    (teaser,) = found.teasers
    assert teaser.headline == "Another invented piece warns of slow lines this week"
    assert (teaser.position, teaser.url) == (2, f"{SITE}/news/40499990")


def test_an_atom_entry_gives_the_same_article() -> None:
    one, other = article(rss(item())), article(atom(entry(), head=""))
    assert (one.body, one.dateline, one.teasers) == (other.body, other.dateline, other.teasers)
    assert (other.published_at, other.updated_at) == (
        "2026-05-12T19:31:00+05:00", "2026-05-12T20:00:00+05:00",
    )  # fmt: skip


def content(markup: str) -> str:
    return f"<content:encoded>{markup}</content:encoded>"


FIRST = "<p><strong>MITHI: Rain filled ponds on Sunday.</strong></p>"


@pytest.mark.parametrize(
    "feed",
    [
        rss(item(more=content(escape(FIRST)))),
        rss(item(body=FIRST, more=content(escape(BODY)))),
        rss(item(body=FIRST, more=content(f"<![CDATA[{BODY}]]>"))),
        rss(item(body="MITHI: Rain filled ponds on ...", more=content(escape(BODY)))),
        rss(item(more='<encoded xmlns="http://purl.org/rss/1.0/modules/content/">x</encoded>')),
        rss(item(body=FIRST, more=content(escape(BODY)).replace("content:", "c:").replace(
            "<c:encoded", '<c:encoded xmlns:c="http://purl.org/rss/1.0/modules/content/"'))),
        rss(item(body=escape(BODY))),
        rss(item().replace(escape(BODY), BODY)),
        rss(item().replace(escape(BODY), f"<![CDATA[{BODY}]]>")),
        rss(item().replace(escape(BODY), f"<![CDATA[{BODY[:50]}]]><![CDATA[{BODY[50:]}]]>")),
        atom(entry(content=f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
                           f"{BODY}</div></content>")),
        atom(entry(content=f'<summary type="html">{escape(BODY)}</summary>')),
        atom(entry(content=f'<summary>Rain filled</summary><content type="text/html">'
                           f"{escape(BODY)}</content>")),
    ],
)  # fmt: skip
def test_the_body_is_the_longest_text_however_it_is_written(feed: str) -> None:
    found = article(feed)
    assert (found.dateline, found.body) == ("MITHI", PARAGRAPHS)
    assert found.summary is None or found.summary == "x"
    assert len(found.teasers) == 1


def test_plain_text_keeps_its_paragraphs() -> None:
    plain = "MITHI: Rain filled ponds.\n\nHerders & others came from < 5 km."
    for feed in (
        rss(item(body=plain)),
        atom(entry(content=f"<content>{escape(plain)}</content>")),
    ):
        found = article(feed)
        assert (found.dateline, found.body) == (
            "MITHI", "Rain filled ponds.\n\nHerders & others came from < 5 km.",
        )  # fmt: skip


def test_a_short_text_that_says_something_else_is_the_summary() -> None:
    found = article(rss(item(body="What herders say.", more=content(escape(BODY)))))
    assert (found.summary, found.body) == ("What herders say.", PARAGRAPHS)


def test_markup_in_texts_is_not_stored() -> None:
    body = (
        "<script>alert(1)</script><p onclick='x'>A &lt;b&gt; text.</p><img src=x><iframe>y</iframe>"
    )
    assert article(rss(item(body=body))).body == "A <b> text."


@pytest.mark.parametrize(
    ("told", "byline", "agency"),
    [
        ("<author>none@none.com (Reuters)</author>", "Reuters", "Reuters"),
        ("<author>news@brecorder.com</author>", None, None),
        ("<author>news@brecorder.com (A. Writer)</author>", "A. Writer", None),
        ("<author>BR Web Desk</author>", "BR Web Desk", None),
        ("<author>By A. Writer</author>", "A. Writer", None),
        ("<author>none@none.com (None)</author>", None, None),
        ("<author/>", None, None),
        ('<d:creator xmlns:d="http://purl.org/dc/elements/1.1/">AFP</d:creator>', "AFP", "AFP"),
        ("<dc:creator>A. Writer</dc:creator><dc:creator>B. Other</dc:creator>",
         "A. Writer | B. Other", None),
        ('<source url="https://reuters.com/feed">Reuters</source>', None, "Reuters"),
        ("<a:author xmlns:a='http://www.w3.org/2005/Atom'><a:name>APP</a:name></a:author>",
         "APP", "APP"),
    ],
)  # fmt: skip
def test_authors_and_agencies(told: str, byline: str | None, agency: str | None) -> None:
    found = article(rss(item().replace("<author>none@none.com (AFP)</author>", told)))
    assert (found.byline, found.agency) == (byline, agency)


def test_authors_of_atom() -> None:
    author = "<author><name>A. Writer</name><email>a@b.org</email></author>"
    assert article(atom(entry(more=author))).byline == "A. Writer"
    assert article(atom(entry(more=author * 2))).byline == "A. Writer"
    assert article(atom(entry())).byline == "BR Web Desk"
    assert article(atom(entry(), head="")).byline is None


def test_the_first_category_is_the_section_and_the_rest_are_tags() -> None:
    more = "<category>Pakistan</category><category>Markets</category><category>Rain</category>"
    found = article(rss(item(more=more)))
    assert (found.section, found.tags) == ("Markets", ("Pakistan", "Rain"))
    more = '<category term="rain" label="Rain &amp; wind"/>'
    assert article(atom(entry(more=more))).tags == ("Rain & wind",)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tue, 12 May 2026 19:31:00 +0500", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 14:31:00 GMT", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 14:31:00 Z", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 10:31:00 EDT", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 10:31:00 -0400", "2026-05-12T19:31:00+05:00"),
        ("12 May 2026 19:31 PKT", "2026-05-12T19:31:00+05:00"),
        ("12 May 26 19:31:00 +0500", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 19:31:00", "2026-05-12T19:31:00+05:00"),
        ("2026-05-12T14:31:00Z", "2026-05-12T19:31:00+05:00"),
        ("2026-05-12T14:31:00.123+00:00", "2026-05-12T19:31:00+05:00"),
        ("2026-05-12 19:31:00", "2026-05-12T19:31:00+05:00"),
        ("2026-05-12", "2026-05-12"),
        ("12 May, 2026 07:31pm", "2026-05-12T19:31:00+05:00"),
        ("Tuesday, 12 May 2026 19:31:00 +0500", "2026-05-12T19:31:00+05:00"),
        ("Tue,12 May 2026 19:31:00 +0500", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 14:31:00 +00:00", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 07:31 PM", "2026-05-12T19:31:00+05:00"),
        ("May 12, 2026 07:31:00 pm PKT", "2026-05-12T19:31:00+05:00"),
        ("Tue, 31 Feb 2026 19:31:00 +0500", None),
        ("Tue, 12 May 2026 25:31:00 +0500", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("Tue, 12 May 2026 14:31:00 -0000", "2026-05-12T19:31:00+05:00"),
        ("Tue, 12 May 2026 19:31:00 XYZ", None),
        ("yesterday", None),
        ("May", None),
        ("1778596260", None),
        ("Tue, 12 May 20261 19:31:00 +0500", None),
        ("x" * 10_000 + " May", None),
    ],
)
def test_dates(text: str, wanted: str | None) -> None:
    assert parse_feed_date(text) == wanted


@pytest.mark.parametrize("date", ["yesterday", "Tue, 31 Feb 2026 19:31:00 +0500", "0"])
def test_a_date_that_is_none_is_told(date: str) -> None:
    snapshot = parse(rss(item().replace("Tue, 12 May 2026 19:31:00 +0500", date)))
    assert snapshot.article is not None and snapshot.article.published_at is None
    assert kinds(snapshot) == ["bad-date"]


def test_an_item_without_a_date_has_none() -> None:
    snapshot = parse(rss(item().replace("pubDate", "noDate")))
    assert snapshot.article is not None and snapshot.article.published_at is None
    assert kinds(snapshot) == []


def test_a_date_after_the_capture_is_told() -> None:
    snapshot = parse(rss(item()), captured_at="2026-05-01T00:00:00Z")
    assert snapshot.article is not None and snapshot.article.published_at is None
    assert kinds(snapshot) == ["future-date"]


LINK = f"<link>{SITE}/news/40499998/rain-fills-ponds</link>"
GUID = f"<guid>{SITE}/news/40499998</guid>"


@pytest.mark.parametrize(
    ("link", "channel"),
    [
        ("<link>/news/40499998/rain</link>", CHANNEL),
        ("<link>news/40499998/rain</link>", CHANNEL),
        ("<link>//www.brecorder.com/news/40499998</link>", CHANNEL),
        ("<link><![CDATA[ https://www.brecorder.com/news/40499998?utm_source=rss ]]></link>", ""),
        (f"<link>\n {SITE}/news/40499998/rain \n</link>", ""),
        ("<link>http://brecorder.com/news/amp/40499998</link>", CHANNEL),
        (f"<link/><a:link xmlns:a='http://www.w3.org/2005/Atom' href='{SITE}/news/40499998'/>", ""),
        (f"<guid isPermaLink='true'>{SITE}/news/40499998</guid>", ""),
        (f"<guid>{SITE}/news/40499998</guid>", ""),
        (
            f"<link>https://feeds.feedburner.com/~r/x</link><f:origLink xmlns:f="
            f"'http://rssnamespace.org/feedburner/ext/1.0'>{SITE}/news/40499998</f:origLink>",
            "",
        ),
        (f"<link>https://feeds.feedburner.com/~r/x</link>{GUID}", CHANNEL),
    ],
)
def test_links_of_all_kinds(link: str, channel: str) -> None:
    feed = rss(item().replace(GUID, "").replace(LINK, link), channel=channel)
    snapshot = parse(feed)
    assert (snapshot.news_id, kinds(snapshot)) == (40499998, [])


def test_links_of_atom() -> None:
    old = f'<link rel="alternate" href="{SITE}/news/40499998/rain-fills-ponds"/>'
    for new in (
        f'<link href="{SITE}/news/40499998"/>',
        f'<link rel="self" href="{SITE}/feed/1"/><link href="{SITE}/news/40499998"/>',
        '<link href="/news/40499998"/>',
        '<link href="news/40499998"/>',
    ):
        assert parse(atom(entry().replace(old, new))).news_id == 40499998
    assert parse(atom(entry().replace("<entry>", f'<entry xml:base="{SITE}/news/">').replace(
        old, '<link href="40499998"/>'))).news_id == 40499998  # fmt: skip


def test_links_in_a_text_are_relative_to_its_page() -> None:
    body = BODY.replace(SITE, "")
    (teaser,) = article(rss(item(body=body))).teasers
    assert teaser.url == f"{SITE}/news/40499990"


def test_numbers_that_differ_are_a_conflict() -> None:
    snapshot = parse(rss(item().replace(GUID, f"<guid>{SITE}/news/40499999</guid>")))
    assert (snapshot.news_id, kinds(snapshot)) == (40499998, ["conflict"])


@pytest.mark.parametrize("link", ["", "<link/>", "<link>javascript:alert(1)</link>"])
def test_an_item_without_an_address_is_kept_and_told(link: str) -> None:
    snapshot = parse(rss(item().replace(LINK, link).replace(GUID, ""), channel=""))
    assert snapshot.article is not None and snapshot.page_url is None
    assert kinds(snapshot) == ["bad-url"]


def test_an_item_about_another_site_is_refused() -> None:
    other = item().replace(SITE, "https://example.org")
    snapshot = parse(rss(other))
    assert snapshot.is_refused and kinds(snapshot) == ["not-a-page"]


def test_a_headline_alone_is_an_article() -> None:
    snapshot = parse(rss(item(body="")))
    assert snapshot.article is not None
    assert (snapshot.article.headline, snapshot.article.body) == ("Rain", "")


def test_an_item_without_headline_and_text_is_refused() -> None:
    snapshot = parse(rss(f"<item>{LINK}</item>"))
    assert snapshot.is_refused and kinds(snapshot) == ["no-content"]
    assert kinds(parse(rss("<item/>"))) == ["bad-url", "no-content"]


def test_ticker_lines_in_an_item_are_no_board() -> None:
    body = f"<p>ABCD 12.34 Increased By ▲ 0.56 (4.75%)</p>{BODY}"
    snapshot = parse(rss(item(body=body)))
    assert snapshot.board is None
    assert kinds(snapshot) == ["stray-quote"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"<rss/>",
        b"<rss><item>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss><item><title>&a;</title></item></rss>",
        b"<rss>" + b"<a>" * 100_000,
        b"<rss><item>" + b"<title>" * 100_000,
        b"<rss><item>" + b"<x/>" * 100_000 + b"</item></rss>",
        b"not xml",
    ],
)
def test_a_raw_capture_that_is_no_item_is_refused(data: bytes) -> None:
    snapshot = parse_capture(Capture(data, "application/rss+xml", "a.xml"))
    assert snapshot.is_refused and kinds(snapshot) == ["bad-xml"]


@pytest.mark.parametrize(
    ("extra", "wanted"),
    [
        ('<media:content url="https://i.brecorder.com/a.jpg" medium="image"/>',
         [("https://i.brecorder.com/a.jpg", None)]),
        ('<media:content url="https://i.brecorder.com/a.jpg" type="image/jpeg">'
         "<media:description>A pond &amp; a road</media:description></media:content>",
         [("https://i.brecorder.com/a.jpg", "A pond & a road")]),
        ('<media:group><media:content url="/a.jpg"/><media:content url="/b.jpg"/></media:group>',
         [(f"{SITE}/a.jpg", None), (f"{SITE}/b.jpg", None)]),
        ('<media:thumbnail url="//i.brecorder.com/a.jpg"/>',
         [("https://i.brecorder.com/a.jpg", None)]),
        ('<enclosure url="https://i.brecorder.com/a.jpg" type="image/jpeg" length="1"/>',
         [("https://i.brecorder.com/a.jpg", None)]),
        ('<media:content url="/a.mp4" type="video/mp4"/>'
         '<enclosure url="/a.mp3" type="audio/mpeg"/>', []),
        ('<media:content medium="image"/><media:content url="data:x" medium="image"/>', []),
        ('<media:content url="/a.jpg"/><media:thumbnail url="/a.jpg"/>',
         [(f"{SITE}/a.jpg", None)]),
    ],
)  # fmt: skip
def test_pictures_of_an_item(extra: str, wanted: list[tuple[str, str | None]]) -> None:
    found = article(
        rss(item(more=extra), attributes=' xmlns:media="http://search.yahoo.com/mrss/"')
    )
    assert [tuple(image) for image in found.images] == wanted


def test_pictures_in_the_text_of_an_item_have_their_captions() -> None:
    body = '<figure><img src="/a.jpg"><figcaption>A pond</figcaption></figure><p>It rained.</p>'
    found = article(rss(item(body=body)))
    assert [tuple(image) for image in found.images] == [(f"{SITE}/a.jpg", "A pond")]


def test_author_of_an_entry_has_the_address_of_the_page() -> None:
    author = "<author><name>A. Writer</name><uri>https://www.brecorder.com/authors/7</uri></author>"
    found = article(atom(entry(more=author), head=""))
    assert [tuple(page) for page in found.author_pages] == [("A. Writer", f"{SITE}/authors/7")]


def test_an_atom_feed_need_not_declare_its_namespace() -> None:
    entry = (
        "<entry><title>Canal reaches the last fields</title>"
        f"<link rel='alternate' href='{SITE}/news/40499998'/><published>2026-05-12T14:31:00Z"
        "</published><content>LAHORE: Growers have water.</content></entry>"
    )
    declared, bare = (
        parse_capture(
            Capture(f"<feed{ns}>{entry}</feed>".encode(), "application/atom+xml", "a.xml")
        )
        for ns in (" xmlns='http://www.w3.org/2005/Atom'", "")
    )
    assert bare.article == declared.article
    assert (bare.news_id, bare.problems) == (40499998, ())
