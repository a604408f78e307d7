"""Read the decompressed bytes of a source from disk or network."""
