"""Content security policies: which scripts may run where (docs/serving.md)."""

from __future__ import annotations

from typing import Final

_COMMON: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none';"
)
# Our own pages hold no inline script. Bokeh writes style elements, hence inline styles.
STRICT_POLICY: Final = f"{_COMMON} script-src 'self'"
# Datasette's own pages: the column menus and the SQL editor are inline scripts.
CORE_POLICY: Final = f"{_COMMON} script-src 'self' 'unsafe-inline'"
# A stored page may hold anything; nothing of it may run, even when opened in place.
SANDBOX_POLICY: Final = "sandbox; default-src 'none'"
