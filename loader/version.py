"""The version of the package, apart from the library that `import loader` gives.

Every room needs it, and none of them may import the library above it.
"""

__version__ = "0.1.0"
