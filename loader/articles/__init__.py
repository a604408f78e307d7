"""Texts beside each other: versions of a page, copies and later wraps; pure, from words alone."""
