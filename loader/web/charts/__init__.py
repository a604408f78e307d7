"""Charts: series of days drawn as SVG on the server, and the figures that a script may show.

prices -> Series -> Layout (scales, ticks) -> SVG for a page, SVG for a file, data for the script
"""
