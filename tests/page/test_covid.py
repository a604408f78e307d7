"""The Covid counter ends at the first line that cannot belong to it."""

from __future__ import annotations

import pytest

from tests.page.texts import BOARD, BODY, BYLINE, HEADLINE, parse

DEATHS = "Pakistan Deaths\n12,345\n4324hr"
CASES = "Pakistan Cases\n654,321\n3,45624hr"
PROVINCES = "Sindh\n222,222\nPunjab\n111,111\nKPK\n77,777"
MASTHEAD = "Mar 13, 2021 PRINT EDITION ► BR MARKETS ► Dollar to PKR ►"
TOP = f"Business Recorder Logo\n{MASTHEAD}\nPakistan\n\n"

LEVELS = (
    "VERY HIGH", "HIGH", "MODERATE", "MEDIUM", "LOW", "VERY LOW", "Very High", "SEVERE", "",
    "HIGH Source: covid.gov.pk", "LOW\nSource: covid.gov.pk", "MODERATE\nSource:\ncovid.gov.pk",
    "Source: covid.gov.pk", "HIGH\nSource: NCOC", "VERY HIGH\n\nSource: covid.gov.pk",
)  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("top", [TOP, f"\n{TOP}", "\n"])
def test_level_and_source_in_any_shape(level: str, top: str) -> None:
    box = "\n".join(filter(None, ["Coronavirus", level, DEATHS, CASES, PROVINCES]))
    snapshot = parse(f"{BOARD}\n\n{box}\n{top}{HEADLINE}\n\n{BYLINE}\n\n{BODY}")
    covid, article = snapshot.covid, snapshot.article
    assert covid is not None and article is not None
    assert (covid.deaths, covid.deaths_24h) == (12345, 43)
    assert (covid.cases, covid.cases_24h) == (654321, 3456)
    assert covid.provinces == (("Sindh", 222222), ("Punjab", 111111), ("KPK", 77777))
    assert (article.headline, article.byline) == (HEADLINE, "Recorder Report")
    assert article.dateline == "LAHORE"


@pytest.mark.parametrize(
    ("lines", "positivity", "provinces"),
    [
        ("3.21% positivity", "3.21", ()),
        ("3.21 % Positivity rate", "3.21", ()),
        ("Positivity: 5%", "5", ()),
        ("Sindh 222,222\nPunjab 111,111", None, (("Sindh", 222222), ("Punjab", 111111))),
        ("Gilgit-Baltistan\n5,555", None, (("Gilgit-Baltistan", 5555),)),
        ("Azad Jammu Kashmir\n6,666", None, (("Azad Jammu Kashmir", 6666),)),
        ("Pakistan Recovered\n555,555", None, ()),
        ("Pakistan Tests\n9,555,555\n45,67824hr", None, ()),
        ("Pakistan Recovered 555,555\nSindh\n\n222,222", None, (("Sindh", 222222),)),
        ("Updated this morning\nPakistan Tests\n9,555,555", None, ()),
        ("Critical\n1,234\nIslamabad\n44,444", None, (("Islamabad", 44444),)),
    ],
)
def test_parts_in_any_order_and_of_any_name(
    lines: str, positivity: str | None, provinces: tuple[tuple[str, int], ...]
) -> None:
    for parts in ([DEATHS, CASES, lines], [lines, CASES, DEATHS], [CASES, lines, DEATHS]):
        box = "\n".join(["Coronavirus", "HIGH", *parts])
        snapshot = parse(f"{BOARD}\n\n{box}\n{TOP}{HEADLINE}\n\n{BYLINE}\n\n{BODY}")
        covid = snapshot.covid
        assert covid is not None
        assert (covid.deaths, covid.cases) == (12345, 654321)
        assert (covid.positivity, covid.provinces) == (positivity, provinces)
        assert snapshot.article is not None
        assert (snapshot.article.section, snapshot.article.headline) == ("Pakistan", HEADLINE)


@pytest.mark.parametrize("count", ["4324hr", "43 24hr", "43 24hrs", "4324 hrs", "4324h", "+4324hr"])
def test_count_of_the_day(count: str) -> None:
    snapshot = parse(f"{BOARD}\n\nCoronavirus\nLOW\nPakistan Deaths\n12,345\n{count}\n{TOP}{BODY}")
    assert snapshot.covid is not None and snapshot.covid.deaths_24h == 43


def test_word_alone_is_no_box() -> None:
    snapshot = parse(f"{BOARD}\nCoronavirus\n\n{BYLINE}\n\n{BODY}")
    assert snapshot.covid is None
    assert snapshot.article is not None and snapshot.article.headline == "Coronavirus"
