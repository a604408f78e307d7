"""Print small tables."""

from __future__ import annotations

from collections.abc import Sequence

import click


def print_table(rows: Sequence[tuple[str, int | str | None]]) -> None:
    """Print names on the left and figures aligned on the right; None is a dash."""
    shown = [(name, _figure(value)) for name, value in rows]
    left = max((len(name) for name, _ in shown), default=0)
    right = max((len(value) for _, value in shown), default=0)
    for name, value in shown:
        click.echo(f"{name:<{left}}  {value:>{right}}")


def _figure(value: int | str | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else value
