"""The version of the package.

It has a module of its own, since every room needs it and none may import the library above it.
"""

__version__ = "0.1.0"
