"""Find articles that are copies or wraps of each other.

Candidates share two numbers of their sketches. A number in more than MOST_ALIKE articles is not
used, so that another daily table costs no more than any other text; it is recorded in
`crowded_sketches`. The rows depend on the texts in the archive, not on the order of loading.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from loader.archive.ids import AMONG, in_chunks, insert_many, json_list
from loader.articles.likeness import Text, compare, text_of
from loader.articles.sketch import sketch

MOST_ALIKE: Final = 30
"""Maximum number of articles with the same number of a sketch, if it is used to find copies."""
_MIN_COMMON: Final = 2

_INSERT_SKETCH: Final = "insert or ignore into article_sketches (number, article_id) values (?, ?)"
_INSERT_CROWDED: Final = "insert into crowded_sketches (number) values (?)"
_INSERT: Final = """
insert or ignore into article_likenesses (article_id, other_article_id, kind, common_per_mille)
values (?, ?, ?, ?)
"""
_FEW_CROWDED: Final = 2000
_ANY_CROWDED: Final = "select number from crowded_sketches limit ?"
_CROWDED: Final = f"select number from crowded_sketches where number in {AMONG}"
_HAVING: Final = f"select number, article_id from article_sketches where number in {AMONG}"
_TEXTS: Final = f"select id, body from articles where id in {AMONG} and body <> ''"
_LINKED: Final = f"""
select article_id, other_article_id from article_likenesses
where article_id in {AMONG} and other_article_id > article_id
"""
_DELETE_PAIR: Final = """
delete from article_likenesses where (article_id, other_article_id) in (
    values (:one, :other), (:other, :one)
)
"""

Pair = tuple[int, int]


def write_likenesses(
    conn: sqlite3.Connection, sketches: Mapping[int, Sequence[int]], reshaped: Collection[int]
) -> None:
    """Link articles with these sketches: new ones, and those with a new form of their text."""
    _forget_pairs(conn, reshaped)
    having = _add_sketches(conn, sketches)
    crowded = [number for number, ids in having.items() if len(ids) > MOST_ALIKE]
    for number in crowded:
        conn.execute(_INSERT_CROWDED, (number,))
    _drop_unfounded(conn, [having.pop(number) for number in crowded])
    _link(conn, _candidates(sketches, having))


def _add_sketches(
    conn: sqlite3.Connection, sketches: Mapping[int, Sequence[int]]
) -> dict[int, list[int]]:
    """Add sketches; return the articles, old and new, that share one of their numbers.

    Crowded numbers are left out. Most numbers are new and occur in one text, so that they are not
    all read back, which would take as long as adding them.
    """
    new: defaultdict[int, list[int]] = defaultdict(list)
    for key, numbers in sketches.items():
        for number in numbers:
            new[number].append(key)
    uncrowded = new.keys() - _crowded(conn, new)
    having = _stored_having(conn, uncrowded)
    insert_many(
        conn, _INSERT_SKETCH, [(number, key) for number in sorted(new) for key in new[number]]
    )
    for number in uncrowded:
        if len(new[number]) > 1 or number in having:
            having[number] = sorted({*having[number], *new[number]})
    return {number: ids for number, ids in having.items() if len(ids) > 1}


def _sketches(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    return {key: sketch(body) for key, body in conn.execute(_TEXTS, (json_list(ids),))}


def numbers_of(conn: sqlite3.Connection, article_ids: Iterable[int]) -> set[int]:
    """Return the numbers of the sketches of these articles."""
    return {number for numbers in _sketches(conn, article_ids).values() for number in numbers}


def link_thinned(conn: sqlite3.Connection, numbers: Iterable[int] | None = None) -> None:
    """Link articles by numbers that are no longer crowded after articles were deleted.

    `numbers` are those of the deleted articles; without them all numbers are checked.
    """
    if numbers is None:
        numbers = [row[0] for row in conn.execute("select number from crowded_sketches")]
    found = conn.execute(_THINNED, {"numbers": json_list(numbers), "most": MOST_ALIKE})
    thinned = [row[0] for row in found]
    conn.executemany(
        "delete from crowded_sketches where number = ?", [(number,) for number in thinned]
    )
    ids = {key for keys in _articles_having(conn, thinned).values() for key in keys}
    _link_anew(conn, sorted(ids))


_THINNED: Final = """
select number from crowded_sketches
where number in (select value from json_each(:numbers)) and (
    select count(*) from (
        select 1 from article_sketches
        where article_sketches.number = crowded_sketches.number limit :most + 1
    )
) <= :most
"""


def link_all(conn: sqlite3.Connection) -> None:
    """Rebuild sketches and links of all articles, except those of texts that were left out."""
    for statement in (_FORGET_ALL, "delete from article_sketches", "delete from crowded_sketches"):
        conn.execute(statement)
    ids = [row[0] for row in conn.execute("select id from articles where body <> '' order by id")]
    for chunk in in_chunks(ids):
        texts = conn.execute(_TEXTS, (json_list(chunk),)).fetchall()
        rows = sorted((number, key) for key, body in texts for number in sketch(body))
        insert_many(conn, _INSERT_SKETCH, rows)
    conn.execute(_CROWD, (MOST_ALIKE,))
    _link_anew(conn, ids)


_FORGET_ALL: Final = """
delete from article_likenesses
where not exists (
    select 1 from articles where id in (article_id, other_article_id) and body = ''
)
"""
_CROWD: Final = """
insert into crowded_sketches (number)
select number from article_sketches group by number having count(*) > ?
"""


def _link_anew(conn: sqlite3.Connection, ids: Sequence[int]) -> None:
    for chunk in in_chunks(ids):
        sketches = _sketches(conn, chunk)
        numbers = {number for numbers in sketches.values() for number in numbers}
        _link(conn, _candidates(sketches, _articles_having(conn, numbers)))


def _articles_having(
    conn: sqlite3.Connection, numbers: Iterable[int]
) -> defaultdict[int, list[int]]:
    """Return the articles with each of these numbers that is not crowded."""
    wanted = set(numbers)
    return _stored_having(conn, wanted - _crowded(conn, wanted))


def _stored_having(conn: sqlite3.Connection, numbers: Iterable[int]) -> defaultdict[int, list[int]]:
    having: defaultdict[int, list[int]] = defaultdict(list)
    for number, article_id in conn.execute(_HAVING, (json_list(numbers),)):
        having[number].append(article_id)
    return having


def _crowded(conn: sqlite3.Connection, numbers: Iterable[int]) -> set[int]:
    wanted = set(numbers)
    # Reading them all, if they are few, takes less time than looking up thousands of numbers.
    crowded = {row[0] for row in conn.execute(_ANY_CROWDED, (_FEW_CROWDED,))}
    if len(crowded) == _FEW_CROWDED:
        crowded = {row[0] for row in conn.execute(_CROWDED, (json_list(wanted),))}
    return crowded & wanted


def _candidates(
    sketches: Mapping[int, Sequence[int]], having: Mapping[int, Sequence[int]]
) -> set[Pair]:
    """Return pairs of articles that share numbers, smaller id first; one is in `sketches`."""
    pairs: set[Pair] = set()
    for article_id, numbers in sketches.items():
        others = [other for number in numbers for other in having.get(number, ())]
        if not others:
            continue
        common = Counter(others)
        del common[article_id]
        pairs.update(
            (min(article_id, other), max(article_id, other))
            for other, count in common.items()
            if count >= _MIN_COMMON
        )
    return pairs


def _link(conn: sqlite3.Connection, pairs: Iterable[Pair]) -> None:
    """Compare these articles and add new links; existing rows follow from the texts."""
    for chunk in in_chunks(sorted(pairs)):
        texts = _texts(conn, {article_id for pair in chunk for article_id in pair})
        rows = []
        for one, other in chunk:
            if one in texts and other in texts:
                found = compare(texts[one], texts[other])
                if found.kind != "different":
                    rows += [(one, other, *found), (other, one, *found)]
        conn.executemany(_INSERT, rows)


def _texts(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Text]:
    return {key: text_of(body) for key, body in conn.execute(_TEXTS, (json_list(ids),))}


def _forget_pairs(conn: sqlite3.Connection, ids: Collection[int]) -> None:
    for column in ("article_id", "other_article_id") if ids else ():
        conn.execute(f"delete from article_likenesses where {column} in {AMONG}", (json_list(ids),))


def _drop_unfounded(conn: sqlite3.Connection, crowds: Iterable[Sequence[int]]) -> None:
    """Delete links whose articles no longer share enough numbers that are not crowded."""
    for crowd in crowds:
        linked = set(conn.execute(_LINKED, (json_list(crowd),))) & set(
            combinations(sorted(crowd), 2)
        )
        if not linked:
            continue
        sketches = _sketches(conn, {article_id for pair in linked for article_id in pair})
        having = _articles_having(conn, {n for numbers in sketches.values() for n in numbers})
        founded = _candidates(sketches, having)
        conn.executemany(
            _DELETE_PAIR,
            [{"one": one, "other": other} for one, other in sorted(linked - founded)],
        )
