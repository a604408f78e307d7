"""Feeds as sources: each item is a capture, independently of the others."""

from __future__ import annotations

import codecs
import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.page import parse_capture
from loader.sources import ReadOptions, Source, find_sources, read_captures
from loader.sources.readers.feed import feed_bytes_items, feed_digest
from tests.sources.feeds import CHANNEL, RDF, atom, entry, item, rss

Write = Callable[[str, bytes], str]


def headlines(items: list[Capture | Problem]) -> list[str | None]:
    """Of the items that are articles."""
    found = (parse_capture(each) for each in items if isinstance(each, Capture))
    return [each.article.headline for each in found if each.article]


def kinds(items: list[Capture | Problem]) -> list[str]:
    """Problems of the reader and of the parser, in the order of the items."""
    found = []
    for each in items:
        if isinstance(each, Problem):
            found.append(each.kind)
        elif isinstance(each, Capture):
            found += [problem.kind for problem in parse_capture(each).problems]
    return found


def three(middle: str, **parts: str) -> bytes:
    first, last = item(40300001, title="First"), item(40300003, title="Last")
    return rss(first, middle, last, **parts).encode()


@pytest.mark.parametrize("name", ["a.xml", "a.rss", "a.atom", "a.rdf", "a.xml.gz", "download"])
def test_each_item_is_a_capture(write: Write, read, name: str) -> None:
    location = write(name, rss(item(40300001), item(40300002)).encode())
    first, second = read(location)
    assert (first.media_type, first.source) == ("application/rss+xml", location)
    assert (first.url, first.captured_at) == (None, None)
    assert first.offset is not None and first.offset < second.offset
    assert parse_capture(first).news_id == 40300001
    url = "https://www.brecorder.com/news/40300002/rain-fills-ponds"
    assert parse_capture(second).capture.url == url


@pytest.mark.parametrize(
    ("feed", "media_type"),
    [
        (rss(item()), "application/rss+xml"),
        (RDF, "application/rss+xml"),
        (atom(entry()), "application/atom+xml"),
        (
            atom(entry()).replace("<", "<a:").replace("<a:/", "</a:").replace("<a:?", "<?")
            .replace("xmlns=", "xmlns:a="),
            "application/atom+xml",
        ),
    ],
)  # fmt: skip
def test_every_kind_of_feed(write: Write, read, feed: str, media_type: str) -> None:
    (capture,) = read(write("a.xml", feed.encode()))
    assert capture.media_type == media_type
    snapshot = parse_capture(capture)
    assert snapshot.article is not None, snapshot.problems
    assert snapshot.article.headline == "Rain"
    assert snapshot.article.published_at == "2026-05-12T19:31:00+05:00"
    assert snapshot.article.section == "Markets"
    assert snapshot.article.body.startswith("Rain filled ponds on Sunday.")
    assert snapshot.problems == ()


RELATIVE = item().replace("https://www.brecorder.com/news/40499998/", "/news/40499998/")
FEEDS = [rss(item(), item(40300001)), RDF, atom(entry()), rss(RELATIVE)]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_raw_capture_is_a_feed_that_gives_itself_again(write: Write, read, feed: str) -> None:
    for capture in read(write("a.xml", feed.encode())):
        (again,) = read(write("b.xml", capture.data))
        assert again.data == capture.data
        one, other = parse_capture(capture), parse_capture(again)
        assert (one.article, one.page_url) == (other.article, other.page_url)
        assert one.page_url is not None


def test_what_a_feed_says_of_itself_is_in_no_item(write: Write, read) -> None:
    one = read(write("a.xml", rss(item()).encode()))
    later = rss(item(40300009), item()).replace("19:43:03", "20:43:03").replace("News", "Views")
    _, other = read(write("b.xml", later.encode()))
    assert one[0].data == other.data
    assert b"content" not in other.data and b"lastBuildDate" not in other.data


def test_what_an_item_uses_of_its_feed_is_with_it(write: Write, read) -> None:
    more = "<content:encoded>&lt;p&gt;" + "Longer. " * 200 + "&lt;/p&gt;</content:encoded>"
    (capture,) = read(write("a.xml", rss(item(more=more)).encode()))
    assert b'xmlns:content="http://purl.org/rss/1.0/modules/content/"' in capture.data
    assert parse_capture(capture).article.body.startswith("Longer. Longer.")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16-be"),
        lambda text: text.replace("UTF-8", "windows-1252").encode("cp1252"),
        lambda text: text.replace("UTF-8", "ISO-8859-1").encode("cp1252"),
        lambda text: text.encode("cp1252"),
        lambda text: ("\n \n" + text).encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
)
def test_charsets(write: Write, read, encode: Callable[[str], bytes]) -> None:
    items = read(write("a.xml", encode(rss(item(title="The “rupee” – held")))))
    assert headlines(items) == ["The “rupee” – held"]
    assert kinds(items) == []


