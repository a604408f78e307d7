"""Archives to archives: merge, share, parse again, verify, compact, export."""
