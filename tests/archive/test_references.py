"""Each foreign key of the schema is known to the rules for deleting rows."""

from __future__ import annotations

from loader.archive.references import INFERRED, NEEDED_BY, OWNED, Key
from loader.archive.schema import fresh_archive


def test_every_foreign_key_is_named_once() -> None:
    with fresh_archive() as fresh:
        stored = {
            Key(table, column)
            for (table,) in fresh.execute("select name from sqlite_master where type = 'table'")
            for column, key in fresh.execute(
                'select "from", "to" from pragma_foreign_key_list(?)', (table,)
            )
            if key == "id"
        }
    named = [key for keys in (*NEEDED_BY.values(), *OWNED.values()) for key in keys]
    known = [*named, *INFERRED]
    # Mentions and lines belong to their text or board, and keep the instrument that they name.
    assert len(known) == len(set(known))
    assert set(known) == stored