BROKEN = {
    "tags that do not match": item(title="<b>Bold"),
    "an end tag too many": item(title="Bold</b>"),
    "markup that is no XML": item(more="<description><p>Text<br></p></description>"),
    "an entity of its own": item(title="&company;"),
    "an attribute without a value": item(title="<a href>x</a>"),
    "a section left open": item(title="<![CDATA[Open"),
    "a comment left open": item(more="<!-- open"),
    "a document type": item(title="<!DOCTYPE x>"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_item_costs_no_other(write: Write, read, name: str) -> None:
    items = read(write("a.xml", three(BROKEN[name])))
    assert headlines(items) == ["First", "Last"]
    assert kinds(items) == ["bad-xml"]


def test_an_item_without_an_end_costs_no_other(write: Write, read) -> None:
    items = read(write("a.xml", three(item().removesuffix("</item>"))))
    assert (headlines(items), kinds(items)) == (["First", "Last"], ["bad-xml"])


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Oil&nbsp;&amp; gas", "Oil & gas"),
        ("Oil & gas", "Oil & gas"),
        ("Rs&eacute;sum&eacute; &mdash; of it", "Rsésumé — of it"),
        ("A\x0bB\x02C", "ABC"),
        ("AT&T &#38; Co", "AT&T & Co"),
        ("<![CDATA[Oil & gas <b>now</b>]]>", "Oil & gas now"),
        ("Oil &lt;b&gt;now&lt;/b&gt;", "Oil now"),
    ],
)
def test_what_can_mean_one_thing_only_is_mended(
    write: Write, read, title: str, wanted: str
) -> None:
    items = read(write("a.xml", three(item(title=title))))
    assert headlines(items) == ["First", wanted, "Last"]
    assert kinds(items) == []


def test_items_in_comments_and_sections_are_none(write: Write, read) -> None:
    more = f"<!-- {item(title='No')} -->"
    channel = CHANNEL.replace("All of it", f"<![CDATA[{item(title='No')}]]>")
    items = read(write("a.xml", rss(more, item(), channel=channel).encode()))
    assert headlines(items) == ["Rain"]


def test_a_section_that_runs_into_the_next_item_is_not_followed(write: Write, read) -> None:
    broken = item(title="<![CDATA[Open")
    closing = item(40300009, title="<![CDATA[Closed]]>")
    items = read(write("a.xml", rss(broken, closing).encode()))
    assert (headlines(items), kinds(items)) == (["Closed"], ["bad-xml"])


BOMB = (
    "<!DOCTYPE rss ["
    + "".join(f'<!ENTITY lol{n + 1} "' + f"&lol{n};" * 10 + '">' for n in range(9))
    + '<!ENTITY lol0 "lol">]>\n'
)
EXTERNAL = '<!DOCTYPE rss [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>\n'


@pytest.mark.parametrize(("head", "use"), [(BOMB, "&lol9;"), (EXTERNAL, "&xxe;")])
def test_entities_are_neither_expanded_nor_fetched(write: Write, read, head: str, use: str) -> None:
    started = time.process_time()
    items = read(write("a.xml", three(item(title=use), head=head)))
    assert (headlines(items), kinds(items)) == (["First", "Last"], ["bad-xml"])
    items = read(write("a.xml", three(item(title="Middle"), head=head)))
    assert headlines(items) == ["First", "Middle", "Last"]
    in_channel = CHANNEL.replace("All of it", use * 1000)
    items = read(write("a.xml", three(item(title="Middle"), head=head, channel=in_channel)))
    assert headlines(items) == ["First", "Middle", "Last"]
    assert time.process_time() - started < 20, "they were expanded"
    assert not any(b"root:" in each.data for each in items)


