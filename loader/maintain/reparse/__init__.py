"""Reparse raw captures, and replace rows that differ."""
