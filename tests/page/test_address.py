"""Addresses: the number identifies a page, and spelling does not (docs/page-format.md)."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.model import Capture, MediaType
from loader.page import parse_capture
from loader.page.address import canonical_address, is_site_host
from loader.web_archives import archived_page


@pytest.mark.parametrize(
    "url",
    [
        "https://www.brecorder.com/news/40123456/a-slug",
        "http://brecorder.com/news/40123456",
        "https://www.brecorder.com/news/40123456/",
        "https://www.brecorder.com/news/amp/40123456",
        "https://www.brecorder.com/feeds/news/40123456",
        "https://www.brecorder.com/news/40123456/code.jquery.com?utm=x#comments",
        "www.brecorder.com/news/40123456/a-slug",
        "HTTPS://WWW.BRECORDER.COM:443/news/40123456",
        "https://www.brecorder.com/NEWS/40123456/a-slug",
        "https://www.brecorder.com//news//40123456/a-slug",
        "https://www.brecorder.com/amp/news/40123456",
        "https://www.brecorder.com/news/40123456/amp",
        "https://www.brecorder.com/news/print/40123456",
        "https://www.brecorder.com/print/news/40123456/a-slug",
        "https://www.brecorder.com/print/40123456/a-slug",
        "https://www.brecorder.com/news/40123456-a-slug",
        "https://www.brecorder.com/news/40123456.html",
        "https://www.brecorder.com/news/40123456%2Fa-slug",
        "https://www.brecorder.com/news/40123456;jsessionid=1",
        "https://www.brecorder.com/news/40123456&amp;x=1",
        "https://www.brecorder.com/news/40123456\u200b/a-slug",
        "https://m.brecorder.com/news/40123456/a-slug",
        "https://amp.brecorder.com/news/40123456",
    ],
)
def test_all_spellings_of_a_number_are_one_address(url: str) -> None:
    address = canonical_address(url)
    assert address.url == "https://www.brecorder.com/news/40123456"
    assert address.news_id == 40123456


def test_old_numbers_are_kept() -> None:
    address = canonical_address("https://www.brecorder.com/news/1234567/slug-201508261220593")
    assert address.news_id == 1234567


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (
            "http://epaper.brecorder.com/2018/03/03/5-page/704321-news.html?x=1",
            "https://epaper.brecorder.com/2018/03/03/5-page/704321-news.html",
        ),
        ("https://fp.brecorder.com/2015/08/20150826", "https://fp.brecorder.com/2015/08/20150826"),
        ("https://brecorder.com/", "https://www.brecorder.com/"),
        ("https://brecorder.com/print/2017/01/18", "https://www.brecorder.com/print/2017/01/18"),
        ("https://brecorder.com/news/2017-01-18", "https://www.brecorder.com/news/2017-01-18"),
        ("https://example.org/news/40123456", "https://example.org/news/40123456"),
    ],
)
def test_pages_without_a_number_keep_their_path(url: str, canonical: str) -> None:
    address = canonical_address(url)
    assert (address.url, address.news_id) == (canonical, None)


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "ftp://brecorder.com/x", "https://", "http://[::1", "x", "a b"],
)
def test_what_is_no_http_address_is_none(url: str) -> None:
    assert canonical_address(url) is None


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    address = canonical_address(text)
    assert address is None or canonical_address(address.url) == address


def test_hosts_of_the_site() -> None:
    assert is_site_host("www.brecorder.com")
    assert is_site_host("EPAPER.brecorder.com.")
    assert not is_site_host("notbrecorder.com")
    assert not is_site_host("brecorder.com.example.org")


@pytest.mark.parametrize(
    "url",
    [
        "http://www.brecorder.com/2017/04/27/345678/an-invented-slug/",
        "https://brecorder.com/2017/4/7/345678",
        "http://www.brecorder.com/2017/04/27/345678/code.jquery.com",
        "https://www.brecorder.com/2017/04/27/345678/an-invented-slug/?share=x#more",
        "https://www.brecorder.com/editorials/0/345678/cdnjs.cloudflare.com",
        "https://www.brecorder.com/editorials/0/345678/code.jquery.com/",
        "https://www.brecorder.com/editorials/0/345678",
        "http://www.brecorder.com/market-data/stocks-a-bonds/0/345678/",
        "http://www.brecorder.com/pakistan/12/345678:an-invented-slug/",
        "www.brecorder.com/top-news/1/345678-an-invented-slug.html",
        "https://www.brecorder.com/news/345678/",
    ],
)
def test_number_of_an_old_address_is_the_page(url: str) -> None:
    address = canonical_address(url)
    assert (address.url, address.news_id) == ("https://www.brecorder.com/news/345678", 345678)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://www.brecorder.com/trends/gold/code.jquery.com", "https://www.brecorder.com/trends/gold"),
        ("https://www.brecorder.com/cdn.jsdelivr.net", "https://www.brecorder.com/"),
        ("https://fp.brecorder.com/2017/04/2017042734567/cdnjs.cloudflare.com",
         "https://fp.brecorder.com/2017/04/2017042734567"),
        ("https://epaper.brecorder.com/2018/03/03/5-page/704321-news.html/www.google.com.pk",
         "https://epaper.brecorder.com/2018/03/03/5-page/704321-news.html"),
        ("https://www.brecorder.com/feeds/latest-news.xml", "https://www.brecorder.com/feeds/latest-news.xml"),
        ("https://www.brecorder.com/br-research/?start=1930", "https://www.brecorder.com/br-research"),
        ("https://example.org/a/code.jquery.com", "https://example.org/a/code.jquery.com"),
    ],
)  # fmt: skip
def test_host_name_as_slug_is_no_part_of_an_address(url: str, canonical: str) -> None:
    assert canonical_address(url).url == canonical


@pytest.mark.parametrize(
    ("prefix", "captured_at"),
    [
        ("https://web.archive.org/web/20170119050000/", "2017-01-19T05:00:00Z"),
        ("http://web.archive.org/web/20170119050000id_/", "2017-01-19T05:00:00Z"),
        ("web.archive.org/web/20170119050000if_/", "2017-01-19T05:00:00Z"),
        ("https://web.archive.org/web/20170119050000im_/", "2017-01-19T05:00:00Z"),
        ("https://web.archive.org/web/20170119050000js_/", "2017-01-19T05:00:00Z"),
        ("//web.archive.org:80/web/20170119050000mp_/", "2017-01-19T05:00:00Z"),
        ("https://wayback.archive.org/web/20170119050000/", "2017-01-19T05:00:00Z"),
        ("https://archive.org/wayback/20170119050000/", "2017-01-19T05:00:00Z"),
        ("https://wayback.archive-it.org/1234/20170119050000/", "2017-01-19T05:00:00Z"),
        ("https://arquivo.pt/wayback/20170119050000/", "2017-01-19T05:00:00Z"),
        ("https://www.webarchive.org.uk/wayback/archive/20170119050000/", "2017-01-19T05:00:00Z"),
        ("https://archive.ph/20170119050000/", "2017-01-19T05:00:00Z"),
        ("https://archive.today/2017.01.19-050000/", "2017-01-19T05:00:00Z"),
        ("http://archive.fo/20170119-050000/", "2017-01-19T05:00:00Z"),
        ("https://megalodon.jp/2017-0119-1400-00/", "2017-01-19T05:00:00Z"),
        ("https://web.archive.org/web/20170119050000*/", None),
        ("https://web.archive.org/web/99990119050000/", None),
        ("https://web.archive.org/web/20170119/", "2017-01-19"),
        ("https://web.archive.org/web/201701190500/", "2017-01-19"),
        ("https://web.archive.org/web/2017/", None),
        ("https://web.archive.org/web/2017*/", None),
        ("https://web.archive.org/web/*/", None),
        ("https://web.archive.org/web/", None),
        ("https://web.archive.org/web/20171319050000/", None),
        ("https://web.archive.org/web/20240101000000/https://web.archive.org/web/20170119050000/",
         "2017-01-19T05:00:00Z"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "inner",
    [
        "https://www.brecorder.com/news/40123456/a-slug",
        "http:/brecorder.com/news/40123456",
        "https%3A%2F%2Fwww.brecorder.com%2Fnews%2F40123456",
        "http://www.brecorder.com/2017/01/18/40123456/a-slug/",
    ],
)
def test_address_in_a_web_archive_is_that_of_the_page(
    prefix: str, captured_at: str | None, inner: str
) -> None:
    url = prefix + inner
    assert canonical_address(url).url == "https://www.brecorder.com/news/40123456"
    assert archived_page(url).captured_at == captured_at


@pytest.mark.parametrize(
    "url",
    [
        "https://webcache.googleusercontent.com/search?q=cache:AbCdEf12345:{https}&hl=en&gl=pk",
        "http://webcache.googleusercontent.com/search?hl=en&q=cache:{host}+canal+water",
        "https://webcache.googleusercontent.com/search?q=cache%3A{quoted}",
        "https://cc.bingj.com/cache.aspx?q=canal&d=1&mkt=en-US&u={quoted}&w=2",
        "https://www-brecorder-com.cdn.ampproject.org/c/s/{host}",
        "https://www-brecorder-com.cdn.ampproject.org/v/s/{host}?amp_js_v=0.1",
        "https://www.google.com/amp/s/{host}",
        "https://www.google.com.pk/amp/{host}",
        "https://r.jina.ai/{https}",
        "https://12ft.io/{https}",
    ],
)
def test_address_in_a_cache_is_that_of_the_page(url: str) -> None:
    host = "www.brecorder.com/news/amp/40123456"
    url = url.format(host=host, https=f"https://{host}", quoted=quote(f"https://{host}", safe=""))
    assert canonical_address(url).url == "https://www.brecorder.com/news/40123456"
    assert archived_page(url).captured_at is None


def test_caches_of_other_sites_stay_as_they_are() -> None:
    url = "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/40123456"
    assert canonical_address(url).url == url


def test_address_without_scheme_in_a_web_archive() -> None:
    url = "https://web.archive.org/web/20170119050000/www.brecorder.com/news/40123456"
    assert canonical_address(url).news_id == 40123456


@pytest.mark.parametrize(
    "url",
    [
        "https://www.brecorder.com/news/40123456",
        "https://www.brecorder.com/web/20170119050000/a-page",
        "https://example.org/?u=https://www.brecorder.com/news/40123456",
        "https://example.org/share/https://www.brecorder.com/news/40123456",
    ],
)
def test_other_addresses_are_in_no_web_archive(url: str) -> None:
    assert archived_page(url) is None


PAGES: dict[MediaType, bytes] = {
    "text/plain": b"A road is mended.\n\nIt was closed for a week.",
    "text/html": b"<html><article class='story' data-id='40123456'><h1 class='story__title'>A road"
    b" is mended</h1><div class='story__content'><p>It was closed.</p></div></article></html>",
    "multipart/related": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n"
    b"Date: Mon, 1 Jan 2024 00:00:00 -0000\n\n--x\nContent-Type: text/html\n\n<html><article"
    b" class='story'><h1 class='story__title'>A road</h1></article></html>\n--x--\n",
}
WAYBACK = "https://web.archive.org/web/20170119050000/https://www.brecorder.com/news/40123456"


@pytest.mark.parametrize("media_type", PAGES)
def test_time_in_the_address_is_that_of_a_capture_of_any_kind(media_type: MediaType) -> None:
    capture = Capture(PAGES[media_type], media_type, "page", url=WAYBACK)
    snapshot = parse_capture(capture)
    assert snapshot.news_id == 40123456
    assert snapshot.capture.captured_at == "2017-01-19T05:00:00Z"
    assert snapshot.capture.captured_basis == "web archive address"
    assert snapshot.capture.url == WAYBACK


@pytest.mark.parametrize("media_type", PAGES)
def test_time_that_the_source_gives_comes_first(media_type: MediaType) -> None:
    capture = Capture(
        PAGES[media_type], media_type, "page", url=WAYBACK,
        captured_at="2024-05-03", captured_basis="option",
    )  # fmt: skip
    found = parse_capture(capture).capture
    assert (found.captured_at, found.captured_basis) == ("2024-05-03", "option")


def test_page_that_a_web_archive_served_tells_its_time_itself() -> None:
    html = PAGES["text/html"].replace(
        b"<html>", b"<html><head><link rel=canonical href='" + WAYBACK.encode() + b"'></head>"
    )
    snapshot = parse_capture(Capture(html, "text/html", "page.html"))
    assert snapshot.news_id == 40123456
    assert snapshot.capture.captured_at == "2017-01-19T05:00:00Z"
