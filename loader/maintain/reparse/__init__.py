"""Raw captures parsed again, and rows replaced where they differ."""