def test_a_document_type_from_elsewhere_is_not_fetched(write: Write, read) -> None:
    head = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:1/x.dtd">\n'
    assert headlines(read(write("a.xml", three(item(), head=head)))) == ["First", "Rain", "Last"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<!DOCTYPE html><html><title>Log in</title></html>", "HTML"),
        (b"<?xml version='1.0'?><urlset></urlset>", "urlset"),
        (b'{"error": "login"}', "JSON"),
        (b"Please log in.", "text"),
        (b"", "nothing"),
        (b"\x89PNG\r\n\x1a\n\0", "image"),
        (b"PK\x03\x04" + bytes(40), "ZIP"),
    ],
)
def test_what_is_no_feed_is_refused_with_words(
    write: Write, read_to_fault, data: bytes, word: str
) -> None:
    items, fault = read_to_fault(write("a.rss", data))
    assert items == []
    assert "is no feed" in fault.fault and word in fault.fault


@pytest.mark.parametrize("size", [0.3, 0.6, 0.95])
def test_a_feed_that_ends_in_the_middle_gives_what_came_before(
    write: Write, read_to_fault, size: float
) -> None:
    feed = rss(*(item(40300000 + n) for n in range(20))).encode()
    items, fault = read_to_fault(write("a.xml", feed[: int(len(feed) * size)]))
    assert abs(len(items) - 20 * size) < 2
    assert all(isinstance(each, Capture) for each in items)
    assert "ends in the middle" in fault.fault


def test_a_feed_without_items_is_told(write: Write, read) -> None:
    assert [each.kind for each in read(write("a.xml", rss().encode()))] == ["empty"]


def test_an_item_that_is_too_large_costs_no_other(write: Write, read) -> None:
    big = item(body="x" * (17 * 1024 * 1024))
    items = read(write("a.xml", three(big)))
    assert (headlines(items), kinds(items)) == (["First", "Last"], ["too-large"])


def test_a_pipe_gives_a_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(rss(item()).encode())))
    assert headlines(list(read_captures(Source("-", "stdin")))) == ["Rain"]  # type: ignore[arg-type]


def test_what_the_user_says_goes_to_items_without_their_own(write: Write, read) -> None:
    told = {"url": "https://www.brecorder.com/news/40111111", "captured_at": "2026-05-12"}
    without = item().replace("<link>", "<nolink>").replace("</link>", "</nolink>")
    without = without.replace("<guid>", "<noguid>").replace("</guid>", "</noguid>")
    own, other = read(write("a.xml", rss(item(), without).encode()), **told)
    assert (own.captured_at, own.captured_basis) == ("2026-05-12", "option")
    assert parse_capture(own).news_id == 40499998
    assert parse_capture(other).news_id == 40111111


def test_the_digest_of_a_feed_is_of_its_items_alone() -> None:
    feed = rss(item(), item(40300001))
    assert feed_digest(feed.encode()) == feed_digest(feed.replace("19:43:03", "20:00:00").encode())
    assert feed_digest(feed.encode()) != feed_digest(feed.replace("Rain", "Hail").encode())
    assert feed_digest(b"<html>") is None


def test_folders_give_feeds_and_leave_other_xml(write: Write, tmp_path: Path) -> None:
    write("a.xml", rss(item()).encode())
    write("b.xml", b"<?xml version='1.0'?><config/>")
    found = [each for each in find_sources([str(tmp_path)]) if isinstance(each, Source)]
    assert [(Path(each.location).name, each.kind) for each in found] == [("a.xml", "feed")]


@pytest.mark.parametrize("opening", ["<![CDATA[", "<!--", "<?", "<item>", "</item>", "<item"])
def test_time_is_linear_in_a_feed_of_openings(opening: str) -> None:
    feed = rss(item(), opening * 20_000, item()).encode()
    started = time.process_time()
    for tail in (b"", b"</item><item>]]>-->?></item></channel></rss>"):
        try:
            list(feed_bytes_items(feed + tail, Source("a.xml", "feed"), ReadOptions()))
        except SourceError:
            continue
    assert time.process_time() - started < 20


PIECES = ["<item>", "</item>", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<rss>", "</rss>",
          "<title>", "</title>", "x", "&", "<", ">", '"', "<item/>", "<link>", "&lol;"]  # fmt: skip


@settings(max_examples=300)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_pieces_give_items_or_faults(pieces: list[str]) -> None:
    feed = ("<rss>" + "".join(pieces)).encode()
    try:
        for each in feed_bytes_items(feed, Source("a.xml", "feed"), ReadOptions()):
            if isinstance(each, Capture):
                snapshot = parse_capture(each)
                assert snapshot.article or snapshot.problems
    except SourceError:
        pass
