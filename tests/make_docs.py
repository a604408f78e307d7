"""Generate reference pages from the program: `python -m tests.make_docs` writes them.

A test compares docs/cli.md and docs/schema.md with the result.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import yaml
from click.testing import CliRunner

from loader.cli import main
from tests import renamed

ROOT = Path(__file__).parent.parent
_HIDDEN = ("sqlite_", "articles_fts", "_sqlite")


_TOOLS = """## Tools that open an archive

Tables are STRICT, so every tool needs SQLite 3.37 (November 2021) or newer. An older one reports
`malformed database schema` or `near "strict": syntax error` for an intact archive.

| tool | opens an archive |
| --- | --- |
| `sqlite3`, and Python's module of that name | yes: Debian 12 (3.40), Ubuntu 22.04 (3.37) and 24.04 (3.45), macOS 13 and newer |
| the same of Debian 11 (3.34), Ubuntu 20.04 (3.31), RHEL 8 (3.26) and 9 (3.34) | no; `pip install apsw` has a new SQLite (`python -m apsw archive.db`) |
| DB Browser for SQLite | from 3.13 on; 3.12.2 contains 3.35 unless it uses the system's |
| DuckDB | yes, except for generated columns (above) |
| sqlite-utils, Datasette, pandas | if the SQLite of their Python can: `python -c "import sqlite3; print(sqlite3.sqlite_version)"` |
""".splitlines()  # noqa: E501


def cli_reference() -> str:
    """Return a page with the help text of every command."""
    lines = [
        "# Commands",
        "",
        "Generated from `--help` by `make docs`.",
        "",
    ]
    for path in [(), *((name,) for name, _ in commands())]:
        help_text = CliRunner().invoke(main, [*path, "--help"], prog_name="loader").output
        lines += [f"## {' '.join(('loader', *path))}", "", "```text", help_text.rstrip(), "```", ""]
    return "\n".join(lines)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its name."""
    for name in main.list_commands(click.Context(main)):
        command = main.get_command(click.Context(main), name)
        if command is None:
            raise LookupError(name)
        yield name, command


def schema_reference(conn: sqlite3.Connection) -> str:
    """Return a page with every table and view and its columns, described by metadata.yml."""
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    described = metadata["databases"]["archive"]["tables"]
    lines = [
        "# Schema",
        "",
        "Generated from an archive and `metadata.yml` by `make docs`.",
        "Instants are in UTC and end in Z; times printed on a page keep their zone, +05:00.",
        "",
        "Figures of boards are stored as whole hundredths (`price_hundredths`); the column in",
        "decimals (`price`) is generated from it. SQLite, Datasette and pandas see both. DuckDB's",
        "SQLite extension ignores generated columns: query the view `quote_history` there.",
        "",
        *_TOOLS,
        "",
        "## References between tables",
        "",
        "```mermaid",
        "erDiagram",
        *_references(conn),
        "```",
        "",
    ]
    for kind in ("table", "view"):
        for name in _names(conn, kind):
            lines += _section(conn, kind, name, described.get(name, {}))
    lines += ["## Names before schema 009", "", *renamed.table(), ""]
    return "\n".join(lines)


def _names(conn: sqlite3.Connection, kind: str) -> list[str]:
    rows = conn.execute("select name from sqlite_master where type = ? order by name", (kind,))
    return [name for (name,) in rows if not name.startswith(_HIDDEN)]


def _references(conn: sqlite3.Connection) -> list[str]:
    """Return a line for each pair of tables with foreign keys, one to many."""
    keys: dict[tuple[str, str], list[str]] = {}
    for table in _names(conn, "table"):
        for _, _, parent, column, *_ in conn.execute(f'pragma foreign_key_list("{table}")'):
            keys.setdefault((parent, table), []).append(column)
    return [
        f'    {parent} ||--o{{ {child} : "{", ".join(sorted(set(columns)))}"'
        for (parent, child), columns in sorted(keys.items())
    ]


def _section(
    conn: sqlite3.Connection, kind: str, name: str, described: dict[str, Any]
) -> list[str]:
    words = described.get("columns", {})
    lines = [f"## {name}", "", f"{kind.capitalize()}. {described.get('description', '')}", ""]
    lines += ["| column | type | content |", "| --- | --- | --- |"]
    for _, column, type_, *_ in conn.execute(f'pragma table_xinfo("{name}")'):
        lines.append(f"| {column} | {type_.lower()} | {words.get(column, '')} |")
    return [*lines, ""]


if __name__ == "__main__":
    (ROOT / "docs" / "cli.md").write_text(cli_reference(), encoding="utf-8")
    with closing(sqlite3.connect(ROOT / "archive.db")) as archive:
        (ROOT / "docs" / "schema.md").write_text(schema_reference(archive), encoding="utf-8")
