"""Steps that migrate an older archive to the present schema (sql/schema.sql).

A new archive is created from sql/schema.sql, with every step recorded as applied. Steps run within
one transaction of `schema.migrate`, with foreign keys off and old-style renames, so that a table
can be recreated under its name while others refer to it.

Steps import their dependencies inside: importing parser and dating would take half of each
command's start-up time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from loader.archive.light_sqlite_utils import Database, Migrations
from loader.archive.scripts import read_sql, run_sql, statements, without_comments
from loader.archive.users import Rename
from loader.rows.facts import read_facts

APPLICATION_ID: Final = 0x42524543  # "BREC", by which `file` and this loader identify an archive

migrations = Migrations("loader")


@migrations(name="001_tables")
def _tables(db: Database) -> None:
    run_sql(db.conn, "migrations/001_tables.sql")
    db.conn.execute(f"pragma application_id = {APPLICATION_ID}")


@migrations(name="002_instruments")
def _instruments(db: Database) -> None:
    add_facts(db.conn)


def _add_script(name: str) -> None:
    """Add a step that only runs the script of its name."""

    @migrations(name=name)
    def step(db: Database) -> None:
        run_sql(db.conn, f"migrations/{name}.sql")


for _name in (
    "003_listings", "004_dating", "005_web", "006_crawls", "007_reliability", "008_faster_loads",
):  # fmt: skip
    _add_script(_name)


@migrations(name="009_exact_rows")
def _exact_rows(db: Database) -> None:
    from loader.rows.claims import claim_digest

    conn = db.conn
    _set_aside(conn, MADE_ANEW["009_exact_rows"])
    _drop_fts_triggers(conn)
    conn.execute("drop table articles_fts")
    _create_missing(conn, "migrations/009_tables.sql")
    conn.create_function("claim_digest", 12, claim_digest, deterministic=True)
    run_sql(conn, "migrations/009_exact_rows.sql")
    _drop_set_aside(conn, MADE_ANEW["009_exact_rows"])
    conn.execute("insert into articles_fts (articles_fts) values ('rebuild')")


@migrations(name="010_article_parts")
def _article_parts(db: Database) -> None:
    from loader.archive.write.article_dates import settle_dates

    conn = db.conn
    _drop_fts_triggers(conn)
    run_sql(conn, "migrations/010_article_parts.sql")
    _create_missing(conn, "schema.sql", only="articles_")
    _create_missing(conn, "schema.sql", only="snapshots_")
    settle_dates(conn)


@migrations(name="011_board_states")
def _board_states(db: Database) -> None:
    from loader.archive.dating.lines import note_third_moves
    from loader.archive.dating.times import reload_sessions

    conn = db.conn
    _set_aside(conn, MADE_ANEW["011_board_states"])
    _create_missing(conn, "schema.sql")
    run_sql(conn, "migrations/011_board_states.sql")
    _drop_set_aside(conn, MADE_ANEW["011_board_states"])
    note_third_moves(conn)
    reload_sessions(conn)


_add_script("012_small_changes")


@migrations(name="013_names_and_values")
def _names_and_values(db: Database) -> None:
    """Find mentions again, with spans, in headlines and summaries too, and read stated values."""
    from loader.archive.dating.times import cover
    from loader.archive.dating.values import note_values, reports_of_values
    from loader.archive.write.mentions import write_mentions

    conn = db.conn
    _create_missing(conn, "schema.sql")
    article_ids = [row[0] for row in conn.execute("select id from articles order by id")]
    write_mentions(conn, article_ids)
    reports = reports_of_values(conn, article_ids)
    sessions = cover(conn, reports.days, reload=False)
    note_values(conn, article_ids, reports.article_ids, sessions)


@migrations(name="014_article_versions")
def _article_versions(db: Database) -> None:
    """Distinguish versions of a page from captures that differ only by extraction."""
    from loader.archive.page_versions import settle_versions

    _create_missing(db.conn, "schema.sql", only="text_versions")
    _create_missing(db.conn, "schema.sql", only="version_forms")
    _create_missing(db.conn, "schema.sql", only="teasers_unlinked")
    settle_versions(db.conn)


@migrations(name="015_article_links")
def _article_links(db: Database) -> None:
    """Find copies and later wraps among all texts."""
    from loader.archive.write.likenesses import link_all

    conn = db.conn
    _set_aside(conn, MADE_ANEW["015_article_links"])
    _create_missing(conn, "schema.sql")
    run_sql(conn, "migrations/015_article_links.sql")
    link_all(conn)


@migrations(name="016_credits")
def _credits(db: Database) -> None:
    """Read the credits in bylines, count articles, and make the next load date all boards again."""
    from loader.archive.credits import credit_all

    _create_missing(db.conn, "schema.sql", only="credits")
    _create_missing(db.conn, "schema.sql", only="article_counts")
    # Filled by a reparse: older loaders did not read links within sentences.
    _create_missing(db.conn, "schema.sql", only="text_links")
    credit_all(db.conn)
    # A copy that `loader share` made may lack the evidence.
    db.conn.execute("delete from dating_state where not exists (select 1 from provenance)")


# Tables that a step recreates under their names, which would lose columns added by users.
MADE_ANEW: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "009_exact_rows": (
            "loads", "trading_days", "boards", "quotes", "articles", "article_claims", "mentions",
            "snapshots", "covid_counters", "revisits", "problems", "session_changes", "closes",
            "stated_closes", "board_groups", "board_indices", "group_links", "day_witnesses",
            "read_sources", "provenance",
        ),
        "010_article_parts": ("articles", "snapshots"),
        "011_board_states": (
            "boards", "sessions", "stated_closes", "board_indices", "day_witnesses",
        ),
        "015_article_links": ("read_sources",),
    }
)  # fmt: skip
_INDEXES_OF: Final = (
    "select name from sqlite_master where type = 'index' and tbl_name = ? and sql is not null"
)

# Renames of step 009, for users' views, indexes and triggers.
RENAMED: Final = (
    *(Rename("loads", f"{name}s", f"{name}_count") for name in ("capture", "snapshot", "duplicate",
        "problem")),
    Rename("trading_days", "boards", "board_count"),
    Rename("boards", "quotes", "quote_count"),
    Rename("boards", "advancers", "advancer_count"),
    Rename("boards", "decliners", "decliner_count"),
    Rename("boards", "unchanged", "unchanged_count"),
    Rename("boards", "is_one_line", "is_single_quote"),
    Rename("boards", "is_stale", "has_stale_shares"),
    Rename("quotes", "limit_ok", "within_daily_limit"),
    Rename("mentions", "count", "mention_count"),
    Rename("snapshots", "url", "reported_url"),
    Rename("revisits", "url", "reported_url"),
    Rename("stated_closes", "date", "date_to"),
    Rename("board_groups", "boards", "board_count"),
    *(Rename("board_groups", f"{index}_{old}", f"{index}_base_{new}_hundredths")
        for index in ("kse100", "kse30", "br100", "br30")
        for old, new in (("low", "min"), ("high", "max"))),
    *(Rename("board_indices", name, f"{name}_hundredths")
        for index in ("kse100", "kse30", "br100", "br30") for name in (index, f"{index}_base")),
    Rename("board_indices", "share_prices", "share_prices_hash"),
    Rename("board_indices", "share_bases", "share_bases_hash"),
    Rename("group_links", "indices", "index_count"),
    Rename("group_links", "shares_equal", "equal_share_count"),
    Rename("group_links", "shares_common", "common_share_count"),
    Rename("day_witnesses", "date", "date_to"),
    Rename("day_witnesses", "captures", "capture_count"),
    Rename("day_witnesses", "accepted", "is_accepted"),
    *(Rename("provenance", f"{name}s", f"{name}_count") for name in ("snapshot", "board", "quote",
        "article")),
    Rename("session_changes", "", "session_overrides", is_table=True),
)  # fmt: skip


def _set_aside(conn: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Rename tables to old_NAME, and drop their indexes to free the names."""
    for table in tables:
        for (name,) in conn.execute(_INDEXES_OF, (table,)).fetchall():
            conn.execute(f'drop index "{name}"')
        conn.execute(f"alter table {table} rename to old_{table}")


