"""Maintain archives: merge, share, reparse, verify, compact, export."""
