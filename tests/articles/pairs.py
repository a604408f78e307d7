"""Labelled pairs of texts of one page that differ by an editor's change or only by extraction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from loader.articles.compare import Change, Text, compare, read_side
from tests.articles.texts import (
    ALL,
    BANK,
    BUDGET,
    COTTON,
    EDITORIAL,
    LETTER,
    MARKS,
    RATES,
    SHAPES,
    URDU,
    WIRE,
    cut,
    entities,
    glued,
    lines_of,
    list_marks,
    nbsp,
    nfd,
    one_line,
    single_breaks,
    straight,
    with_line,
    without_line,
    wrapped,
)


class Pair(NamedTuple):
    """Two texts; `is_updated` if the page has a new time of update; `of_markup` is of both."""

    name: str
    is_edit: bool
    old: str
    new: str
    is_updated: bool = False
    of_markup: bool = False
    dateline: str | None = None
    new_dateline: str | None = None
    around: tuple[str, ...] = ()


def compared(pair: Pair) -> Change:
    """Return an editor's changes according to the archive."""
    headline = "One headline of both"
    old = read_side(Text(pair.dateline, pair.old), headline, pair.around, is_markup=pair.of_markup)
    new = read_side(Text(pair.new_dateline, pair.new), headline, (), is_markup=pair.of_markup)
    return compare(old, new, is_updated=pair.is_updated)


# An editor's changes: the old and the new text.
_CHANGES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    COTTON: (
        ("12,400", "12,900"),
        ("Rs 150", "Rs 105"),
        ("Naseem Gadehi", "Nasim Gadehi"),
        ("Tando Adam", "Shahdadpur"),
        ("firmed", "eased"),
        ("early, and", "early and"),
        ("down Rs 4", "up Rs 4"),
        ("84 percent", "48 percent"),
        ("brokers said", "a broker said"),
        ("in a note", "in a draft note"),
        ("while yarn stayed where it was", "while yarn rose"),
        ("17,600–17,900", "17,600–17,950"),
    ),
    BUDGET: (
        ("3.4% from 3.9%", "3.9% from 3.4%"),
        ("Tariq Jamali", "Tariq Jamal"),
        ("Rs 214 billion", "Rs 21.4 billion"),
        ("Rs 214 billion", "Rs 214 million"),
        ("mostly in", "partly in"),
        ("It's a well-meant", "Its a well-meant"),
        ("March 14", "March 15"),
        ("2024-25", "2025-26"),
        ("will be met", "will not be met"),
        ("builders, brick makers and small traders", "brick makers, builders and small traders"),
        ("near Hub", "near Hub Chowki"),
    ),
    BANK: (
        ("Rs 4.82 billion", "Rs 4.28 billion"),
        ("11.6%", "16.1%"),
        ("Fees fell 2.1%", "Fees rose 2.1%"),
        ("Rs 2.50", "Rs 2.05"),
        ("64 new branches", "new branches"),
        ("Omar Sethna", "Umar Sethna"),
        ("grow less than", "grow more than"),
        ("1,020", "1020"),
        ("Punjab", "Sindh"),
        ("June 30, up", "June 30 up"),
    ),
    RATES: (
        ("11,200 11,450", "11,250 11,450"),
        ("Gram black 9,800 9,950", "Gram black 9,950 9,800"),
        ("Moong 12,600", "Mash 12,600"),
        ("Bhakkar and Layyah", "Layyah and Bhakkar"),
        ("Rafaqat Butt", "Riffat Butt"),
        ("300 trucks", "30 trucks"),
        ("Saturday; 120", "Saturday, 120"),
    ),
    EDITORIAL: (
        ("late, full and few", "late and full"),
        ("promised 240", "promised 420"),
        ("asked twice", "asked thrice"),
        ("May 2021", "May 2012"),
        ("a tender and a name", "a name and a tender"),
        ("Nobody at", "No one at"),
        ("Multan and in Peshawar", "Multan"),
    ),
    WIRE: (
        ("slipped 0.8%", "slipped 0.6%"),
        ("third loss", "second loss"),
        ("($836.50)", "($863.50)"),
        ("Hafiz Lim", "Hafiz Lin"),
        ("6% above", "6% below"),
        ("gained 0.2%", "gained -0.2%"),
        ("The market is closed", "The market was closed"),
        ("soft and the ringgit is not", "soft, and the ringgit is not"),
    ),
    URDU: (
        ("150 روپے", "105 روپے"),
        ("اگلے ہفتے", "اگلے ماہ"),
        ("بڑھ گئی", "گھٹ گئی"),
    ),
    LETTER: (
        ("July 9", "July 19"),
        ("One reply came", "No reply came"),
        ("400 of them, twice", "400 of them twice"),
        ("Nazimabad", "Liaquatabad"),
        ("in August, in October", "in October, in August"),
    ),
}
_FURNITURE: Final = (
    "Read more: Sugar output seen at a record this season",
    "Also read: Support price of wheat to stay as it is, says the minister",
    "Sugar mills seek quota for exports before the crushing ends",
    "Photo: AFP",
    "A worker sorts bales at a factory in Multan. — Reuters",
    "Copyright Business Recorder, 2024",
    "Comments are closed.",
    "Follow us on Google News",
    "Tags: cotton, textiles, exports",
    "Related: Rupee gains 5 paisa against the dollar in the open market",
    "Published in Recorder Daily, March 6th, 2024",
)
_MORE: Final = "Officials of both sides are to meet again in Quetta on Sunday, he added."