def _drop_set_aside(conn: sqlite3.Connection, tables: Iterable[str]) -> None:
    for table in tables:
        conn.execute(f"drop table old_{table}")


def _drop_fts_triggers(conn: sqlite3.Connection) -> None:
    for event in ("insert", "delete", "update"):
        conn.execute(f"drop trigger if exists articles_fts_{event}")


def _create_missing(conn: sqlite3.Connection, script: str, only: str = "") -> None:
    """Create objects of a script that the archive lacks: tables, then indexes and triggers.

    `only` restricts them to names with this prefix.
    """
    stored = {row[0] for row in conn.execute("select name from sqlite_master")}
    made: set[str] = set()
    for statement in map(without_comments, statements(read_sql(script))):
        words = statement.replace("(", " ").split()
        if words[0] == "insert":
            name = words[2]
            is_wanted = name in made
        else:
            name = words[3] if words[1] in ("virtual", "unique") else words[2]
            is_wanted = name not in stored and name.startswith(only)
            if is_wanted:
                made.add(name)
        if is_wanted:
            conn.execute(statement)


def create_all(db: Database) -> None:
    """Create the present tables in an empty database, and record every step as done."""
    run_sql(db.conn, "schema.sql")
    add_facts(db.conn)
    db.conn.execute(f"pragma application_id = {APPLICATION_ID}")
    migrations.ensure_migrations_table(db)
    db.conn.executemany(
        "insert into _sqlite_migrations (migration_set, name, applied_at)"
        " values ('loader', ?, datetime('now'))",
        [(migration.name,) for migration in migrations._migrations],
    )


def add_facts(conn: sqlite3.Connection) -> None:
    """Add the loader's own list of instruments, and the events in their history."""
    conn.executemany(
        "insert into instruments (symbol, kind, name, sector)"
        " values (:symbol, :kind, :name, nullif(:sector, ''))",
        read_facts("instruments.csv"),
    )
    events = list(read_facts("instrument_events.csv"))
    # Delisted symbols that only events name are instruments too.
    conn.executemany(
        "insert or ignore into instruments (symbol, kind) values (?, 'share')",
        ((symbol,) for row in events for symbol in (row["symbol"], row["new_symbol"]) if symbol),
    )
    conn.executemany(
        """
        insert into instrument_events
            (instrument_id, event, new_instrument_id, date_from, date_to, source)
        values (
            (select id from instruments where symbol = :symbol), :event,
            (select id from instruments where symbol = :new_symbol),
            nullif(:date_from, ''), nullif(:date_to, ''), :source
        )
        """,
        events,
    )
