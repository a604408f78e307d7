"""Check what is equal in every archive: tables, indexes, triggers and the loader's own facts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

from loader.archive.light_sqlite_utils import Database
from loader.archive.migrations import migrations
from loader.archive.schema import fresh_archive, has_own_id, is_current
from loader.archive.users import failing, fits
from loader.maintain.verify.finding import DAMAGE, Finding, Remedy

_OBJECTS: Final = """
select type, name, sql from sqlite_master
where type in ('table', 'index', 'trigger') and name not like 'sqlite_stat%'
"""
_INSTRUMENTS: Final = "select symbol, kind, name, sector from instruments where name is not null"
_EVENTS: Final = """
select instruments.symbol, event, successors.symbol, date_from, date_to, source
from instrument_events
join instruments on instruments.id = instrument_id
left join instruments as successors on successors.id = new_instrument_id
"""


def schema_findings(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Yield objects and facts that differ from those of a new archive."""
    with fresh_archive() as fresh:
        if is_older(conn):
            yield Finding("schema", "is of an older version", Remedy.MIGRATE)
            return
        if not has_own_id(conn):
            fault = "lost its application id, as a reload of `.dump` does"
            yield Finding("schema", fault, Remedy.MIGRATE)
        elif not is_current(conn):
            yield Finding("schema", "has views of another version", Remedy.MIGRATE)
        wanted, stored = _objects(fresh), _objects(conn)
        for key in sorted(wanted):
            if key not in stored:
                yield Finding("schema", f"{key.kind} {key.name} is missing", key.remedy)
            elif stored[key] != wanted[key]:
                yield _differs(conn, fresh, key)
        for name, query in (("instruments", _INSTRUMENTS), ("instrument_events", _EVENTS)):
            if set(conn.execute(query)) != set(fresh.execute(query)):
                yield Finding(name, "differ from the loader's own list", Remedy.REBUILD)

    for item, error in failing(conn):
        yield Finding("views and triggers of yours", f"{item} fails: {error}", Remedy.YOURS)


class _Object(NamedTuple):
    """A table, index or trigger of the schema."""

    kind: str
    name: str

    @property
    def remedy(self) -> Remedy:
        return Remedy.SALVAGE if self.kind == "table" else Remedy.REINDEX


def _differs(conn: sqlite3.Connection, fresh: sqlite3.Connection, key: _Object) -> Finding:
    if key.kind == "table" and fits(conn, fresh, key.name):
        fault = "was recreated or extended by another tool, with all required columns"
        return Finding("schema", f"table {key.name} {fault}", Remedy.YOURS)
    return Finding("schema", f"{key.kind} {key.name} is not defined as it should be", key.remedy)


def _objects(conn: sqlite3.Connection) -> dict[_Object, str]:
    """Return the normalised statement of each table, index and trigger."""
    return {_Object(kind, name): _folded(sql or "") for kind, name, sql in conn.execute(_OBJECTS)}


def _folded(sql: str) -> str:
    """Return a statement on one line without comments.

    `alter table ... add column` appends the column to the last line, whereas a new archive has it
    on a line of its own.
    """
    return " ".join(" ".join(line.partition("--")[0] for line in sql.splitlines()).split())


def is_older(conn: sqlite3.Connection) -> bool:
    """Return whether the archive needs a migration; False if that cannot be read."""
    try:
        return bool(migrations.pending(Database(conn, execute_plugins=False)))
    except DAMAGE:
        return False


def restore_facts(conn: sqlite3.Connection) -> None:
    """Restore instruments and their events from the loader's own list."""
    with fresh_archive() as fresh:
        if set(conn.execute(_INSTRUMENTS)) != (wanted := set(fresh.execute(_INSTRUMENTS))):
            conn.executemany(_RESTORE, wanted)
        if set(conn.execute(_EVENTS)) != (events := set(fresh.execute(_EVENTS))):
            conn.execute("delete from instrument_events")
            conn.executemany(_RESTORE_EVENT, sorted(events, key=repr))


_RESTORE: Final = """
insert into instruments (symbol, kind, name, sector) values (?, ?, ?, ?)
on conflict (symbol) do update set
    kind = excluded.kind, name = excluded.name, sector = excluded.sector
"""
_RESTORE_EVENT: Final = """
insert into instrument_events
    (instrument_id, event, new_instrument_id, date_from, date_to, source)
values (
    (select id from instruments where symbol = ?), ?,
    (select id from instruments where symbol = ?), ?, ?, ?
)
"""
