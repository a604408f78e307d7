"""Check for rows that contradict each other, and for orphans."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple, get_args

from loader.archive.references import ORPHANED, unused
from loader.archive.write.article_dates import misdated
from loader.archive.write.boards import CAPTURED_SPAN
from loader.maintain.share.parts import Left, parts_left_out
from loader.maintain.verify.finding import Finding, Remedy
from loader.model import Article, MediaType
from loader.page.digest import article_digest
from loader.rows.claims import claim_digest
from loader.rows.problems import place_identity, problem_row
from loader.rows.records import ClaimRow, ProblemRow


class _Contradiction(NamedTuple):
    """A description of contradictory rows, and the statement that counts them.

    Constraints of the schema are not checked again. Such rows are legitimate in a copy without one
    of the parts `holds_without`.
    """

    fault: str
    sql: str
    holds_without: frozenset[Left] = frozenset()


_CONTRADICTIONS: Final = (
    _Contradiction(
        "boards whose counts differ from their quotes",
        """
        select count(*) from boards
        where quote_count <> (select count(*) from quotes where board_id = boards.id)
        """,
        frozenset({Left.SYMBOLS}),
    ),
    _Contradiction(
        "boards whose times differ from their captures",
        f"""
        select count(*) from boards
        where (first_captured_at, last_captured_at) is not {CAPTURED_SPAN}
        """,
    ),
    _Contradiction(
        "raw captures of a media type that no parser reads",
        f"""
        select count(*) from raw_captures
        where media_type not in ({", ".join(f"'{name}'" for name in get_args(MediaType))})
        """,
    ),
)


def row_findings(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Yield orphans, contradictions, and texts, claims and problems with wrong digests."""
    left_out = parts_left_out(conn)
    for table in ORPHANED:
        (count,) = conn.execute(f"select count(*) from {table} where {unused(table)}").fetchone()
        if count:
            yield Finding("orphans", f"{count} unused {table}", Remedy.REBUILD)
    for fault, sql, holds_without in _CONTRADICTIONS:
        if holds_without & left_out:
            continue
        (count,) = conn.execute(sql).fetchone()
        if count:
            yield Finding("rows", f"{count} {fault}", Remedy.REBUILD)
    yield from _texts(conn)
    if count := sum(1 for _ in misdated(conn)):
        fault = f"{count} articles whose date differs from their captures"
        yield Finding("rows", fault, Remedy.REBUILD)
    if Left.TEXT not in left_out:
        # Without texts and excerpts, claims and problems keep their original digests.
        yield from _claims(conn)
        for problem in changed_problems(conn):
            fault = f"the problem {problem.digest[:12]} does not match its digest"
            yield Finding("problems", fault, Remedy.LOST)


_CLAIMS: Final = f"""
select article_claims.id, article_claims.digest, articles.digest,
    {", ".join(f"article_claims.{name}" for name in ClaimRow._fields)}
from article_claims join articles on articles.id = article_claims.article_id
"""


def _claims(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Yield claims whose fields do not match their digest."""
    for claim_id, digest, article, *claim in conn.execute(_CLAIMS):
        if claim_digest(article, *claim) != digest:
            fault = f"claim {claim_id} does not have the digest of its fields"
            yield Finding("claims", fault, Remedy.REBUILD)


def _texts(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Yield articles whose text does not match their digest."""
    for article_id, digest, headline, dateline, body, words in conn.execute(
        "select id, digest, headline, dateline, body, word_count from articles"
    ):
        if not body and words:
            continue  # left out by `loader share --without text`
        if not body and headline is not None:
            texts = [row[0] for row in conn.execute(_HEADLINES, (article_id,))]
        else:
            texts = [headline]
        found = {article_digest(Article(body, headline=text, dateline=dateline)) for text in texts}
        if digest not in found:
            fault = f"article {article_id} does not have the digest of its text"
            yield Finding("articles", fault, Remedy.REBUILD)


# A text without a body is identified by its headline, whose spelling may differ among captures.
_HEADLINES: Final = "select headline from article_claims where article_id = ?"

_REFUSED: Final = """
select problems.digest, problems.kind, detail, excerpt, location, source_offset
from problems
join sources on sources.id = problems.source_id
where snapshot_id is null and article_id is null and board_id is null
"""


def changed_problems(conn: sqlite3.Connection) -> Iterator[ProblemRow]:
    """Yield problems without a capture that do not match the digest of their place and text."""
    for digest, kind, detail, excerpt, location, offset in conn.execute(_REFUSED):
        row = problem_row(place_identity(location, offset), kind, detail, excerpt)
        if row.digest != digest:
            yield row._replace(digest=digest)
