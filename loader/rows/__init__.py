"""Convert snapshots to rows, the values of the archive's tables, without a database."""
