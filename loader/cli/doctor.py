"""`loader doctor`: check this machine and the archive, and name the next step."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.options import db_option, timeout_option
from loader.cli.terminal import require_stdout
from loader.errors import printable
from loader.maintain.health import Check, State, check_archive_file, check_machine

_COLOURS = {State.FINE: "green", State.ADVICE: "yellow", State.FAULT: "red", State.OPTIONAL: None}


@click.command("doctor")
@db_option
@timeout_option
def doctor_command(db: Path, timeout: float) -> None:
    """Check this machine and the archive quickly, and name a command for each missing part.

    Nothing is changed. The exit code is 1 if something prevents all commands from working: an
    outdated SQLite, or an archive that cannot be opened. To check the rows of an archive, run
    `loader verify`.

    \b
    Example:
        loader doctor
        loader doctor --db other.db
    """
    require_stdout()
    checks = [*check_machine(), *check_archive_file(db, timeout)]
    for check in checks:
        _print(check, width=max(len(each.subject) for each in checks))
    if faults := sum(check.state is State.FAULT for check in checks):
        raise click.ClickException(f"marked FAULT above: {faults}")


def _print(check: Check, width: int) -> None:
    state = click.style(f"{check.state.value:<6}", fg=_COLOURS[check.state])
    click.echo(f"{state}  {check.subject:<{width}}  {printable(check.detail)}")
    if check.remedy:
        click.echo(f"{'':<{width + 8}}  {printable(check.remedy)}")
