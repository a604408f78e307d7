"""Settings of Datasette for private and public servers; docs/serving.md gives the reasons."""

from __future__ import annotations

from typing import Any

_COMMON: dict[str, Any] = {
    "default_page_size": 50,
    "max_returned_rows": 5000,
    "num_sql_threads": 8,
    "facet_time_limit_ms": 200,
    "suggest_facets": False,
    "allow_csv_stream": True,
    "truncate_cells_html": 200,
    "default_cache_ttl": 5,
    "trace_debug": False,
    "template_debug": False,
    "allow_facet": True,
    "allow_download": False,
}
DESK: dict[str, Any] = {
    **_COMMON,
    "default_allow_sql": True,
    "sql_time_limit_ms": 5000,
    "max_csv_mb": 0,
}
PUBLIC: dict[str, Any] = {
    **_COMMON,
    "default_allow_sql": False,
    "sql_time_limit_ms": 800,
    "max_csv_mb": 100,
}

PLUGIN = "brecorder-archive"  # the plugin's name in metadata


def is_public(datasette: Any) -> bool:
    """Whether the server is public: `plugins: {brecorder-archive: {public: true}}`."""
    return bool((datasette.plugin_config(PLUGIN) or {}).get("public"))