def edits() -> Iterator[Pair]:
    """Yield pairs with an editor's change; every second one also differs by extraction."""
    number = 0
    for text, changes in _CHANGES.items():
        for was, now in changes:
            if was not in text:
                raise ValueError(f"no {was!r} in the text")
            number += 1
            edited = text.replace(was, now, 1)
            yield Pair(f"{was} -> {now}", True, text, edited)
            noise = (*MARKS, *SHAPES)[number % (len(MARKS) + len(SHAPES))]
            if number % 2:
                yield Pair(f"{was} -> {now}, {noise.__name__}", True, text, noise(edited))
            elif edited.index(now) < len(text) // 2:
                yield Pair(f"{was} -> {now}, cut off", True, text, cut(edited, 0.8))
    for text in (COTTON, BUDGET, BANK, WIRE, LETTER):
        parts = lines_of(text)
        swapped = "\n\n".join([parts[0], parts[2], parts[1], *parts[3:]])
        last_first = "\n\n".join([parts[-1], *parts[:-1]])
        yield Pair("paragraphs swapped", True, text, swapped)
        yield Pair("last paragraph first", True, text, last_first)
        yield Pair("swapped, marks of a list", True, text, list_marks(swapped))
        rewritten = "\n\n".join([parts[0], _MORE, *parts[2:]])
        yield Pair("paragraph rewritten", True, text, rewritten)
        more = with_line(text, _MORE, 2)
        yield Pair("paragraph added, updated", True, text, more, is_updated=True)
        yield Pair("paragraph added, both of markup", True, text, more, of_markup=True)
        last = f"{text}\n\n{_MORE}"
        yield Pair("paragraph added at the end, updated", True, text, last, is_updated=True)
        yield Pair("paragraph added at the end, of markup", True, text, last, of_markup=True)
        fewer = without_line(text, 1)
        yield Pair("paragraph taken out, updated", True, text, fewer, is_updated=True)
        yield Pair("paragraph taken out, of markup", True, text, fewer, of_markup=True)
    yield Pair(
        "another place", True, "Rain fell.", "Rain fell.", dateline="KARACHI", new_dateline="LAHORE"
    )
    yield Pair("one word for another", True, "Rain.", "Snow.")


def noise() -> Iterator[Pair]:
    """Yield pairs that differ only by extraction."""
    for number, text in enumerate(ALL):
        for each in (*MARKS, *SHAPES):
            yield Pair(each.__name__, False, text, each(text))
        for share in (0.2, 0.45, 0.7, 0.93):
            yield Pair(f"cut at {share}", False, text, cut(text, share))
            yield Pair(f"cut at {share}, a line", False, text, one_line(cut(text, share)))
        yield Pair("cut, with dots", False, text, cut(text, 0.6) + "...")
        yield Pair("cut, how much", False, text, cut(text, 0.5) + "… [+1204 chars]")
        yield Pair("cut between paragraphs", False, text, "\n\n".join(lines_of(text)[:2]))
        yield Pair("cut, updated", False, text, cut(text, 0.61), is_updated=True)
        yield Pair("cut, of markup", False, text, cut(text, 0.61), of_markup=True)
        yield Pair("glued", False, text, glued(text))
        for line in range(len(lines_of(text))):
            yield Pair(f"without line {line}", False, text, without_line(text, line))
        if text is not RATES:
            lost = one_line(without_line(text, 1))
            yield Pair("without a line, as one", False, text, lost)
        two = without_line(without_line(text, 0), 1)
        yield Pair("without two lines", False, text, two)
        yield Pair("without a line and marks", False, text, straight(nbsp(without_line(text, 1))))
        line = _FURNITURE[number % len(_FURNITURE)]
        other = _FURNITURE[(number + 3) % len(_FURNITURE)]
        yield Pair(
            "furniture of two kinds", False, with_line(text, line, 1), with_line(text, other, 1)
        )
    for line in _FURNITURE:
        for place in (1, 3, 6):
            yield Pair(f"{line[:12]} at {place}", False, COTTON, with_line(COTTON, line, place))
        yield Pair(f"{line[:12]}, updated", False, WIRE, with_line(WIRE, line, 2), is_updated=True)
        yield Pair(
            f"{line[:12]}, of markup", False, BUDGET, with_line(BUDGET, line, 6), of_markup=True
        )
    bare = COTTON.removeprefix("KARACHI: ")
    yield Pair("dateline in the text", False, bare, COTTON)
    yield Pair("dateline apart", False, bare, bare, dateline="KARACHI")
    yield Pair("dateline apart in one", False, bare, COTTON, dateline="KARACHI")
    yield Pair("dateline by two", False, bare, bare, dateline="KARACHI", new_dateline="KARACHI")
    agency = bare.replace("Cotton prices", "KARACHI (Reuters) - Cotton prices", 1)
    yield Pair("dateline with the agency", False, bare, agency)
    yield Pair("mark of the agency", False, bare, f"{bare}-APP")
    yield Pair("mark of the agency apart", False, bare, f"{bare} (Reuters)")
    summary = "Brokers see more arrivals by March"
    yield Pair("summary in the text", False, bare, f"{summary}\n\n{bare}", around=(summary,))
    told = "Polyester fibre was quoted at Rs 362 per kg, down Rs 4."
    yield Pair(
        "caption in the text", False, bare, with_line(bare, told, 2), is_updated=True,
        around=(told,),
    )  # fmt: skip
    yield Pair("paragraph twice", False, BANK, with_line(BANK, lines_of(BANK)[2], 5))
    yield Pair("two extractors", False, nfd(wrapped(WIRE)), entities(single_breaks(WIRE)))
    yield Pair("two corpora", False, cut(BANK, 0.7), without_line(BANK, 1))
    yield Pair("nothing of the text", False, BANK, "")
