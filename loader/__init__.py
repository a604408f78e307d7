"""Captures of Business Recorder pages in, one queryable SQLite file out."""

__version__ = "0.1.0"
