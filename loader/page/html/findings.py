"""Problems found while a page is parsed, and the rule for sources that disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loader.model import Capture, Problem, ProblemKind

_EXCERPT = 200

# (name of the source, its value); the most trusted first.
Claims = Sequence[tuple[str, str]]


class Findings:
    """Collects the problems of one capture."""

    __slots__ = ("_capture", "problems")

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self.problems: list[Problem] = []

    def add(self, kind: ProblemKind, detail: str, excerpt: str | None = None) -> None:
        """Record a problem; the excerpt is truncated to 200 characters."""
        self.problems.append(
            Problem(
                kind=kind,
                detail=detail,
                source=self._capture.source,
                offset=self._capture.offset,
                excerpt=excerpt[:_EXCERPT] if excerpt else None,
            )
        )

    def settle(self, name: str, claims: Claims, agree: Callable[[str, str], bool]) -> str | None:
        """Return the most trusted value of `name`; record a `conflict` if a later one disagrees."""
        if not claims:
            return None
        source, kept = claims[0]
        disputed = [claim for claim in claims[1:] if not agree(kept, claim[1])]
        if disputed:
            others = ", ".join(source for source, _ in disputed)
            self.add(
                "conflict",
                f"sources on the page disagree about its {name}: {source} is kept, "
                f"{others} says otherwise",
                " | ".join(f"{source}: {value[:80]}" for source, value in (claims[0], *disputed)),
            )
        return kept
