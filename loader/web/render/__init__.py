"""Figures, times, texts and charts as HTML and SVG."""
