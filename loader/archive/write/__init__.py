"""Write prepared rows into the archive, new ones only."""
