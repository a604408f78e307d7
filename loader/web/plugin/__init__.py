"""Routes, caching and security of the Datasette plugin."""
