"""Invented articles, and what extractors of pages do to a text without an editor."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections.abc import Callable
from typing import Final

COTTON: Final = """\
KARACHI: Cotton prices firmed on Tuesday as mills in lower Sindh bought 12,400 bales, brokers said.

The spot rate rose by Rs 150 to Rs 17,850 per maund, the association’s committee said in a note.

“Buyers came early, and they came with cash,” said Naseem Gadehi, a broker in the Mirpurkhas market.

About 3,200 bales from Tando Adam changed hands at Rs 17,600–17,900 – the highest range in a month.

Polyester fibre was quoted at Rs 362 per kg, down Rs 4, while yarn stayed where it was.

Analyst Bina Rafiq of Kolachi Research expects arrivals to reach 84 percent of last year’s level by the end of the season."""
BUDGET: Final = """\
ISLAMABAD: The finance ministry has cut its growth target for 2024-25 to 3.4% from 3.9%, an official said on Monday.

Minister Tariq Jamali told a committee that revenue fell short by Rs 214 billion in the first half, mostly in sales tax.

The shortfall will be met by savings, a new levy on tiles & glass, and the sale of two plants near Hub.

Opposition member Saima Kundi said the levy would hit builders, brick makers and small traders.

“It's a well-meant plan,” she said, “but it's the re-rolling mills that pay.”

The committee meets again on March 14. A vote is due a week later, officials said."""
BANK: Final = """\
Mehran Bank posted a profit of Rs 4.82 billion for the quarter that ended on June 30, up 11.6% from a year ago.

Net interest income rose to Rs 19.3 billion. Fees fell 2.1% to Rs 3.07 billion, its accounts show.

The board declared a dividend of Rs 2.50 a share, payable by August 21.

Deposits crossed Rs 1,020 billion for the first time, helped by 64 new branches in Punjab.

Chief executive Omar Sethna said costs would grow less than revenue in the months ahead.

Shares of the bank closed at Rs 61.24, up 1.7%, in a market that fell by 0.3%."""
RATES: Final = """\
LAHORE: Rates of pulses at the Akbari market on Thursday, in rupees for 40 kg.

Gram white 11,200 11,450
Gram black 9,800 9,950
Masoor 10,150 10,300
Moong 12,600 12,900

Traders said moong was short because of rain in Bhakkar and Layyah.

A trader, Rafaqat Butt, hopes for 300 trucks from the port by Saturday; 120 came last week."""
EDITORIAL: Final = """\
EDITORIAL: The city's buses are late, full and few. A plan of 2019 promised 240; the streets have 96.

Nobody at the transport department says why. Its secretary, asked twice, spoke of “processes”.

There is money: Rs 5.6 billion lie in an account that nobody has touched since May 2021.

What the city wants is a timetable, a tender and a name that answers for both.

Let the mayor begin with the timetable. The rest will follow, as it did in Multan and in Peshawar."""
WIRE: Final = """\
SINGAPORE: Palm oil futures slipped 0.8% on Friday, their third loss in a row, as stocks grew faster than expected.

The benchmark contract for April delivery lost 32 ringgit to 3,914 ringgit ($836.50) a tonne by the midday break.

“Exports are soft and the ringgit is not,” said Hafiz Lim, a trader at Selat Commodities.

Stocks stood at 2.14 million tonnes at the end of January, 6% above the month before.

Rival soyoil on the Dalian exchange gained 0.2%, while its palm oil contract shed 0.5%.

The market is closed on Monday for a holiday."""
URDU: Final = """\
کراچی میں روئی کی قیمت منگل کو 150 روپے بڑھ گئی، بروکرز نے بتایا۔

ملوں نے 12,400 گانٹھیں خریدیں اور پیسے نقد دیے۔

ماہرین کے مطابق اگلے ہفتے بھی یہی رجحان رہے گا۔"""
LETTER: Final = """\
LETTER: The crossing at Nazimabad has had no lights since the storm of July 9, and nobody repairs them.

I wrote to the ward office in August, in October and again this month. One reply came: “noted”.

Children cross there, 400 of them, twice a day. Must one of them fall first?

A constable for an hour in the morning, and an hour at noon, would cost little."""
ALL: Final = (COTTON, BUDGET, BANK, RATES, EDITORIAL, WIRE, URDU, LETTER)

Noise = Callable[[str], str]


def lines_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def paragraphs_of(text: str) -> list[str]:
    return text.split("\n\n")


def straight(text: str) -> str:
    """Plain quotes and apostrophes."""
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


def curly(text: str) -> str:
    return text.replace("'", "’").replace(' "', " “").replace('"', "”")


def without_double_quotes(text: str) -> str:
    return text.translate(str.maketrans(dict.fromkeys('“”"', None)))


def hyphens(text: str) -> str:
    return text.replace("–", "-").replace("—", "-")


def long_dashes(text: str) -> str:
    return text.replace(" – ", " — ").replace("-", "‐")


def double_hyphens(text: str) -> str:
    return text.replace(" – ", " -- ").replace("–", "-")


def entities(text: str) -> str:
    return html.escape(text, quote=True).replace("’", "&rsquo;").replace("–", "&ndash;")


def twice_escaped(text: str) -> str:
    return html.escape(html.escape(text))


def nbsp(text: str) -> str:
    return text.replace("Rs ", "Rs\u00a0").replace(" billion", "\u202fbillion")


def nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def ligatures(text: str) -> str:
    return text.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ")


def soft_hyphens(text: str) -> str:
    return text.replace("tion", "\u00adtion").replace("mar", "mar\u00ad")


def zero_width(text: str) -> str:
    return text.replace(", ", ",\u200b ").replace("Rs", "\ufeffRs")


def one_line(text: str) -> str:
    return " ".join(text.split())


def single_breaks(text: str) -> str:
    return "\n".join(lines_of(text))


def wrapped(text: str) -> str:
    return "\n\n".join(textwrap.fill(each, 60) for each in paragraphs_of(text))


def glued(text: str) -> str:
    """Paragraphs without a blank between them, as of markup without line ends."""
    return "".join(lines_of(text))


def list_marks(text: str) -> str:
    return "\n".join(f"- {line}" for line in lines_of(text))


def bullets(text: str) -> str:
    return "\n".join(f"  • {line}" for line in lines_of(text))


def spaced_rupees(text: str) -> str:
    return text.replace("Rs ", "Rs")


def doubled_blanks(text: str) -> str:
    return text.replace(" ", "  ").replace("\n", " \n\t")


def misread(text: str) -> str:
    """UTF-8 read as Windows-1252."""
    return text.replace("’", "â€™").replace("“", "â€œ").replace("”", "â€").replace("–", "â€“")


def emphasised(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"**{first}**\n{rest}"


MARKS: Final[tuple[Noise, ...]] = (
    straight, curly, without_double_quotes, hyphens, long_dashes, double_hyphens, entities,
    twice_escaped, nbsp, nfkc, nfd, ligatures, soft_hyphens, zero_width, misread, spaced_rupees,
    doubled_blanks, emphasised,
)  # fmt: skip
SHAPES: Final[tuple[Noise, ...]] = (one_line, single_breaks, wrapped, list_marks, bullets)


def without_line(text: str, number: int) -> str:
    lines = lines_of(text)
    del lines[number % len(lines)]
    return "\n\n".join(lines)


def with_line(text: str, line: str, number: int) -> str:
    lines = lines_of(text)
    lines.insert(number, line)
    return "\n\n".join(lines)


def cut(text: str, share: float) -> str:
    return text[: max(20, int(len(text) * share))]
