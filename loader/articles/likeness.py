"""Classify two texts as copies, as one including the other, or as issues of a template.

The share of common words does not suffice: the rates of two days share nearly all words, but are
unrelated. So sentences are matched, equal ones first, then those of the same structure. Sentences
whose figures, days or names differ count as refilled.

- copy: nothing is refilled, and each text has at most a few words that the other lacks, or one is
  truncated.
- near: most of the shorter text is in the other, including its figures, and one has more text.
- different: otherwise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

from loader.articles.units import Unit, units_of

Kind = Literal["copy", "near", "different"]

_RUN: Final = 5
# Words that a text may lack of its copy: a number, or a percentage if that is more.
_FEW_WORDS: Final = 15
_FEW_PER_CENT: Final = 4
_LINE_WORDS: Final = 16  # of a headline, caption or teaser within a text
_KEPT: Final = 0.5  # minimum share of the shorter text's words, and of its figures
_KEPT_FIGURES: Final = 0.4
# A higher share is required if hardly any figure or name is kept, since boilerplate has none.
_KEPT_WITHOUT: Final = 0.7
_HARDLY: Final = 2.0
# Minimum share of refilled sentences among those with figures, if two texts are of one template:
# with a new day in them, without, and if nothing else was added.
_REFILLED_DAY: Final = 0.25
_REFILLED: Final = 0.5
_REFILLED_ONLY: Final = 0.2
_RENAMED: Final = 0.15  # with other names, if no figure differs
_SAME_STRUCTURE: Final = 0.6  # common words of two sentences, relative to their mean length
_MOST_UNITS: Final = 120  # that are matched by structure


class Likeness(NamedTuple):
    """The relation of two texts, and their common runs of five words per thousand."""

    kind: Kind
    common_per_mille: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text prepared for several comparisons."""

    units: tuple[Unit, ...]
    runs: frozenset[tuple[str, ...]] = field(repr=False)

    @property
    def word_count(self) -> int:
        return sum(len(unit.words) for unit in self.units)


def text_of(body: str) -> Text:
    """Return a body prepared for comparison."""
    units = tuple(units_of(body))
    words = [word for unit in units for word in unit.words]
    runs = frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))
    return Text(units, runs)


def compare(one: Text, other: Text) -> Likeness:
    """Return the relation of two texts, which does not depend on their order."""
    short, long = sorted((one, other), key=lambda text: (text.word_count, text.units))
    either = len(short.runs | long.runs)
    common = len(short.runs & long.runs)
    per_mille = common * 1000 // either if either else 0
    return Likeness(_kind(_Match(short, long)), per_mille)


