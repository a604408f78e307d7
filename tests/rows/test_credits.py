"""Whom a byline names: people, desks and agencies, one slug for all spellings."""

from __future__ import annotations

import pytest

from loader.rows.credits import fold, read_credits


def _byline(printed: str) -> list[tuple[str, str]]:
    return [(credit.kind, credit.slug) for credit in read_credits("byline", printed)]


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("Staff Reporter", ["desk staff-reporter"]),
        ("STAFF REPORTER", ["desk staff-reporter"]),
        ("By our Staff Reporter", ["desk staff-reporter"]),
        ("Recorder Report", ["desk recorder-report"]),
        ("RECORDER  REPORT", ["desk recorder-report"]),
        ("Recorder-Report", ["desk recorder-report"]),
        ("Quetta Bureau", ["desk quetta-bureau"]),
        ("AFP", ["agency afp"]),
        ("Agence France Presse", ["agency afp"]),
        ("REUTERS", ["agency reuters"]),
        ("Thomson Reuters", ["agency reuters"]),
        ("Xinhua News Agency", ["agency xinhua"]),
        ("News Agencies", ["agency agencies"]),
        ("PR", ["desk press-release"]),
        ("A. Writer", ["author a-writer"]),
        ("By A WRITER", ["author a-writer"]),
        ("A.Writer.", ["author a-writer"]),
        ("M. A. Birch", ["author ma-birch"]),
        ("MA Birch", ["author ma-birch"]),
        ("Amar O’Neil", ["author amar-oneil"]),
        ("Amar O'Neil", ["author amar-oneil"]),
        ("Amar Al-Birch", ["author amar-al-birch"]),
        ("José Birch", ["author jose-birch"]),
        ("Amar\u00a0Birch", ["author amar-birch"]),
        ("Text by Amar Birch", ["author amar-birch"]),
        ("Amar Birch amar@example.com", ["author amar-birch"]),
    ],
)
def test_spellings_of_a_name_have_one_slug(printed: str, wanted: list[str]) -> None:
    assert [" ".join(found) for found in _byline(printed)] == wanted


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("Amar Birch and Zehra Noor", ["amar-birch", "zehra-noor"]),
        ("AMAR BIRCH AND ZEHRA NOOR", ["amar-birch", "zehra-noor"]),
        ("Amar Birch, Zehra Noor & Omar Elm", ["amar-birch", "zehra-noor", "omar-elm"]),
        ("Amar Birch | Zehra | Reuters", ["amar-birch", "zehra", "reuters"]),
        ("Amar Birch &amp; Zehra", ["amar-birch", "zehra"]),
        ("Amar Birch, AFP", ["amar-birch", "afp"]),
        ("Amar Birch—Reuters", ["amar-birch", "reuters"]),
        ("Amar Birch (APP) and Zehra Noor", ["amar-birch", "app", "zehra-noor"]),
        ("AFP/Reuters", ["afp", "reuters"]),
        ("Reuters, REUTERS, Thomson Reuters", ["reuters"]),
        ("Amar Birch with Web Desk", ["amar-birch", "web-desk"]),
        ("Text by Amar Birch; editing by Zehra Noor", ["amar-birch", "zehra-noor"]),
        ("Amar-und-Zehra Anderson", ["amar-und-zehra-anderson"]),
    ],
)
def test_several_names(printed: str, wanted: list[str]) -> None:
    assert [slug for _, slug in _byline(printed)] == wanted


@pytest.mark.parametrize(
    "printed",
    [
        "Amar Birch (Hala)",
        "Amar Birch (Rahim Yar Khan)",
        "Amar Birch, Lahore",
        "Amar Birch - Lahore",
        "Amar Birch, Business Editor",
    ],
)
def test_towns_and_offices_are_no_names(printed: str) -> None:
    assert _byline(printed) == [("author", "amar-birch")]


def test_names_that_agencies_share_with_people() -> None:
    """Alone they are the agency, as the parser has it; in a list a person unless in capitals."""
    assert _byline("Sana") == [("agency", "sana")]
    assert _byline("Sana and Amar Birch")[0] == ("author", "sana")
    assert _byline("SANA and Amar Birch")[0] == ("agency", "sana")


def test_mark_of_an_agency_that_nobody_knows_is_one() -> None:
    (credit,) = read_credits("agency", "Quill")
    assert (credit.kind, credit.slug, credit.name) == ("agency", "quill", "Quill")
    assert [credit.slug for credit in read_credits("agency", "APP/AFP")] == ["app", "afp"]


@pytest.mark.parametrize(
    ("printed", "slugs"),
    [
        ("امر برچ", ["امر-برچ"]),
        ("\u202bامر برچ\u202c", ["امر-برچ"]),
        ("امر\u200f برچ", ["امر-برچ"]),
        ("علي كمال", ["علی-کمال"]),
        ("علی کمال", ["علی-کمال"]),
        ("امر برچ اور زہرا نور", ["امر-برچ", "زہرا-نور"]),
        ("امر برچ، زہرا نور", ["امر-برچ", "زہرا-نور"]),
        ("<b>Amar</b> Birch", ["amar-birch"]),
        ("<script>alert(1)</script>", ["alert"]),
        ("", []),
        (" ", []),
        ("...", []),
        ("\u200f\u200e", []),
        ("| , |", []),
        ("By", []),
        ("03 Mar 2022", []),
        ("x" * 2000, []),
        ("Amar " * 400, []),
        ("Amar Birch, " * 80, ["amar-birch"]),
    ],
)
def test_hostile_bylines(printed: str, slugs: list[str]) -> None:
    assert [slug for _, slug in _byline(printed)] == slugs


@pytest.mark.parametrize(
    "printed",
    ["By A. WRITER, AFP", "Sameen Elm (Hala)", "\u202bامر برچ\u202c", "M.A. Birch & Zehra Noor"],
)
def test_name_is_kept_as_printed(printed: str) -> None:
    found = read_credits("byline", printed)
    assert found
    assert [credit.position for credit in found] == list(range(1, len(found) + 1))
    for credit in found:
        assert credit.printed == printed
        assert credit.name in printed
        assert fold(credit.name).replace(" ", "-") == credit.slug


@pytest.mark.parametrize("slug", ["ma-birch", "a-writer", "امر-برچ", "a-and-b", "staff-reporter"])
def test_slug_is_its_own_slug(slug: str) -> None:
    assert fold(slug).replace(" ", "-") == slug
