"""Addresses: the number is the identity, everything else is spelling (FORMAT.md section 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.page.address import canonical_address, is_site_host


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