def _kind(match: _Match) -> Kind:
    words = match.short.word_count
    least = _KEPT if match.kept_weight >= _HARDLY else _KEPT_WITHOUT
    if not words or match.kept_words + match.refilled_words < least * words:
        return "different"
    few = max(_FEW_WORDS, _FEW_PER_CENT * match.long.word_count // 100)
    is_complete = match.missing_words <= few and (match.is_cut or match.added_words <= few)
    filled = match.refilled_weight
    if is_complete and not filled:
        return "copy"
    is_same_story = not (match.has_other_day or match.has_other_names or match.has_other_rows)
    if not is_complete and is_same_story and match.kept_words >= _KEPT * words:
        # Tolls and levels rise as a story develops; its day, names and half of its words stay.
        return "near" if match.kept_weight else "different"
    share = filled / (filled + match.kept_weight) if filled else 0.0
    if is_complete and not match.has_other_figures and share <= _RENAMED:
        return "copy"
    if is_complete and match.has_other_rows:
        return "different"
    if is_complete:
        most = _REFILLED_ONLY / 2 if match.has_other_day else _REFILLED_ONLY
    else:
        most = _REFILLED_DAY if match.has_other_day else _REFILLED
    if share > most or match.kept_weight < _KEPT_FIGURES * match.short_weight:
        return "different"
    return "near"


class _Match:
    """The sentences of two texts side by side.

    Words and weights are counted for sentences that both have (kept), that differ in their values
    (refilled), that only the shorter text has (missing), and that only the longer has (added).
    """

    def __init__(self, short: Text, long: Text) -> None:
        self.short = short
        self.long = long
        self.kept_words = 0
        self.kept_weight = 0.0
        self.refilled_words = 0
        self.refilled_weight = 0.0
        self.has_other_figures = False
        self.has_other_names = False
        self.has_other_rows = False
        self.has_other_day = False
        self.short_weight = sum(unit.weight for unit in short.units)
        self._last_kept = -1
        self._is_cut_sentence = False
        mine, theirs = self._match_equal()
        mine, theirs = self._match_cut(mine, theirs)
        mine, theirs = self._match_alike(mine, theirs)
        self.missing_words = _missing_words([short.units[place] for place in mine], long)
        self.added_words = _missing_words([long.units[place] for place in theirs], short)
        self.is_cut = self._is_cut(theirs)

    def _match_equal(self) -> tuple[list[int], list[int]]:
        """Match equal sentences; return the positions of the rest of both texts."""
        places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, unit in enumerate(self.long.units):
            places[unit.words].append(place)
        mine, matched = [], set()
        for place, unit in enumerate(self.short.units):
            if found := places.get(unit.words):
                matched.add(found[0])
                self._keep(unit, len(unit.words))
                if place == len(self.short.units) - 1:
                    self._is_cut_sentence = unit.is_line and not self.long.units[found[0]].is_line
                del found[0]
            else:
                mine.append(place)
        self._last_kept = max(matched, default=-1)
        return mine, [place for place in range(len(self.long.units)) if place not in matched]

    def _match_cut(self, mine: list[int], theirs: list[int]) -> tuple[list[int], list[int]]:
        """Match the last sentence of the shorter text if it was truncated; return the rest."""
        last = len(self.short.units) - 1
        if not mine or mine[-1] != last:
            return mine, theirs
        unit = self.short.units[last]
        if not (unit.is_line or unit.ends_cut):
            return mine, theirs
        for place in theirs:
            is_next = place == self._last_kept + 1
            if (is_next or len(unit.words) > 2) and _is_beginning(
                unit.words, self.long.units[place].words
            ):
                self._is_cut_sentence = True
                self._last_kept = max(self._last_kept, place)
                self._keep(unit, len(unit.words))
                return mine[:-1], [other for other in theirs if other != place]
        return mine, theirs

    def _match_alike(
        self, mine: Sequence[int], theirs: Sequence[int]
    ) -> tuple[list[int], list[int]]:
        """Match sentences of the same structure; return the positions of unmatched ones."""
        pairs = _pair_up(
            [self.short.units[place] for place in mine[:_MOST_UNITS]],
            [self.long.units[place] for place in theirs[:_MOST_UNITS]],
        )
        for first, second in pairs:
            self._judge(mine[first], theirs[second])
        done, taken = {first for first, _ in pairs}, {second for _, second in pairs}
        return (
            [place for index, place in enumerate(mine) if index not in done],
            [place for index, place in enumerate(theirs) if index not in taken],
        )

    def _judge(self, mine: int, theirs: int) -> None:
        """Count two sentences of the same structure as reworded or refilled."""
        unit, other = self.short.units[mine], self.long.units[theirs]
        gone, come = Counter(unit.figures), Counter(other.figures)
        gone, come = gone - come, come - gone
        names, new_names = _other_names(unit, other)
        if (gone and come) or (names and new_names):
            # Refilled with other figures, or under another name.
            self.has_other_figures |= bool(gone and come)
            self.has_other_names |= bool(names and new_names)
            self.has_other_rows |= unit.is_line and other.is_line
            self.refilled_words += min(len(unit.words), len(other.words))
            self.refilled_weight += max(unit.weight, other.weight, 0.5)
            self.has_other_day |= any(not word[0].isdecimal() for word in (*gone, *come))
            return
        self._last_kept = max(self._last_kept, theirs)
        self._keep(unit, min(len(unit.words), len(other.words)))

    def _keep(self, unit: Unit, word_count: int) -> None:
        self.kept_words += word_count
        self.kept_weight += unit.weight

    def _is_cut(self, added: Sequence[int]) -> bool:
        """Whether the shorter text is a truncated copy of the longer one."""
        if not self.short.units:
            return False
        is_marked = self._is_cut_sentence or self.short.units[-1].ends_cut
        return is_marked and all(place > self._last_kept for place in added)


def _missing_words(units: Sequence[Unit], other: Text) -> int:
    """Count the words missing from another text, except for repetitions and headlines."""
    known = {unit.words for unit in other.units}
    return sum(
        len(unit.words)
        for unit in units
        if unit.words not in known
        and not (unit.is_line and len(unit.words) <= _LINE_WORDS and len(unit.figures) < 2)
    )


def _is_beginning(words: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether a sentence is the beginning of another, possibly ending within a word.

    The last word may read as another when truncated, so it is not compared after three words.
    """
    *head, last = words
    return (
        len(head) < len(whole)
        and tuple(head) == tuple(whole[: len(head)])
        and (len(head) >= 3 or whole[len(head)].startswith(last))
    )


def _other_names(unit: Unit, other: Unit) -> tuple[list[str], list[str]]:
    """Return the names that the other sentence replaces, and their replacements."""
    gone: list[str] = []
    come: list[str] = []
    names, others = set(unit.names), set(other.names)
    matcher = SequenceMatcher(None, unit.words, other.words, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "replace":
            before = [word for word in unit.words[start:end] if word in names]
            after = [word for word in other.words[other_start:other_end] if word in others]
            if before and after and not _is_same_name(before, after):
                gone += before
                come += after
    return gone, come


def _is_same_name(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether one name is an abbreviation of the other, or differs in one or two letters."""
    one, other = "".join(before), "".join(after)
    initials = {"".join(word[0] for word in words) for words in (before, after)}
    return (
        one in initials
        or other in initials
        or (min(len(one), len(other)) > 4 and SequenceMatcher(None, one, other).ratio() > 0.8)
    )


def _structure(unit: Unit) -> Counter[str]:
    """Return the words of a sentence without its values, which a template would have."""
    return Counter(unit.words) - Counter(unit.figures)


def _pair_up(mine: Sequence[Unit], theirs: Sequence[Unit]) -> list[tuple[int, int]]:
    """Return pairs of sentences of the same structure, each once, the most similar first."""
    structures = [_structure(unit) for unit in theirs]
    having: defaultdict[str, list[int]] = defaultdict(list)
    for place, structure in enumerate(structures):
        for word in structure:
            having[word].append(place)
    scored: list[tuple[float, int, int]] = []
    for place, unit in enumerate(mine):
        structure = _structure(unit)
        size = sum(structure.values())
        common: Counter[int] = Counter()
        for word, count in structure.items():
            for other in having.get(word, ()):
                common[other] += min(count, structures[other][word])
        for other, count in common.most_common(8):
            score = 2 * count / (size + sum(structures[other].values()))
            if score >= _SAME_STRUCTURE:
                scored.append((-score, place, other))
    pairs: list[tuple[int, int]] = []
    done: set[int] = set()
    taken: set[int] = set()
    for _, place, other in sorted(scored):
        if place not in done and other not in taken:
            pairs.append((place, other))
            done.add(place)
            taken.add(other)
    return pairs
