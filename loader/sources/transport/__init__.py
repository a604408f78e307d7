"""Bytes of a source, from disk or network, decompressed."""
