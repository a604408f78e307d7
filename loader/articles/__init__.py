"""Texts beside each other: what an editor changed, and which texts are versions of a page."""
