"""HTML pages for tests, in the structure of FORMAT.md section 6; everything in them is invented."""
