"""Snapshots to rows: the SQLite file, its schema, and what is written to it."""
