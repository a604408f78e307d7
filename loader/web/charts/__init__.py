"""Draw daily series as SVG on the server, and prepare their data for the script.

prices -> Series -> Layout (scales, ticks) -> SVG for a page, SVG for a file, data for the script
"""
