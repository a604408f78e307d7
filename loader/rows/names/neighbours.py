"""Check the words around a name: is it part of a longer name, foreign, or next to figures?"""

from __future__ import annotations

import re
from typing import Final

# A name before one of these words belongs to that thing: HBL Tower, Packages Mall, PSO House.
_THINGS: Final = (
    "Academy Arena Auditorium Avenue Award Awards Bridge Building Buildings Centre Center"
    " Championship"
    " Chowk City Clinic Club Clubs College Colony Complex Convention Court Cup Eleven Estate"
    " Estates"
    " Flyover Foundation Foundations Garden Gardens Ground Grounds Gymkhana Hall Heights Hospital"
    " Hospitals Hotel Hotels Hostel House Housing Institute Institutes Interchange Invitational"
    " Ladies Laboratory Lane League Library Mall Marathon Masjid Memorial Mosque Museum Open Park"
    " Plaza Premier Racing Residency Residencia Road Roundabout School Schools Scholarship Society"
    " Sports Square Stadium Street Super T20 Team Tower Towers Town Tournament Trophy Trust Turbat"
    " University Village Welfare XI Youth Zone"
)
# Unlisted firms that are named after their owner.
_FIRMS: Final = (
    "AMC Asset Assets Board Brokerage Capital Commodities Currency Digital Dealers Endowment"
    " DMCC Energy Enterprises Exchange Family Financials Financial FZE Fund Funds Green Group"
    " Holding Holdings Hydro Infrastructure"
    " Investments Leasing Logistics Management Microfinance Modaraba Pension Pharma Properties"
    " Realty Renewable Renewables"
    " REIT Retail Securities Services Solar Solutions Takaful Technologies Telecom Trading Travels"
    " Ventures Wind"
)
_ABROAD: Final = (
    "AG America Americas Asia Australia Bangladesh Canada China Egypt Europe GmbH Inc India"
    " International Japan Kenya Korea Malaysia Nigeria NV PLC Plc plc SA Singapore Thailand Turkey"
    " UAE UK US USA Zurich"
)
_ELSE: Final = frozenset(f"{_THINGS} {_FIRMS} {_ABROAD}".casefold().split())
# Groups that publish accounts under the listed company's name.
_OWN_GROUPS: Final = frozenset({"PTCL", "Interloop", "Symmetry"})
_NEXT_WORD: Final = re.compile(r" \(?([A-Za-z][\w-]*)")
_LATER_THING: Final = re.compile(
    r" (?:[A-Z][\w'-]* ){1,2}(?:Academy|Association|Club|Cup|Federation|Foundation|Fund|Hospital"
    r"|House|Housing|League|Mall|Plaza|Society|Stadium|Tower|Trophy|Trust|Union|University"
    r"|(?P<firm>Company|Corporation|Holdings?|Limited|Ltd|Properties|Securities|Services|Solutions"
    r"|Technologies|Ventures))\b"
)
_LOWER_CASE_THINGS: Final = re.compile(
    r"(?:'s?)? (?:(?:employees|workers|pilots|officers|pensioners|staff)'? (?:union|association"
    r"|federation)"
    r"|area|neighbourhood|locality|tower|stadium|plaza|mall|cup|trophy|league|road|chowk)\b"
)
# After names made of plain words: `Pakistan services exports`.
_TRADES: Final = re.compile(
    r" (?:scheme|policy|cover|shortage|supply|exports?|imports?|industry|sectors?|firms|companies"
    r"|prices|output|market|demand|sales|use)\b",
    re.IGNORECASE,
)
_WORDS_OF_HEADLINES: Final = frozenset(
    "gains wins opens joins signs launches posts reports sells buys to for in with by and of"
    " the at on"
    " backs donates supports sponsors holds hosts builds inks eyes plans gets ends beats hits"
    " from".split()
)

