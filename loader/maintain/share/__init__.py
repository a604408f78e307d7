"""Copies of an archive for others."""
