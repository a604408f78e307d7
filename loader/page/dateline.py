"""Datelines, and the labels that stand in their place: kinds of text and names of bodies.

See docs/page-format.md, Text and tail. Each function looks only at the start of a paragraph.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LABEL = re.compile(r"(?P<label>[A-ZÀ-ÖØ-Þ](?:[A-ZÀ-ÖØ-Þ'’.&\-/, ]{0,38}[A-ZÀ-ÖØ-Þ])?) ?: (?=\S)")
# The same label in lower case: `Editorial: `.
_WORD = re.compile(r"(?P<label>[A-Z][a-z]{3,14}) ?: (?=\S)")

# Kinds of text by label; `LABEL=kind` where the kind is not the label itself.
_KINDS = {
    word: kind or word.lower()
    for word, _, kind in (
        pair.partition("=")
        for pair in """
        ADVERTISEMENT ADVERTORIAL=advertisement ALERT ANALYSIS ANALYSES=analysis ANNOUNCEMENT
        APOLOGY APPEAL ARTICLE BACKGROUND BACKGROUNDER=background BLOG BREAKING BRIEF
        BRIEFING=brief BRIEFS=brief CHRONOLOGY CLARIFICATION COLUMN COMMENT COMMENTARY=comment
        CORRECTION CORRIGENDUM=correction DIARY EDITORIAL ERRATUM=correction ESSAY EXCERPT
        EXCERPTS=excerpt EXCLUSIVE EXPLAINER EXTRACT=excerpt EXTRACTS=excerpt FACTBOX
        FACTFILE=factbox FACTS=factbox FACT-CHECK FEATURE FLASH FORECAST GRAPHIC HIGHLIGHTS
        INFOGRAPHIC=graphic INSIGHT INTERVIEW LETTER MEMO MESSAGE NB=note NOTE NOTES=note NOTICE
        OBITUARY OP-ED=opinion OPED=opinion OPINION OUTLOOK OVERVIEW PERSPECTIVE PICTURES POLL
        PREVIEW PROFILE Q&A=interview RECAP REJOINDER RELEASE REPLY REPORT RESPONSE RESULTS REVIEW
        ROUNDUP ROUND-UP=roundup SNAPSHOT SPEECH SPOTLIGHT STATEMENT STORY SUMMARY SUPPLEMENT
        SURVEY TABLE TEXT TIMELINE TRANSCRIPT TRANSLATION TRIBUTE UPDATE URGENT VIEW VIEWPOINT=view
        VIEWS=view WRAP WRAPUP=wrap WRAP-UP=wrap
        """.split()
    )
}
# Joining words after a kind: `LETTER TO THE EDITOR`, `TEXT OF THE SPEECH`.
_JOINING = frozenset({"TO", "OF", "BY", "FROM", "WITH", "ON", "FOR", "IN"})
# Organisations, commodities, questions: capitals before a colon, but neither place nor kind. A
# label that ends with one of them is none either: `PALM OIL`, `INTER-BANK MARKET RATES`.
_NO_PLACES = frozenset(
    """
    ADB AIIB ANP ANSWER APTMA AUDIO BANKS BOE BOJ BONDS BULLION CAA CABINET CAUTION CCP CDWP
    CEMENT COAL COMMODITIES COPPER COTTON COUNCIL COURT CPEC CRUDE CURRENCIES DISCLAIMER DOLLAR
    DRAP ECB ECC ECNEC ECP EDITOR ENERGY EPBD EQUITIES EURO FAO FATF FBR FED FIA FIFA FOREX FPCCI
    GAS GOLD GRAINS HBL HEADLINES ICC IDB IEA IFC ILO IMF INTRODUCTION IPO ISPR JUI JUI-F KATI
    KCCI KE KESC KIBOR KPT KSE LCCI MARKET MCB METALS MOODY'S MQM MQM-P NAB NADRA NATO NBP NDMA
    NEC NEPRA NFC NHA OGDC OGDCL OGRA OIL OPEC PALM PBS PCB PDM PEMRA PHOTO PIA PML PML-N PML-Q
    PPIB PPL PPP PRICE PSDP PSO PSX PTA PTCL PTI QUESTION RAPID RATE RBI RUPEE SAARC SBP SECP
    SENATE SHARES SHIPPING SILVER SIR SITE SNGPL SOFTS SOURCE SOYBEANS SPOT SSGC SSGCL STOCKS
    SUBJECT SUGAR T-BILLS TDAP TECH TREASURIES UBL UN UNHCR UNICEF USAID VIDEO WAPDA WARNING
    WHEAT WHO WTO YEN
    """.split()
)
# Places that the rules below would reject.
_PLACES = frozenset({"THE HAGUE", "THE VALLEY", "MOUNTAIN VIEW", "PLAIN VIEW", "GRAND VIEW"})
_VOWELS = frozenset("AEIOUYÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜÝ")


def split_dateline(paragraph: str) -> tuple[str | None, str]:
    """Split a dateline off: `"MEXICO CITY: Officials ..."` -> `("MEXICO CITY", "Officials ...")`.

    `EDITORIAL: ` stands where a dateline would but names no place, so it stays in the paragraph.
    """
    match = _LABEL.match(paragraph)
    if match is None or not _is_place(match["label"]):
        return None, paragraph
    return match["label"], paragraph[match.end() :]


def article_kind(paragraph: str) -> str | None:
    """Return the kind of text named by a label before it: `LETTER: ` -> `letter`; else None."""
    match = _LABEL.match(paragraph) or _WORD.match(paragraph)
    return _kind(match["label"].upper()) if match else None


@lru_cache(maxsize=256)
def _is_place(label: str) -> bool:
    if label in _PLACES:
        return True
    words = label.split()
    if len(label) < 3 or _names_no_place(words[-1]) or "&" in label or _kind(label):
        return False
    if words[0] == "THE":
        return False
    # An abbreviation without a vowel is not a place.
    return not _VOWELS.isdisjoint(label)


def _names_no_place(word: str) -> bool:
    return word in _NO_PLACES or (word[-1] == "S" and word[:-1] in _NO_PLACES)


def _kind(label: str) -> str | None:
    """Return the kind that a label names, by its last or its first word.

    `BOOK REVIEW` is a review, `LETTERS TO THE EDITOR` a letter.
    """
    words = label.split()
    if len(words) > 1 and words[1] in _JOINING:
        return _kind_of_word(words[0]) or _kind(" ".join(words[2:]))
    return _kind_of_word(words[-1]) if words else None


def _kind_of_word(word: str) -> str | None:
    return _KINDS.get(word) or (_KINDS.get(word[:-1]) if word.endswith("S") else None)
