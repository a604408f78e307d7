"""The version of the package.

It stands in a module of its own because every room needs it and no room may import the library
above it.
"""

__version__ = "0.1.0"
