"""Content security policies: which scripts may run where (docs/serving.md)."""

from __future__ import annotations

from typing import Final

_COMMON: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
    " form-action 'self';"
)
_UNFRAMED: Final = f"{_COMMON} frame-ancestors 'none';"
# Our own pages hold no inline script or style.
STRICT_POLICY: Final = f"{_UNFRAMED} style-src 'self'; script-src 'self'"
# Charts to be embedded: other sites may frame them.
EMBED_POLICY: Final = f"{_COMMON} frame-ancestors *; style-src 'self'; script-src 'self'"
# Datasette's own pages: the column menus and the SQL editor are inline scripts and styles.
CORE_POLICY: Final = (
    f"{_UNFRAMED} style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"
)
# A stored page may hold anything; nothing of it may run, even when opened in place.
SANDBOX_POLICY: Final = "sandbox; default-src 'none'"
# A chart as a file: opened by itself it may use its own style, and nothing else.
PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
