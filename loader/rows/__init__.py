"""Snapshots to rows: the values that the archive's tables hold, made without a database."""
