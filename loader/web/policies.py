"""Content security policies (docs/serving.md)."""

from __future__ import annotations

from typing import Final

_COMMON: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
    " form-action 'self';"
)
_UNFRAMED: Final = f"{_COMMON} frame-ancestors 'none';"
# Our own pages have no inline scripts or styles.
STRICT_POLICY: Final = f"{_UNFRAMED} style-src 'self'; script-src 'self'"
# Other sites may frame charts for embedding.
EMBED_POLICY: Final = f"{_COMMON} frame-ancestors *; style-src 'self'; script-src 'self'"
# Datasette's own pages use inline scripts and styles for column menus and the SQL editor.
CORE_POLICY: Final = (
    f"{_UNFRAMED} style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"
)
# A stored page may contain anything, and must not run scripts even if opened directly.
SANDBOX_POLICY: Final = "sandbox; default-src 'none'"
# An SVG file, opened by itself, may only use its own style.
PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