_COUNTRY: Final = (
    r"(?:Saudi(?: Arabia(?:n|['’]s)?)?|India(?:n|['’]s)?|South Korea(?:n|['’]s)?|Korea(?:n"
    r"|['’]s)?|Chinese|China['’]s"
    r"|Japan(?:ese|['’]s)"
    r"|US|U\.S\.|American|British|UK|UK['’]s|Britain['’]s|Swiss|Switzerland['’]s|German"
    r"|Germany['’]s"
    r"|French|France['’]s|Dutch|Anglo-Dutch|Thai|Thailand['’]s|Malaysian?|Malaysia['’]s"
    r"|Bangladesh(?:i|['’]s)"
    r"|Canadian|Canada['’]s|Turkish|Turkey['’]s|Egyptian|Kuwaiti|Italian|Australian|Australia['’]s"
    r"|Singapore(?:an|['’]s)?|Sri Lanka(?:n|['’]s)?|Nigerian?|Nigeria['’]s|Kenyan?|European"
    r"|Toronto|London"
    r"|Ukrainian?|Ukraine['’]s|Kazakh|Romanian?|Belgian|Hungarian|Polish|Mumbai|Dhaka|New York)"
)
_FOREIGN: Final = re.compile(
    rf"\b{_COUNTRY}(?:[- ](?:based|listed|owned|giants?|firms?|company|group|majors?|drugmakers?"
    r"|maker|makers|chemicals?|oil|consumer|goods|food|foods|tobacco|bank|banks|lender|insurer"
    r"|utility"
    r"|parent|carmaker|automaker|cement|producer|power|energy|conglomerate|textile|pharma))* $"
)
_FOREIGN_TICKER: Final = re.compile(
    r"\b(?:NYSE|N[Aa][Ss][Dd][Aa][Qq]|BSE|NSE|ASX|TSX|HKEX|SGX|DSE|TADAWUL|Tadawul|FTSE): ?$"
)
_TITLE: Final = 16  # more characters than these tickers, vessels and titles have
_VESSEL: Final = re.compile(
    r"(?:\bM\.?[VT]\.?|\b[Vv]essels?|\b[Ss]hips?|\bSS|\b[Tt]anker|\bFV) [\"“']?$"
)
_PERSON: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Syed|Mian|Sheikh|Haji|Chaudhry|Malik|Sardar|Seth|Justice|Begum|Muhammad"
    r"|Mohammad)\.? $"
)

_FIGURE: Final = re.compile(
    r"(?:\b(?:Rs|Re|PKR)\.? ?\d[\d,]*(?:\.\d+)?(?![\d.,]*\d)(?! ?(?:billion|million|trillion|bn"
    r"|mn|tr|m\b|crore|lakh))"
    r"|\d(?:\.\d+)? ?(?:pc\b|%|per ?cent)|\d ?(?:million|mn|m|bn|billion)? shares\b"
    r"|\(\d[\d.,]*(?: ?(?:m|mn|million|pc|%))?\))"
)
_BREAK: Final = re.compile(r"[;!?\n]|\.(?= |$)(?<!Rs\.)(?<!Re\.)(?<!Ltd\.)")
_SHARES_OF: Final = re.compile(
    r"(?:\b(?:shares?|stocks?|scrips?|share price|counters?) (?:of|in) |\b(?:PSX|KSE|ticker"
    r"|symbol|scrip)\)?:? ?)$"
)
_LISTED: Final = re.compile(r"\(?\b(?:PSX|KSE|KATS)(?: ?[:|–-] ?| ticker:? | symbol:? )$")
_SAYS_SHARE: Final = re.compile(
    r"(?: (?:Ltd|Limited|\(Pak\)|Pak))?(?:['’]s?)? (?:shares?|stock|scrips?|share price)\b"
)
_SPORT: Final = re.compile(
    r"\b(?:wickets?|innings|runs|goals?|overs|batsm[ae]n|batting|bowlers?|unbeaten|semi-?finals?"
    r"|quarter-?finals?|striker|hockey|football|cricket|squash|trophy|tournament|match|champions?"
    r"|beat|defeated|thrashed|edged|outplayed|squad|medals?|volleyball|rugby|basketball|kabaddi)\b",
    re.IGNORECASE,
)
_FAR: Final = 90


