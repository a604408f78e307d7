"""From what a user names to sources."""
