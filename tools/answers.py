"""Write the result below each query in README.md and docs: `python -m tools.answers`.

A block of SQL is followed by its result for archive.db, except those that begin with `-- duckdb`,
which other tests run. A test checks that every result is present and correct.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent
_ASKED = re.compile(r"^```sql\n(?P<sql>(?!-- duckdb).*?)^```\n(?:\n(?:\|[^\n]*\n)+)?", re.M | re.S)


def pages() -> list[Path]:
    """Return the documents that may contain queries."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def answered(text: str, archive: Path) -> str:
    """Return a document with the result below each query. Raises sqlite3.Error for a wrong one."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as conn:
        return _ASKED.sub(
            lambda asked: f"```sql\n{asked['sql']}```\n\n{_table(conn, asked['sql'])}", text
        )


def _table(conn: sqlite3.Connection, sql: str) -> str:
    cursor = conn.execute(sql)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    numeric = [bool(rows) and all(isinstance(row[n], (int, float, type(None))) for row in rows)
               for n in range(len(names))]  # fmt: skip
    return "\n".join(_lines(names, numeric, rows)) + "\n"


def _lines(names: list[str], numeric: list[bool], rows: list[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join('---:' if number else '---' for number in numeric)} |"
    for row in rows:
        yield f"| {' | '.join('' if value is None else _cell(value) for value in row)} |"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def main() -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if (new := answered(text, ROOT / "archive.db")) != text:
            page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
