"""Mentions of instruments in articles, measured on labelled texts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.rows.facts import known_names, read_facts
from loader.rows.names.lexicon import variants
from loader.rows.names.recognise import find_mentions

LABELLED = Path(__file__).parent / "labelled" / "mentions.txt"


def named(text: str, headline: str | None = None) -> set[str]:
    return {found.symbol for found in find_mentions((headline, None, text), known_names())}


def labelled() -> list[tuple[set[str], str, str]]:
    """The symbols, headline and text of each labelled text."""
    rows = []
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            _, symbols, headline, text = (part.strip() for part in line.split("|", 3))
            rows.append((set(symbols.split()), headline, text))
    return rows


def test_names_are_found_as_well_as_promised() -> None:
    rows = labelled()
    known = {row["symbol"] for row in read_facts("instruments.csv")}
    traps = sum(not symbols for symbols, _, _ in rows)
    assert len(rows) >= 300
    assert traps >= 110
    counts: Counter[str] = Counter()
    wrong = []
    for symbols, headline, text in rows:
        assert symbols <= known, symbols - known
        found = named(text, headline)
        counts["right"] += len(found & symbols)
        counts["found"] += len(found)
        counts["wanted"] += len(symbols)
        if found != symbols:
            wrong.append(f"{headline}: {sorted(found)}, not {sorted(symbols)}")
    precision, recall = counts["right"] / counts["found"], counts["right"] / counts["wanted"]
    print(f"{len(rows)} texts: precision {precision:.2%}, recall {recall:.2%}")
    assert precision >= 0.98, wrong
    assert recall >= 0.92, wrong


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OGDC rose and OGDC fell", ["OGDC", "OGDC"]),
        ("The KSE-100 Index, or KSE 100, or KSE100", ["KSE100"] * 3),
        ("Hub Power and the Hub Power Company Limited", ["HUBC", "HUBC"]),
        ("Ghani Global Glass Limited", ["GGGL"]),
        ("K-Electric said that KEL", ["KEL", "KEL"]),
        ("ogdc, OGDCX, X-OGDC, OGDC.PK", []),
        ("PACE of POWER", []),
        ("", []),
        ("KSE-100 gained 100", ["KSE100"]),
        ("UbL\u200f, H\u200eub  Power\u00a0Company and Hub\u00adco", ["HUBC", "HUBC"]),
        ("OGDCL-PPL consortium", ["OGDC", "PPL"]),
        ("Hubco-led group, non-HBL banks", ["HUBC", "HBL"]),
        ("OGDC/PPL, #UBL, www.psx.com/OGDC, pso@psx.com/PSO", ["OGDC", "PPL", "UBL"]),
        ("PPL Corp (NYSE: PPL) and Pakistan Petroleum (PSX: PPL)", ["PPL", "PPL"]),
        ("Pak-Suzuki, J. D. W. Sugar, J.D.W.Sugar", ["PSMC", "JDWS", "JDWS"]),
        ("حبکو اور HUBC", ["HUBC"]),
    ],
)
def test_each_place_is_found_once(text: str, found: list[str]) -> None:
    assert [mention.symbol for mention in find_mentions((text,), known_names())] == found


def test_spans_are_those_of_the_text_as_it_was() -> None:
    text = "KARACHI: H\u200fub  Power’s plant and Nestlé Pakistan (PSX: NESTLE), İstanbul, Hubco."
    found = find_mentions((None, "Hubco", text), known_names())
    assert [(m.part, (None, "Hubco", text)[m.part][m.start : m.end]) for m in found] == [
        (1, "Hubco"), (2, "H\u200fub  Power"), (2, "Nestlé Pakistan"), (2, "NESTLE"), (2, "Hubco"),
    ]  # fmt: skip


def test_abbreviation_means_what_the_text_says_it_means() -> None:
    assert named("Pakistan Tobacco Company (PTC) paid. PTC rose on the PSX.") == {"PAKT"}
    assert named("The Punjab Premier League (PPL) began.", "PPL begins") == set()
    assert named("Hub Power Company Limited (HUBC) and HUBC") == {"HUBC"}


def test_every_official_name_finds_its_symbol() -> None:
    """Of ordinary shares, whole and without `Limited`; names that two rows bear aside."""
    rows = [row for row in read_facts("instruments.csv") if row["kind"] == "share"]
    owners = Counter(row["name"] for row in rows)
    lost = [
        row["symbol"]
        for row in rows
        if owners[row["name"]] == 1
        and row["name"].endswith((" Limited", " Ltd.", " Modaraba"))
        and row["symbol"] not in named(f"Shares of {row['name']} were traded.")
    ]
    assert lost == []


def test_names_are_shortened_as_texts_write_them() -> None:
    assert "Hub Power" in variants("The Hub Power Company Limited")
    assert "Jahangir Siddiqui" in variants("Jahangir Siddiqui & Co. Ltd.")
    assert "Mehmood Tex" in variants("Mehmood Textile Mills Limited")


@given(
    st.lists(
        st.sampled_from(
            ["OGDC", "Hub Power", "Ghani", "Global", "K-Electric", "KSE", "-100", "x", "É", "İ",
             ".", " ", "  ", "\n", "(PTC)", "power", "The ", "\u200f", "Pakistan Tobacco", "’"]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_places_lie_in_the_text_and_apart(parts: list[str]) -> None:
    text = "".join(parts)
    end = 0
    for found in find_mentions((text,), known_names()):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start].strip() and text[found.end - 1].strip()
        end = found.end
