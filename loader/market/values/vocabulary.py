"""Patterns for the vocabulary of market reports."""

from __future__ import annotations

import re
from typing import Final

UP: Final = (
    r"(?:gain(?:s|ed|ing)?|rose|rise(?:s|n)?|rising|increas(?:e|es|ed|ing)|add(?:s|ed|ing)?"
    r"|surg(?:e|es|ed|ing)|jump(?:s|ed|ing)?|climb(?:s|ed|ing)?|advanc(?:e|es|ed|ing)|up|higher"
    r"|soar(?:s|ed|ing)?|recover(?:s|ed|ing)?|improv(?:e|es|ed|ing)|appreciat(?:e|ed|ing)|went up"
    r"|rall(?:y|ied|ying)|spik(?:e|ed|ing)|leap(?:s|ed|t)?|ascend(?:ed|ing)?|positive change"
    r"|put on|escalat(?:ed|ing)|plus|swell(?:ed|ing)?|bounc(?:ed|ing) back|green by"
    r"|mount(?:s|ed|ing)?|bagg(?:ed|ing)|accumulat(?:ed|ing)|gr(?:ew|ow(?:s|n|ing)?)|augment(?:ed|ing)?|bolster(?:ed|ing)?"
    r"|lift(?:ed|ing)?|boost(?:ed|ing)?|strengthen(?:ed|ing)?|firm(?:ed|ing)|increments?"
    r"|upwards?|expand(?:ed|ing)?|enhanc(?:ed|ing)|recoup(?:ed|ing)|zoom(?:ed|ing)?"
    r"|skyrocket(?:s|ed|ing)?|gather(?:s|ed|ing)?)"
)
DOWN: Final = (
    r"(?:lost|los(?:e|es|ing|s)|fell|fall(?:s|ing|en)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)"
    r"|shed(?:s|ding)?|drop(?:s|ped|ping)?|down|lower|dip(?:s|ped|ping)?|slip(?:s|ped|ping)?"
    r"|slid(?:es?|ing)?|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|reced(?:ed|ing)|eas(?:ed|ing)"
    r"|gave up|went down|tumbl(?:e|es|ed|ing)|retreat(?:ed|ing)?|sank|sink(?:s|ing)?|crash(?:ed"
    r"|ing)?"
    r"|depreciat(?:ed|ing)|contract(?:ed|ing)|negative change|min(?:us)|reduc(?:ed|tion|ing)"
    r"|nosediv(?:ed|ing)|red by|erod(?:ed|ing)|cut|trim(?:s|med|ming)?|deplet(?:ed|ing)"
    r"|skid(?:s|ded|ding)?|slump(?:s|ed|ing)?|shr(?:ank|unk|ink(?:s|ing)?)|weaken(?:ed|ing)?"
    r"|soften(?:ed|ing)?|fell short|shav(?:ed|ing)(?: off)?|wip(?:ed|ing) off|downwards?"
    r"|decrements?|dragg(?:ed|ing)(?: down)? the (?:benchmark )?index)"
)
CLOSING: Final = (
    r"(?:clos(?:e|ed|es|ing)|settl(?:e|ed|es|ing)|end(?:ed|s|ing)?|finish(?:ed|es|ing)?"
    r"|conclud(?:e|ed|es|ing)|land(?:ed|s|ing))"
)
DIRECTION: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b", re.IGNORECASE)
# Words allowed between a verb of movement and its amount.
_BY: Final = (
    r"(?: (?:by|further|another|of|a|an|the|its|their|maximum|nearly|around|about|also|slightly"
    r"|sharply"
    r"|marginally|up|down|per|in|share|price|each|only|just|massive|whopping|over|another"
    r"|modest|value))*"
)
# The amount must directly follow the verb: `closed lower at 71,902` does not state a move.
MOVES: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN})){_BY}:? ?$", re.IGNORECASE)
MOVED: Final = re.compile(
    rf"^(?: points?| pts)?(?:,? or [\d.,]+ ?(?:%|pc|per ?cent|points?|pts),?)?(?: per share)?"
    rf"(?: in)?(?: (?:a|the))? (?:(?P<up>{UP})"
    rf"|(?P<down>{DOWN}))\b",
    re.IGNORECASE,
)
CHANGE_OF: Final = re.compile(r"\b(?:net |absolute )?change of ?$", re.IGNORECASE)
CLOSES_AT: Final = re.compile(
    rf"\b{CLOSING}\b[^;]{{0,110}}?\b(?:at|to|on|of|near)(?: an? (?:[a-z]+-)?[a-z]+)?"
    rf"(?: (?:a|an|another|the|its|new|fresh|highest|high|record|ever"
    r"|highest-ever|all-time|level|levels|of|historic|lower|higher|price|mark|psychological"
    r"|historical|closing|reach"
    r"|time|intraday|previous|session's|day's|unchanged|around|per|share))*:? ?$",
    re.IGNORECASE,
)
CLOSING_VERB: Final = re.compile(rf"\b{CLOSING}\b", re.IGNORECASE)
# `top gainers with Rs 83.54 and Rs 24.99`
LISTED: Final = re.compile(
    r"\b(?:(?P<up>gainers?|advancers?|winners?)|(?P<down>losers?|laggards?|decliners?))\b"
    r"(?: of the (?:day|session))?,?(?: (?:with|by|of|an?|in|increase|decrease|rise|fall|gain|loss"
    r"|decline|drop|change|price|their|its|prices))+ $",
    re.IGNORECASE,
)
# `rose to 10,431.84 points from 10,409.02`: the end of a session, and its beginning.
MOVED_TO: Final = re.compile(rf"\b(?:{UP}|{DOWN}|moved|went)(?: up| down)? to $", re.IGNORECASE)
FROM_BEFORE: Final = re.compile(
    r"^(?: points?| pts)?(?: levels?)?,? (?:from|(?:as )?(?:against|compared (?:to|with))"
    r"|when compared (?:to|with)|versus)\b"
)
TO: Final = re.compile(r"\b(?:to|at)(?: (?:a|the|its|level|of|close))* ?$", re.IGNORECASE)
PRICE_IS: Final = re.compile(
    r"\b(?:price per share|per share price|share price|closing price|closing rate"
    r"|price)(?: (?:of|at|was|stood at|being))* ?$",
    re.IGNORECASE,
)
PER_SHARE: Final = re.compile(
    r"^ ?(?:/-)? ?(?:per share|a share|/ ?share|apiece|each)\b", re.IGNORECASE
)
# An opening price next to the close: `closed at Rs 4.98 after opening at`.
OPENED: Final = re.compile(r"\b(?:opening|opened|open)\b[^,;]{0,20}$", re.IGNORECASE)
# `with the opening and closing rates standing at Rs 4.82 and`: only the second is a close.
OPENING_AND_CLOSING: Final = re.compile(
    r"\bopening and closing (?:rates?|prices?|levels?)[^\d;]{0,30}$", re.IGNORECASE
)
CLOSING_OF_TWO: Final = re.compile(
    rf"{OPENING_AND_CLOSING.pattern[:-1]}(?:Rs|Re)?\.? ?[\d.,]+ and $", re.IGNORECASE
)
# A percentage in brackets after a volume: `10.3m shares traded [-5.00pc]`.
BRACKET: Final = re.compile(r"(?: shares)?(?: traded)? ?[\[(]|[ ,:] ?")
# A change of a previously stated volume: `117 million shares traded today, up 8.4 percent`.
OF_TURNOVER: Final = re.compile(
    r"\b(?:traded|changed hands|turnover|volumes?)(?: \w+)?, (?:up|down) $", re.IGNORECASE
)
# Words allowed between a name and its number, or its symbol in brackets.
LEGAL: Final = re.compile(r"(?: (?:Ltd|Limited|Co|Company|Corp|Corporation)\b\.?)+")
EXPLAINED: Final = re.compile(rf"(?:{LEGAL.pattern})? \((?:PSX: ?)?")
SYMBOL: Final = re.compile(r"\([A-Z]+ $")
CLOSING_BY: Final = re.compile(rf"\b{CLOSING} $", re.IGNORECASE)
OPENS_BRACKET: Final = re.compile(r"(?:,? (?:Ltd|Limited|Co|Company)\.?)* ?\(")
EACH: Final = re.compile(r" each\b")
# Between two values of one kind for two names.
AND: Final = re.compile(r"(?:,| and| &|, and|;| /)? ?(?:respectively,? )?$")
# Between the points and the per cent of one move.
BETWEEN_MOVES: Final = re.compile(
    r"(?: per share)?,?(?: or| and|,| /| \(| equivalent to| an?| of| by| about| around| showing"
    r"| percent(?:age)?"
    r"| with| gain| loss| change| rise| decline| fall| drop| increase| decrease| positive"
    r"| negative| respectively| nearly)*[ (]*$",
    re.IGNORECASE,
)
OR: Final = re.compile(r",? or (?:by )?| ?\(")
CLOSES_LATER: Final = re.compile(
    r"[^;]{0,60}?\b(?:to|and|finally|,) ?(?:close|settle|end|finish|conclude)"
)
HITS: Final = re.compile(r"\b(?:hit|touch|cross|high|low)\b", re.IGNORECASE)
UNCHANGED_AT: Final = re.compile(r"\b(?:unchanged|flat) at ?$")
UNCHANGED: Final = re.compile(r"\bwithout (?:any )?change\b|\bunchanged\b|\bremained flat\b")
AT_PREVIOUS: Final = re.compile(
    rf"\b{CLOSING} at (?:the |its )?previous (?:day|session)'s (?:clos(?:e|ing) )?"
    r"(?:level|price|rate)(?: of| at)? $"
)
GAINERS: Final = re.compile(
    r"\b(?:gainers?|advancers?|winners?|led gains|gains? (?:were )?led"
    r"|(?:highest|biggest|top|largest|major) (?:percentage |price )?(?:gains?|increases?|rises?)"
    r"|contributors to (?:the )?(?:index )?gains?)\b",
    re.IGNORECASE,
)
LOSERS: Final = re.compile(
    r"\b(?:losers?|laggards?|decliners?|led losses|losses (?:were )?led|lost their values?"
    r"|(?:highest|biggest|top|largest|major|steepest) (?:percentage |price )?(?:loss(?:es)?"
    r"|decreases?"
    r"|declines?|falls?|drags))\b",
    re.IGNORECASE,
)
AT: Final = re.compile(r"(?:\bat|\bwith|@)(?: a price of)? ?$")
TO_OR_AT: Final = re.compile(r"\b(?:to|at) ?$")
# A number without a unit is a move only directly after such a word.
BARE_MOVE: Final = re.compile(r"\bby ?$|\b(?:up|down|gain\w*|los\w*|shed|added) ?$", re.IGNORECASE)
OF_RESULTS: Final = re.compile(
    r" (?:dividend|eps|earnings|per (?:unit|litre|kg|bag|tola|dollar))", re.IGNORECASE
)
FROM_PREVIOUS: Final = re.compile(r"\bfrom (?:the )?previous close,? (?:with|up|down)[^,]*$")
# The whole market, but not `the most active scrip in the ready market`.
WHOLE_MARKET: Final = re.compile(
    r"(?<!scrip in the )(?<!scrips in the )(?<!stock in the )(?<!share in the )"
    r"(?<!company in the )(?<!scrip on the )(?<!stock on the )(?<!leader in the )"
    r"(?<!leader on the )(?<!led the )(?<!in the ready )(?<!on the ready )\b(?:ready|market)\b"
    r"(?! (?:leader|volume leader))"
)
BEFORE_VOLUME: Final = re.compile(
    r"(?:\(|\bwith |\bof |, |\band |\bat |\brecorded |\bsaw )$|^(?: (?:Ltd|Limited))?[ :–-]{1,3}$"
)
# `With 5.5 million shares trading, Nishat Mills gained`: a volume of the next name.
WITH_VOLUME: Final = re.compile(
    r"\b[Ww]ith (?:a )?(?:(?:trading|turnover|volume|trade)s? )?(?:of )?$"
)
THEN_NAME: Final = re.compile(r"(?: ?shares?)?(?: ?(?:trading|traded|trade))?, (?:the )?$")
# An index named only for its member: `the most traded company in BRIndex100`.
MEMBER_OF: Final = re.compile(
    r"\b(?:(?:company|companies|stocks?|scrips?|shares?|volume leader) (?:in|of|on|among)"
    r"|(?:drag|weight|pressure|burden|points|support|contributor)s? (?:on|to|from|for)"
    r"|contribut(?:ed|ing|es|e)(?: \w+){0,3} to|(?:dragg?|pull|push|dent|lift|support)(?:ed|ing|s))"
    r"(?: the)?(?: benchmark)? $",
    re.IGNORECASE,
)
# A report of another exchange in the country, with prices and volumes of its own.
OTHER_EXCHANGE: Final = re.compile(
    r"\b(?:Lahore|Islamabad) [Ss]tock [Ee]xchange\b|\b(?:LSE|ISE)[- ](?:25|10|[Tt]en|[Ii]ndex)\b"
)
OWN_EXCHANGE: Final = re.compile(
    r"\b(?:KSE|PSX|BRIndex\w*|Karachi|Pakistan [Ss]tock [Ee]xchange)\b"
)
OF_VOLUME: Final = re.compile(
    r"\b(?:volumes?|active|turnover|traded|million shares|shares)\b", re.IGNORECASE
)
COMPARED: Final = re.compile(
    r"\b(?:compared?(?: (?:to|with))?|(?:as )?against|versus|vs\.?|from|(?<!more )(?<!less )than"
    r"|previous(?:ly)?"
    r"|earlier|yesterday"
    r"|last (?:(?:session|day)(?! of)|week|month|year|friday|close))\b[^,;]{0,60}$",
    re.IGNORECASE,
)
# In a later clause this is about that clause: `rose by 570 points, crossing 72,000 during the day`.
IN_THE_SESSION: Final = re.compile(r"\bduring the (?:session|day)\b")
EXTREME: Final = re.compile(r"\b(?:high|low|peak|hit\w*|touch\w*|reach\w*)\b")
# Values of other things next to a share or an index.
RESULTS: Final = re.compile(
    r"\b(?:dividends?|eps|earnings?|profits?|net loss(?:es)?|revenues?|sales|turnover tax"
    r"|income|bonus|par value"
    r"|face value|fair value|target|offer(?:ed)? price|offer(?:s|ed|ing)?|strike"
    r"|book[- ]building|floor price"
    r"|tariff|per (?:unit|litre|liter|kg|bag|tola|maund|ton|tonne|mmbtu|dollar)|worth|costs?|debt"
    r"|payout|margins?|production|output|deposits?|assets|loans?|stake|shareholding|exports?"
    r"|imports?"
    r"|capital expenditure|capacity|fine|penalty|paid|invest(?:ed|ment|ing)?|expenses?"
    r"|year-on-year|yoy"
    r"|right shares?|rights? issue|ipo|buy-?back|acquir\w*|subscri\w*|bought|purchased?|sold"
    r"|sponsors?"
    r"|weight(?:age)?|contribut\w*|market capitali[sz]ation)\b",
    re.IGNORECASE,
)
TRADE_OF_STAKES: Final = re.compile(
    r"\b(?:right shares?|rights? issue|ipo|buy-?back|acquir\w*|subscri\w*|bought|purchas\w*"
    r"|sponsors?"
    r"|bonus|stake|treasury|issue of|issued?|free[- ]float|paid-up|off-?market|block|negotiated)\b",
    re.IGNORECASE,
)
OTHER_SPAN: Final = re.compile(
    r"\b(?:\w+-day (?:\w+ )?(?:run|rally|streak|spell)|aggregate|weeks?"
    r"|weekly|week-on-week|wow|months?|monthly|month-on-month|mom|fortnight"
    r"|quarter(?:ly)?|years?"
    r"|yearly|year-to-date|ytd|annual(?:ly)?|since|so far|cumulative|fiscal|decade|fy\d+"
    r"|cy\d+|52-week"
    r"|sessions in a row|two days|three days|past \w+ sessions|last \w+ sessions|five sessions"
    r"|january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
# Periods named in passing: `the 26-month high level`, `closed the week in the red`.
NO_SPAN: Final = re.compile(
    r"\b[\w.]+-(?:week|month|year) (?:high|low)|\b(?:highest|lowest|biggest|largest|best|worst)\b"
    r"[^,;.]{0,30} (?:in|since|of) (?:[^,;.]|[.](?=\d)){0,24}"
    r"|\b(?:closed|ended|finished|ending|closing|opened|started|began|commenced)"
    r" (?:the|its) week (?:flat|higher|lower"
    r"|(?:in|on|with) (?:an? |the )?(?:\w+ly )?\w+(?: (?:note|zone|territory))?)"
    r"|\bnew year\b"
    r"|\b(?:\w+-session|shortened|truncated) week\b|day, [A-Z][a-z]+ \d{1,2}(?:, \d{4})?\b"
    r"|\b(?:day|session) of (?:the|this) (?:week|month|(?:fiscal )?year)\b",
    re.IGNORECASE,
)
# Place, date and agency before a text.
DATELINE: Final = re.compile(
    r"(?:[A-Z][A-Z ]+, )?[A-Z][a-z]{2,8} \d{1,2},? (?:\d{4} )?(?:\([A-Z]+\))?:? ?"
)
# A sentence that begins like this is about another day or period.
# On a morning page `Yesterday` is the reported session.
YESTERDAY: Final = re.compile(r"Yesterday\b")
EARLIER: Final = re.compile(
    r"(?:Yesterday|Earlier this|Last \w+|A (?:day|week|month|year) (?:ago|earlier)"
    r"|(?:In|On|During) the (?:previous|preceding|last) (?:day|week|month|year)(?! of\b))\b"
)
# A weekly report: only the final values of its indices are of a single day.
WEEKLY: Final = re.compile(
    r"\b(?:outgoing|(?:[Dd]uring|[Oo]ver) (?:the|this) (?:last |past )?|(?:[Dd]uring |[Oo]ver )last"
    r"|^Last|ended the|closed the|[Tt]his) ?week\b(?!')|\bweek ended\b"
    r"|\bweekly\b|\bweek-on-week\b|\bWoW\b"
)
# `closed at an all-time high of`, whereas other highs are of a moment.
CLOSED_AT_HIGH: Final = re.compile(
    rf"\b{CLOSING} (?:\w+ ){{0,8}}at (?:an?|its|the|new|fresh|another|all-time|historic|record|ever"
    r"|highest|high|-|level|of|(?:\w+-)+\w+| )+$",
    re.IGNORECASE,
)
# Words before a subject with a close of another day: `last week when the index ended at`.
LAST_SPAN: Final = re.compile(
    r"\b(?:last|previous|past|preceding) (?:week|month|year|session|day)\b(?:, when\b)?"
    r"[^,;.]{0,40}$",
    re.IGNORECASE,
)
HAD: Final = re.compile(r"\bhad (?:closed|ended|settled|finished)\b", re.IGNORECASE)
# A month with a day is another date; `close ... last week` is a close of another day.
OTHER_DAY: Final = re.compile(
    r"\b(?:last (?:week|month|year|friday|trading(?! (?:session|day) of)|close)"
    r"|(?:week|month|year)s? (?:ago|earlier)"
    r"|previous"
    r"|yesterday|last closed|since|record|during the week|outgoing week|weekly"
    r"|week-on-week|fiscal|a (?:week|month|year) (?:ago|earlier)|midday|first session|first half"
    r"|high of|low of|intraday|intra-day)\b",
    re.IGNORECASE,
)
NOT_FACT: Final = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|forecasts?|target(?:s|ed)?|likely|may|might|could|would|will"
    r"|should|if"
    r"|projected|outlook|fair value|upside|resistance|support level|recommend\w*|predict\w*"
    r"|anticipat\w*)\b"
)
FUTURES: Final = re.compile(
    r"\b(?:futures?(?! plan)|deliverable contracts?|roll-?over contracts?)\b", re.IGNORECASE
)
OF_MOMENT: Final = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)? ?(?:a\.?m|p\.?m)\b|\bintra-?day\b|\bhover(?:ed|ing)\b|\bwas trading\b"
    r"|\bbeing traded\b|\b(?:has|had) already\b"
    r"|\bmid-?day\b|\bfirst (?:half|session)\b|\bearly (?:trade|trading)\b"
    r"|(?<![Aa]fter )\bopen(?:ed|ing)\b"
    r"|\bat one point\b"
    r"|\bat noon\b|\btraded (?:\d|lower|higher"
    r"|up|down)|\bhit\b|\btouched\b|\bin the day\b|\bpeak(?:ed)?\b"
    r"|(?<!gainers )(?<!losers )(?<!leaders )\bduring the (?:session|day)\b"
    r"|\bmid-session\b|\bstart of (?:the )?(?:session|day|trade|trading)\b"
    r"|\binitially\b|\b(?:initial|early|opening|first|late) (?:\w+ )?hours?\b"
    r"|\b(?:day|session)(?:'s)? (?:high|low)\b",
    re.IGNORECASE,
)
CLOCK: Final = re.compile(r"\b\d{1,2}(?:[:.]\d\d)? ?(?:a\.?m|p\.?m)\b", re.IGNORECASE)
MARK: Final = re.compile(
    r"\b(?:hit|hits|touched|touching|crossed|crossing|crosses|broke|breached|opened|opening"
    r"|high(?:est)? of|low(?:est)? of"
    r"|high at|low at|peak of|hovering (?:at|around)|trading at|stood at|intraday high"
    r"|intraday low|regained|above"
    r"|below|breaching|surpassed|between|range of|level of support|shy of|short of)\b[^,;]{0,60}$",
    re.IGNORECASE,
)
MARKED: Final = re.compile(
    r"^(?: points?| pts)?(?:,)?(?: (?:as|its|an?|the))?(?: \w+)? (?:intra-?day|psychological"
    r"|barrier|mark\b|level intra)",
    re.IGNORECASE,
)
VOLUME_WORDS: Final = re.compile(
    r"\b(?:volumes?|turnover|traded|trading|active|activity|exchang\w+|changing hands"
    r"|changed hands|led|leader"
    r"|followed|shares)\b",
    re.IGNORECASE,
)
# Other things that can rise, fall or close: they replace the subject.
OTHER_SUBJECT: Final = re.compile(
    r"\b(?:market capitali[sz]ation"
    r"|(?<!highest )(?<!shares )(?<!shares trading )(?<!with )(?<!with a )(?<!with total )"
    r"(?<!with total daily )(?<!with an )"
    r"(?:(?:average|daily|overall|total|trading|traded|ready[- ]market|ready|market|share|trade) )*"
    r"(?:volumes?|turnover|trading activity)(?= (?:on|in|at|stood|was|were|increas|decreas"
    r"|declin|improv|rose|fell"
    r"|surg|clock|remain|also|further|drop|amount|for the|during|jump|shrank|came|widen))"
    r"|traded value|value of (?:the )?shares? (?:traded|value)|shares? (?:value|valuing)"
    r"|(?:daily|total) traded value"
    r"|foreign(?:ers| investors?| corporates| funds)?(?= (?:were|remained|investors|sold|bought"
    r"|however|also))"
    r"|rupee|dollar|greenback|gold|silver|crude|brent|wti|yields?|policy rate|inflation|kibor"
    r"|reserves"
    r"|profits?|earnings|dividends?|revenues?|net income|eps|sales|exports?|production|deposits"
    r"|fund'?s nav"
    r"|price of (?:petrol|gold|cotton|cement|urea|a)|tariff|(?:\d+|total of \d+) (?:companies"
    r"|scrips|stocks)"
    r"|(?:sector|sectors|banks|cements|oil shares|tech shares|refineries)(?= (?:gain|lost|rose"
    r"|fell|declin|add|shed|contribut))"
    r"|out of (?:total )?\d+)\b",
    re.IGNORECASE,
)
SECTOR_INDEX: Final = re.compile(
    r"\bBR[- ](?:Sector )?[A-Z][a-z][\w&.]*(?:,? (?:and |& )?[A-Z][\w&.]*)* Index\b"
    r"|\b(?:[A-Z][\w&]+ )+(?:[Ss]ector )?[Ii]nd(?:ex|ices)\b|\bsector(?:al)? ind(?:ex|ices)\b"
)
RIGHTS: Final = re.compile(
    r" ?\((?:R\d?|Right|Rights|Pref|LoR|B) ?\)| (?:R\d?|LoR|Rights?|Letters? of Right)\b"
    r"|-R\d?\b"
)
FUTURE_CONTRACT: Final = re.compile(
    r"[- ]?\(?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]?\b"
    r"|-(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\b"
    r"|(?:'s)?[- ](?:[A-Z][a-z]+ )?(?:futures?|contract)\b"
)
# A report of a whole session states its end.
SESSION_OVER: Final = re.compile(
    r"\b(?:to close at|closed? (?:the (?:day|session)|higher|lower|up|down|in the|on a|at)"
    r"|(?:at|till|by) (?:the )?close|post(?:ed|ing) a close|by the end of the (?:session|day)"
    r"|(?:ended|ending|closed|concluded)(?: the| \w+'s)?(?: trading)? (?:day|session))\b"
)
# Capitalised words that are not names of companies.
PLAIN_CAPITALS: Final = frozenset(
    "rs re pkr monday tuesday wednesday thursday friday saturday sunday january february march"
    " april may june"
    " july august september october november december index the it its psx kse pakistan stock"
    " exchange limited"
    " ltd co corp company pak xd xb ready counter on in at however meanwhile while whereas"
    " similarly besides"
    " among also out trading volumes volume shares share stocks scrips scrip karachi islamabad"
    " lahore top other"
    " market foreign local investors benchmark total daily both likewise then another same"
    " conversely moreover"
    " following followed next second third lastly finally br i ii iii mt u.s us pm am pts"
    " points mn bn and of to"
    " by with a an for from as though but bulls bears first last previous closing prices price"
    " equities spot".split()
)
