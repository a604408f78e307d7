"""Find the versions of a page among its captured texts, in order.

The result does not depend on the order of loading. Captures that differ only by noise are one
version, represented by the most complete of their texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from loader.articles.compare import Change, Side, Text, compare, read_side, squeeze_headline
from loader.articles.plain import squeeze

# Number of the newest versions that a text is compared with; fewer on pages with very many texts. A
# text that differs only by marks and white space is matched among all versions.
_COMPARED: Final = 8
_COMPARED_OF_MANY: Final = 2
_MANY: Final = 100


class Seen(NamedTuple):
    """A text under one claim, with its capture times and the page's statements about it.

    `around` has its caption and byline. `dated` is the latest time by which the text existed, for
    captures of unknown time.
    """

    article_id: int
    digest: str
    headline: str | None
    published_at: str | None
    updated_at: str | None
    first_seen_at: str | None
    last_seen_at: str | None
    dated: str | None
    is_markup: bool
    around: tuple[str, ...]


class Version(NamedTuple):
    """A version of a page, represented by `article_id`.

    Changes are relative to the previous version. `is_silent` is None if no page states whether it
    was updated. `forms` has the articles that differ only by noise.
    """

    version: int
    article_id: int
    headline: str | None
    published_at: str | None
    updated_at: str | None
    first_seen_at: str | None
    last_seen_at: str | None
    headline_changed: bool
    body_changed: bool
    dates_changed: bool
    words_added: int
    words_removed: int
    is_silent: bool | None
    forms: tuple[int, ...]


class _Counted(NamedTuple):
    """The counts of a change, without its marks, which are as long as the texts."""

    headline: bool
    body: bool
    words_added: int
    words_removed: int


class _State:
    """A text under one headline, with all claims that have both."""

    def __init__(self, captures: Sequence[Seen]) -> None:
        first = min(captures, key=lambda seen: (_known(seen.first_seen_at), repr(seen)))
        self.article_id = first.article_id
        self.digest = first.digest
        self.headline = first.headline
        self.captures = captures
        self.is_markup = any(seen.is_markup for seen in captures)

    def values(self, name: str) -> list[str]:
        """Return the known values of a field, sorted."""
        return sorted({value for seen in self.captures if (value := getattr(seen, name))})


class _Group:
    """A version while its texts are collected.

    `change` is relative to the previous version, between the texts of the articles `compared`.
    `side` is dropped once no longer needed.
    """

    def __init__(self, state: _State, side: Side) -> None:
        self.states = [state]
        self.best = state
        self.side: Side | None = side
        self.rank = _rank(state, side)
        self.change = _Counted(False, False, 0, 0)
        self.compared: tuple[int, int] | None = None

    def add(self, state: _State, side: Side) -> None:
        self.states.append(state)
        rank = _rank(state, side)
        if rank < self.rank:
            self.best, self.rank, self.side = state, rank, side

    def note(self, change: Change, before: _Group) -> None:
        """Record the change from the previous version."""
        self.change = _Counted(
            change.headline,
            change.marks.is_edit,
            len(change.marks.added),
            len(change.marks.removed),
        )
        self.compared = (before.best.article_id, self.best.article_id)

    def values(self, name: str) -> list[str]:
        return sorted({value for state in self.states for value in state.values(name)})

    @property
    def is_markup(self) -> bool:
        return all(state.is_markup for state in self.states)


def _rank(state: _State, side: Side) -> tuple[bool, int, str]:
    """Return the rank of a text in its version: with a headline first, then the most complete."""
    return not state.headline, -len(side.body.keys), state.digest


def find_versions(captures: Sequence[Seen], read: Callable[[int], Text]) -> list[Version]:
    """Return the versions of a page in order; `read` returns the text of an article."""
    groups: list[_Group] = []
    by_key: dict[tuple[str, bytes], _Group] = {}
    states = _in_order(captures)
    compared = _COMPARED if len(states) <= _MANY else _COMPARED_OF_MANY
    for state in states:
        side = _side(state, read)
        key = (squeeze_headline(state.headline), _key_of(side))
        group = by_key.get(key)
        change = None
        for earlier in reversed(groups[-compared:] if group is None else ()):
            found = _change(earlier, state, side)
            change = change or found
            if not found.is_edit:
                group = earlier
                break
        if group is None:
            group = _Group(state, side)
            if groups and change:
                group.note(change, groups[-1])
            groups.append(group)
            if len(groups) > compared:
                groups[-compared - 1].side = None
        else:
            group.add(state, side)
        by_key.setdefault(key, group)
    return _to_versions(groups, read)


def _in_order(captures: Sequence[Seen]) -> list[_State]:
    """Return the texts in chronological order.

    The order is that of printed update times if all pages have one. Otherwise it is that of capture
    times, since silently changed pages keep their dates.
    """
    found: dict[tuple[int, str], list[Seen]] = {}
    for seen in captures:
        found.setdefault((seen.article_id, squeeze_headline(seen.headline)), []).append(seen)
    states = [_State(group) for group in found.values()]
    by_update = all(state.values("updated_at") for state in states)

    def order(state: _State) -> tuple[str, ...]:
        updated = _known(*state.values("updated_at")[:1])
        first = _known(*state.values("first_seen_at")[:1])
        since = first if state.values("first_seen_at") else _known(*state.values("dated")[:1])
        return ((updated, since) if by_update else (since, updated)) + (
            state.digest, state.headline or "",
        )  # fmt: skip

    return sorted(states, key=order)


def _known(*value: str | None) -> str:
    """Return a time for sorting; an unknown one comes last."""
    return (value[0] if value else None) or "~"


def _side(state: _State, read: Callable[[int], Text]) -> Side:
    around = {line for seen in state.captures for line in seen.around}
    return read_side(
        read(state.article_id), state.headline, sorted(around), is_markup=state.is_markup
    )


def _key_of(side: Side) -> bytes:
    """Return a digest that is the same for texts that differ only by marks and blanks."""
    text = f"{squeeze(side.dateline)}\n{side.body.squeezed}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _change(group: _Group, state: _State, side: Side) -> Change:
    if group.side is None:
        raise ValueError("the text of a version was dropped before its last comparison")
    return compare(group.side, side, is_updated=_is_updated(group, state))


def _note_change(before: _Group, group: _Group, read: Callable[[int], Text]) -> None:
    """Record the change from the previous version, unless recorded for the same texts."""
    if group.compared == (before.best.article_id, group.best.article_id):
        return
    one = before.side or _side(before.best, read)
    other = group.side or _side(group.best, read)
    change = compare(one, other, is_updated=_is_updated(before, group.best))
    # More complete texts found since may differ less than those that made it a version.
    if change.is_edit:
        group.note(change, before)


def _is_updated(group: _Group, state: _State) -> bool:
    """Return whether the page states an update between a version and a text."""
    earlier, later = group.values("updated_at"), state.values("updated_at")
    if earlier and later:
        return not any(_is_same_time(one, other) for one in earlier for other in later)
    if group.is_markup != state.is_markup or not (earlier or later):
        return False
    # A page that was not yet updated prints only the time of publication.
    published = group.values("published_at") if later else state.values("published_at")
    return bool(published) and not any(
        _is_same_time(one, other) for one in published for other in earlier or later
    )


def _is_same_time(one: str, other: str) -> bool:
    """Return whether two times may be the same, if one is printed without a clock time."""
    return one.startswith(other) or other.startswith(one)


def _to_versions(groups: Sequence[_Group], read: Callable[[int], Text]) -> list[Version]:
    versions: list[Version] = []
    before: _Group | None = None
    for number, group in enumerate(groups, 1):
        if before:
            _note_change(before, group, read)
        versions.append(
            Version(
                number,
                group.best.article_id,
                group.best.headline,
                next(iter(group.values("published_at")), None),
                next(iter(group.values("updated_at")), None),
                next(iter(group.values("first_seen_at")), None),
                next(reversed(group.values("last_seen_at")), None),
                group.change.headline,
                group.change.body,
                bool(before and _dates_changed(before, group)),
                group.change.words_added,
                group.change.words_removed,
                _is_silent(before, group) if before else None,
                tuple(
                    sorted({state.article_id for state in group.states} - {group.best.article_id})
                ),
            )
        )
        before = group
    return versions


def _dates_changed(before: _Group, group: _Group) -> bool:
    """Return whether a version prints another date of publication or a later update."""
    old, new = before.values("published_at"), group.values("published_at")
    if old and new and not any(_is_same_time(one, other) for one in old for other in new):
        return True
    return _is_silent(before, group) is False


def _is_silent(before: _Group, group: _Group) -> bool | None:
    """Return whether a page changed without a new time of update; None if unknown."""
    old, new = before.values("updated_at"), group.values("updated_at")
    if old and new:
        return new[0] <= old[-1] or _is_same_time(new[0], old[-1])
    are_dated = before.values("published_at") and group.values("published_at")
    # Markup always has a time of update, a text only after an update.
    if old or not are_dated or before.is_markup != group.is_markup:
        return None
    if not new:
        return True
    return any(_is_same_time(one, new[0]) for one in before.values("published_at"))
