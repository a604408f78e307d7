"""Readers, one module for each format: bytes to captures."""
