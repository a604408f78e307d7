"""Rows of problems, with digests that deduplicate repeated ones."""

from __future__ import annotations

import hashlib

from loader.model import Problem, ProblemKind
from loader.rows.records import ProblemRow


def problem_row(
    identity: str, kind: ProblemKind, detail: str, excerpt: str | None = None
) -> ProblemRow:
    """Return the row of a problem with the thing identified by `identity`."""
    detail, excerpt = storable(detail), storable(excerpt) if excerpt else None
    content = "\n".join((identity, kind, detail, excerpt or ""))
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return ProblemRow(digest, kind, detail, excerpt)


def row_of(identity: str, problem: Problem) -> ProblemRow:
    """Return the row of a problem from a reader or parser."""
    return problem_row(identity, problem.kind, problem.detail, problem.excerpt)


def place_identity(location: str, offset: int | None) -> str:
    """Return the identity of a problem without a snapshot: the place where it was found."""
    return f"{location}\n{'' if offset is None else offset}"


def storable(text: str) -> str:
    """Return text safe for SQLite and terminals: surrogates and control characters escaped."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )
