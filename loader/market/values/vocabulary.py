"""Words of market reports, as patterns."""

from __future__ import annotations

import re
from typing import Final

UP: Final = (
    r"(?:gain(?:s|ed|ing)?|rose|rise(?:s|n)?|rising|increas(?:e|es|ed|ing)|add(?:s|ed|ing)?"
    r"|surg(?:e|es|ed|ing)|jump(?:s|ed|ing)?|climb(?:s|ed|ing)?|advanc(?:e|es|ed|ing)|up|higher"
    r"|soar(?:s|ed|ing)?|recover(?:s|ed|ing)?|improv(?:e|es|ed|ing)|appreciat(?:e|ed|ing)|went up"
    r"|rall(?:y|ied|ying)|spik(?:e|ed|ing)|leap(?:s|ed|t)?|ascend(?:ed|ing)?|positive change"
    r"|put on|escalat(?:ed|ing)|plus|swell(?:ed|ing)?|bounc(?:ed|ing) back|green by)"
)
DOWN: Final = (
    r"(?:lost|los(?:e|es|ing|s)|fell|fall(?:s|ing|en)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)"
    r"|shed(?:s|ding)?|drop(?:s|ped|ping)?|down|lower|dip(?:s|ped|ping)?|slip(?:s|ped|ping)?"
    r"|slid(?:es?|ing)?|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|reced(?:ed|ing)|eas(?:ed|ing)"
    r"|gave up|went down|tumbl(?:e|es|ed|ing)|retreat(?:ed|ing)?|sank|sink(?:s|ing)?|crash(?:ed|ing)?"
    r"|depreciat(?:ed|ing)|contract(?:ed|ing)|negative change|min(?:us)|reduc(?:ed|tion|ing)"
    r"|nosediv(?:ed|ing)|red by|erod(?:ed|ing)|cut)"
)
CLOSING: Final = (
    r"(?:clos(?:e|ed|es|ing)|settl(?:e|ed|es|ing)|end(?:ed|s|ing)?|finish(?:ed|es|ing)?"
    r"|conclud(?:e|ed|es|ing))"
)
DIRECTION: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b", re.IGNORECASE)
# Words that may stand between a verb of moving and its amount.
_BY: Final = (
    r"(?: (?:by|further|another|of|a|an|the|its|their|maximum|nearly|around|about|also|slightly|sharply"
    r"|marginally|up|down|per|in|share|price|each|only|just|massive|whopping|over|another|modest|value))*"
)
MOVES: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN})){_BY}:? ?$", re.IGNORECASE)
MOVED: Final = re.compile(
    rf"^(?: points?| pts)?(?: per share)?(?: in)?(?: (?:a|the))? (?:(?P<up>{UP})|(?P<down>{DOWN}))\b",
    re.IGNORECASE,
)
CHANGE_OF: Final = re.compile(r"\b(?:net |absolute )?change of ?$", re.IGNORECASE)
CLOSES_AT: Final = re.compile(
    rf"\b{CLOSING}\b[^;]{{0,110}}?\b(?:at|to|on|of|near)(?: (?:a|an|the|its|new|fresh|highest|high|record|ever"
    r"|highest-ever|all-time|level|levels|of|historic|lower|higher|price|mark|psychological|historical|closing"
    r"|time|intraday|previous|session's|day's|unchanged|around|per|share))*:? ?$",
    re.IGNORECASE,
)
CLOSING_VERB: Final = re.compile(rf"\b{CLOSING}\b", re.IGNORECASE)
TO: Final = re.compile(r"\b(?:to|at)(?: (?:a|the|its|level|of|close))* ?$", re.IGNORECASE)
PRICE_IS: Final = re.compile(
    r"\b(?:price per share|per share price|share price|closing price|closing rate|price)(?: (?:of|at|was|stood at|being))* ?$",
    re.IGNORECASE,
)
PER_SHARE: Final = re.compile(
    r"^ ?(?:/-)? ?(?:per share|a share|/ ?share|apiece|each)\b", re.IGNORECASE
)
COMPARED: Final = re.compile(
    r"\b(?:compared?(?: (?:to|with))?|(?:as )?against|versus|vs\.?|from|than|previous(?:ly)?|earlier|yesterday"
    r"|last (?:session|day|week|month|year|friday|close))\b[^,;]{0,60}$",
    re.IGNORECASE,
)
# Values of something else that stand beside a share or an index.
RESULTS: Final = re.compile(
    r"\b(?:dividends?|eps|earnings?|profits?|net loss(?:es)?|revenues?|sales|turnover tax|income|bonus|par value"
    r"|face value|fair value|target|offer(?:ed)? price|offer(?:s|ed|ing)?|strike|book[- ]building|floor price"
    r"|tariff|per (?:unit|litre|liter|kg|bag|tola|maund|ton|tonne|mmbtu|dollar)|worth|costs?|debt"
    r"|payout|margins?|production|output|deposits?|assets|loans?|stake|shareholding|exports?|imports?"
    r"|capital expenditure|capacity|fine|penalty|paid|invest(?:ed|ment|ing)?|expenses?|year-on-year|yoy"
    r"|right shares?|rights? issue|ipo|buy-?back|acquir\w*|subscri\w*|bought|purchased?|sold|sponsors?"
    r"|weight(?:age)?|contribut\w*|market capitali[sz]ation)\b",
    re.IGNORECASE,
)
TRADE_OF_STAKES: Final = re.compile(
    r"\b(?:right shares?|rights? issue|ipo|buy-?back|acquir\w*|subscri\w*|bought|purchas\w*|sponsors?"
    r"|bonus|stake|treasury|issue of|issued?|free[- ]float|paid-up|off-?market|block|negotiated)\b",
    re.IGNORECASE,
)
OTHER_SPAN: Final = re.compile(
    r"\b(?:weeks?|weekly|week-on-week|wow|months?|monthly|month-on-month|mom|fortnight|quarter(?:ly)?|years?"
    r"|yearly|year-to-date|ytd|annual(?:ly)?|since|so far|cumulative(?:ly)?|fiscal|decade|fy\d+|cy\d+|52-week"
    r"|sessions in a row|two days|three days|past \w+ sessions|last \w+ sessions|five sessions"
    r"|january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
# A month with a day is another date; `close ... last week` is another day's close.
OTHER_DAY: Final = re.compile(
    r"\b(?:last (?:week|month|year|friday|trading|close)|(?:week|month|year)s? (?:ago|earlier)|previous"
    r"|yesterday|had (?:closed|ended|settled)|last closed|since|record|during the week|outgoing week|weekly"
    r"|week-on-week|fiscal|a (?:week|month|year) (?:ago|earlier)|midday|first session|first half"
    r"|high of|low of|intraday|intra-day)\b",
    re.IGNORECASE,
)
NOT_FACT: Final = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|forecasts?|target(?:s|ed)?|likely|may|might|could|would|will|should|if"
    r"|projected|outlook|fair value|upside|resistance|support level|recommend\w*|predict\w*|anticipat\w*)\b"
)
FUTURES: Final = re.compile(
    r"\b(?:futures?(?! plan)|deliverable contracts?|roll-?over contracts?)\b", re.IGNORECASE
)
OF_MOMENT: Final = re.compile(
    r"\b\d{1,2}[:.]\d\d ?(?:a\.?m|p\.?m)\b|\bintra-?day\b|\bhover(?:ed|ing)\b|\bwas trading\b|\bbeing traded\b"
    r"|\bmid-?day\b|\bfirst (?:half|session)\b|\bearly (?:trade|trading)\b|\bopen(?:ed|ing)\b|\bat one point\b"
    r"|\bhit\b|\btouched\b|\bduring the (?:session|day)\b|\bin the day\b|\bpeak(?:ed)?\b|\bmid-session\b",
    re.IGNORECASE,
)
CLOCK: Final = re.compile(r"\b\d{1,2}[:.]\d\d ?(?:a\.?m|p\.?m)\b", re.IGNORECASE)
MARK: Final = re.compile(
    r"\b(?:hit|hits|touched|touching|crossed|crossing|crosses|broke|breached|opened|opening|high(?:est)? of|low(?:est)? of"
    r"|high at|low at|peak of|hovering (?:at|around)|trading at|stood at|intraday high|intraday low|regained|above"
    r"|below|breaching|surpassed|between|range of|level of support)\b[^,;]{0,60}$",
    re.IGNORECASE,
)
MARKED: Final = re.compile(
    r"^(?: points?| pts)?(?:,)?(?: (?:as|its|an?|the))?(?: \w+)? (?:intra-?day|psychological|barrier|mark\b|level intra)",
    re.IGNORECASE,
)
VOLUME_SAID: Final = re.compile(
    r"\b(?:volumes?|turnover|traded|trading|active|activity|exchang\w+|changing hands|changed hands|led|leader"
    r"|followed|shares)\b",
    re.IGNORECASE,
)
# What else can be said to rise, fall or close: it takes the place of the subject.
OTHER_SUBJECT: Final = re.compile(
    r"\b(?:market capitali[sz]ation|(?<!with )(?<!with a )(?<!with total )(?<!with total daily )(?<!with an )"
    r"(?:(?:average|daily|overall|total|trading|traded|ready[- ]market|ready|market|share|trade) )*"
    r"(?:volumes?|turnover|trading activity)(?= (?:on|in|at|stood|was|were|increas|decreas|declin|improv|rose|fell"
    r"|surg|clock|remain|also|further|drop|amount|for the|during|jump|shrank|came|widen))"
    r"|traded value|value of (?:the )?shares? (?:traded|value)|shares? (?:value|valuing)|(?:daily|total) traded value"
    r"|foreign(?:ers| investors?| corporates| funds)?(?= (?:were|remained|investors|sold|bought|however|also))"
    r"|rupee|dollar|greenback|gold|silver|crude|brent|wti|yields?|policy rate|inflation|kibor|reserves"
    r"|profits?|earnings|dividends?|revenues?|net income|eps|sales|exports?|production|deposits|fund'?s nav"
    r"|price of (?:petrol|gold|cotton|cement|urea|a)|tariff|(?:\d+|total of \d+) (?:companies|scrips|stocks)"
    r"|(?:sector|sectors|banks|cements|oil shares|tech shares|refineries)(?= (?:gain|lost|rose|fell|declin|add|shed|contribut))"
    r"|out of (?:total )?\d+)\b",
    re.IGNORECASE,
)
SECTOR_INDEX: Final = re.compile(
    r"\bBR[- ](?:Sector )?[A-Z][a-z][\w&]*(?:,? (?:and |& )?[A-Z][\w&]*)* Index\b"
    r"|\b(?:[A-Z][\w&]+ )+(?:[Ss]ector )?[Ii]nd(?:ex|ices)\b|\bsector(?:al)? ind(?:ex|ices)\b"
)
RIGHTS: Final = re.compile(
    r" ?\((?:R\d?|Right|Rights|Pref|LoR|B)\)| (?:R\d?|LoR|Rights?|Letters? of Right)\b|-R\d?\b"
)
FUTURE_CONTRACT: Final = re.compile(
    r"[- ]?\(?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]?\b|[- ](?:futures?|contract)\b"
)
# Capitalised words that are no name of a company.
PLAIN_CAPITALS: Final = frozenset(
    "rs re pkr monday tuesday wednesday thursday friday saturday sunday january february march april may june"
    " july august september october november december index the it its psx kse pakistan stock exchange limited"
    " ltd co corp company pak xd xb ready counter on in at however meanwhile while whereas similarly besides"
    " among also out trading volumes volume shares share stocks scrips scrip karachi islamabad lahore top other"
    " market foreign local investors benchmark total daily both likewise then another same conversely moreover"
    " following followed next second third lastly finally br i ii iii mt u.s us pm am pts points mn bn and of to"
    " by with a an for from as though but bulls bears first last previous closing prices price equities".split()
)
