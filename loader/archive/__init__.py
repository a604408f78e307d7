"""The SQLite file: its schema, and reading and writing its rows."""
