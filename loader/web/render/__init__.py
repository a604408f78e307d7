"""Format numbers, times and texts as HTML, and cells of CSV."""
