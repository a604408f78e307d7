"""A note to the user about boards of years that the calendar does not cover."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from loader.archive.connection import open_readonly
from loader.archive.dating.times import years_without_sessions


def warn_of_years_without_sessions(db: Path, timeout: float) -> None:
    """Print the years whose boards stay undated for lack of a calendar, and the remedy."""
    with closing(open_readonly(db, timeout)) as conn:
        years = years_without_sessions(conn)
    if years:
        click.echo(
            f"Boards captured in {', '.join(map(str, years))} are not dated: the packaged list of"
            " sessions ends earlier. Get the calendar with pip install"
            f" 'brecorder-archive[calendar]', then run: loader date --db {db}"
        )
