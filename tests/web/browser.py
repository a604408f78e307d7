"""Run Debian's Chromium through Playwright, for the browser tests and the screenshots."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.reliability import is_at_length

# Only the pages under test may make requests.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
_ROWS = 12


def chromium_path() -> str | None:
    """Return the path of the browser; None if there is none on the PATH."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a headless Chromium with a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(ARGUMENTS), headless=True
        )
        try:
            yield chromium
        finally:
            chromium.close()


def too_wide(page: Any) -> list[int]:
    """Return the window widths at which an open page scrolls horizontally."""
    found = []
    for size in (DESKTOP, PHONE, SMALL):
        page.set_viewport_size(size)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(size["width"])
    return found


# Rules whose outcome depends on the size of the window or on the colour scheme.
_OF_SIGHT = ("color-contrast", "scrollable-region-focusable", "meta-viewport")


def barriers(page: Any) -> list[str]:
    """Return axe's findings on an open page: of all rules on a desktop, of some on a dark phone.

    At length all rules are applied on both. Only the first rows of a table stay on the page, since
    the others are like them. Skips the test if axe is not installed.
    """
    module = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.locator(f"tbody tr:nth-child(n+{_ROWS + 1})").evaluate_all(
        "rows => rows.forEach(row => row.remove())"
    )
    found = []
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if size == PHONE and not is_at_length():
            options["runOnly"] = list(_OF_SIGHT)
        found += [
            f"{size['width']} {scheme} {fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in module.Axe().run(page, options=options).response["violations"]
            for node in fault["nodes"]
        ]
    return found
