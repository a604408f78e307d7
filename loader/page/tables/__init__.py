"""Tables of page texts: the paragraphs of a body whose columns are certain."""

from __future__ import annotations

from loader.page.tables.find import find_tables

__all__ = ["find_tables"]
