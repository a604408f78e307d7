"""`loader doctor`: what is missing on this machine, and what the archive wants next."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.options import db_option, timeout_option
from loader.cli.terminal import require_stdout
from loader.errors import printable
from loader.maintain.health import Check, State, check_archive_file, check_machine

_COLOURS = {State.FINE: "green", State.ADVICE: "yellow", State.FAULT: "red", State.OPTIONAL: None}


@click.command("doctor", short_help="Say what is missing here, and what comes next.")
@db_option
@timeout_option
def doctor_command(db: Path, timeout: float) -> None:
    """Check this machine and the archive quickly; name a command for whatever is missing.

    Nothing is changed. Exit code 1 when something stands in the way of every command: an
    SQLite that is too old, an archive that cannot be opened. Whether the rows of an archive are
    sound is a longer question: loader verify.

    \b
    Example:
        loader doctor
        loader doctor --db other.db
    """
    require_stdout()
    checks = [*check_machine(), *check_archive_file(db, timeout)]
    for check in checks:
        _tell(check, width=max(len(each.subject) for each in checks))
    if faults := sum(check.state is State.FAULT for check in checks):
        raise click.ClickException(f"marked FAULT above: {faults}")


def _tell(check: Check, width: int) -> None:
    state = click.style(f"{check.state.value:<6}", fg=_COLOURS[check.state])
    click.echo(f"{state}  {check.subject:<{width}}  {printable(check.detail)}")
    if check.remedy:
        click.echo(f"{'':<{width + 8}}  {printable(check.remedy)}")
