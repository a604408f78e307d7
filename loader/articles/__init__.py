"""Compare texts by their words: versions of a page, copies and later wraps; pure functions."""
