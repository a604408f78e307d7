"""HTML pages for tests, in the structure of docs/page-format.md; everything in them is invented."""
