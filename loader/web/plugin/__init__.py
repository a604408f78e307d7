"""Routes, caching and security that the Datasette plugin registers."""