def names_something_else(text: str, start: int, end: int, *, titled: bool) -> bool:
    """Whether the name begins a longer one, such as that of a tower, a league or a fund.

    `titled` is true if most words of the line are capitalised, as in headlines.
    """
    if _LOWER_CASE_THINGS.match(text, end):
        return True
    following = _NEXT_WORD.match(text, end)
    if following is None or (not following[1][0].isupper() and following[1] != "plc"):
        return False
    word = following[1]
    if word.casefold() in _ELSE:
        own_group = word.casefold() == "group" and text[start:end] in _OWN_GROUPS
        return not own_group
    later = _LATER_THING.match(text, end)
    if later is None:
        return False
    between = later[0].casefold().split()[:-1]
    return not any(part in _WORDS_OF_HEADLINES for part in between) and not (
        titled and (len(between) > 1 or later["firm"])
    )


def is_trade(text: str, end: int) -> bool:
    """Whether a name made of plain words is about a trade: `power cement demand`."""
    return bool(_TRADES.match(text, end))


def is_foreign(text: str, start: int) -> bool:
    """Whether the words before a name show a foreign namesake, a ship or a person."""
    before = text[max(0, start - 60) : start]
    title = before[-_TITLE:]
    return bool(
        _FOREIGN_TICKER.search(title)
        or _VESSEL.search(title)
        or _PERSON.search(title)
        or _FOREIGN.search(before)
    )


def follows_a_name(text: str, start: int, *, at_start: bool = False) -> bool:
    """Whether a capitalised word precedes; with `at_start`, the first of a sentence counts too."""
    match = re.search(r"(\S+) $", text[max(0, start - 40) : start])
    if match is None:
        return False
    word = match[1]
    if not word[0].isupper() or (word[-1] in ",.:;)?!'’s" and not word[-1].isalpha()):
        return False
    if word in _BEFORE_NAMES or (word.isupper() and len(word) < 4):
        return False
    if at_start:
        return True
    at = start - len(word) - 1
    return at > 0 and not re.search(r"(?:^|[.:;!?\n][\"”]? ?)$", text[:at][-3:])


_BEFORE_NAMES: Final = frozenset(
    "The While And But In On At Of With By For From As Also However Meanwhile Both Among Like Only"
    " Monday Tuesday Wednesday Thursday Friday CEO MD Chairman President Scrips Shares Stocks Then"
    " Similarly Likewise Pakistan's Moreover Besides Whereas When After Karachi-based"
    " Exchange".split()
)


def is_in_market_context(text: str, start: int, end: int, *, about_market: bool) -> bool:
    """Whether the context shows that a share is meant: figures after it, `shares of` before it."""
    before = text[max(0, start - 40) : start]
    if _LISTED.search(before) or _SHARES_OF.search(before):
        return True
    if not about_market:
        return False
    after = text[end : end + _FAR]
    if _SAYS_SHARE.match(after):
        return True
    stop = _BREAK.search(after)
    return bool(_FIGURE.search(after[: stop.start()] if stop else after))


def is_of_sport(text: str, start: int, end: int) -> bool:
    """Whether the sentence is about a match, where teams are named after their sponsors."""
    first, last = max(0, start - _SENTENCE), end + _SENTENCE
    opening = max(text.rfind(". ", first, start), text.rfind("\n", first, start), first - 1) + 1
    stops = [
        place for place in (text.find(". ", end, last), text.find("\n", end, last)) if place >= 0
    ]
    sentence = text[opening : min(stops, default=last)]
    return len({word.casefold() for word in _SPORT.findall(sentence)}) > 1


_SENTENCE: Final = 400
