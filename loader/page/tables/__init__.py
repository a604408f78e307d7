"""Detect tables in page texts: paragraphs of a body with certain columns."""

from __future__ import annotations

from loader.page.tables.find import find_tables

__all__ = ["find_tables"]
