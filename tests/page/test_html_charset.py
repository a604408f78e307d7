"""Conversion to UTF-8: BOM, HTTP, meta tag, else UTF-8, else Windows-1252."""

from __future__ import annotations

import codecs

import pytest

from loader.page.html.charset import to_utf8

TEXT = "Rupee’s rate – اردو"
WESTERN = "Rupee’s rate – 5 €"


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_decides_whatever_else_is_claimed(bom: bytes, encoding: str) -> None:
    html = f'<meta charset="windows-1252">{TEXT}'
    assert to_utf8(bom + html.encode(encoding), "windows-1252").decode() == html


@pytest.mark.parametrize(
    "claim", ["iso-8859-1", "windows-1252", "windows-1256", "us-ascii", "iso-8859-6", "macintosh"]
)
def test_utf8_is_read_as_such_whatever_single_byte_charset_is_claimed(claim: str) -> None:
    assert to_utf8(TEXT.encode(), claim).decode() == TEXT
    html = f'<meta charset="{claim}">{TEXT}'
    assert to_utf8(html.encode()).decode() == html


def test_windows_1252_that_claims_to_be_utf8_is_read_as_it_is() -> None:
    assert to_utf8(WESTERN.encode("cp1252"), "utf-8").decode() == WESTERN
    html = f'<meta charset="utf-8">{WESTERN}'
    assert to_utf8(html.encode("cp1252")).decode() == html


def test_utf8_with_some_damage_stays_utf8() -> None:
    damaged = TEXT.encode() + b"\x93"
    assert to_utf8(damaged, "utf-8") == damaged


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_byte_order_mark_is_known_by_its_first_tag(encoding: str) -> None:
    html = f"<!DOCTYPE html>{TEXT}"
    assert to_utf8(html.encode(encoding), encoding).decode() == html


def test_http_comes_before_the_meta_tag_and_that_before_a_guess() -> None:
    html = f'<meta charset="utf-8">{WESTERN}'.encode("cp1252")
    assert to_utf8(html, "windows-1252").decode().endswith(WESTERN)
    html = f'<META http-equiv=x content="text/html; charset=windows-1252">{WESTERN}'.encode(
        "cp1252"
    )
    assert to_utf8(html).decode().endswith(WESTERN)


def test_without_a_claim_it_is_utf8_else_windows_1252() -> None:
    assert to_utf8(TEXT.encode()).decode() == TEXT
    assert to_utf8(WESTERN.encode("cp1252")).decode() == WESTERN
    # Five bytes mean nothing in Windows-1252.
    assert to_utf8(b"a\x81b\xff").decode() == "a\ufffdbÿ"


def test_utf8_that_is_cut_off_in_a_character_is_still_utf8() -> None:
    assert to_utf8(TEXT.encode()[:-1]) == TEXT.encode()[:-1]


@pytest.mark.parametrize(
    "claim", ["", "no-such", "zlib", "hex", "punycode", "idna", "utf-16", "\0"]
)
def test_a_claim_that_names_no_charset_of_pages_is_passed_over(claim: str) -> None:
    assert to_utf8(TEXT.encode(), claim) == TEXT.encode()


def test_latin_1_is_read_as_browsers_do() -> None:
    assert to_utf8(WESTERN.encode("cp1252"), "ISO-8859-1").decode() == WESTERN
