"""Take screenshots for the README: `python -m tests.web.make_screenshots FOLDER`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from loader.cli import main as loader_command
from loader.web.server import make_datasette
from tests.conftest import ROOT
from tests.web.browser import DESKTOP, PHONE, browser
from tests.web.conftest import serving, with_ids

SHOTS: dict[str, tuple[str, dict[str, Any]]] = {
    "home": ("/", {"viewport": {"width": 1280, "height": 1080}}),
    "symbol": ("/symbol/OGDC", {"viewport": DESKTOP}),
    "compare": ("/symbol/KSE100?with=OGDC&with=HBL&from=2024-03-01", {"viewport": DESKTOP}),
    "sector": ("/sector/technology-communication", {"viewport": DESKTOP}),
    "day": ("/day/2024-05-10", {"viewport": DESKTOP}),
    "article": ("/archive/articles/{b705899a}", {"viewport": DESKTOP}),
    "board": ("/archive/boards/{1742d79e}", {"viewport": DESKTOP}),
    "search": ("/search?q=oil+OR+gold", {"viewport": DESKTOP}),
    "home-dark": ("/", {"viewport": DESKTOP, "color_scheme": "dark"}),
    "home-phone": ("/", {"viewport": PHONE}),
    "symbol-phone": ("/symbol/OGDC", {"viewport": PHONE}),
}


def main() -> None:
    """Load the samples, serve them, and take a screenshot of each page."""
    target = Path(sys.argv[1]).absolute()
    os.chdir(ROOT)  # so that pages name the sources as tests/samples
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "archive.db"
        result = CliRunner().invoke(loader_command, ["load", "tests/samples", "--db", str(db)])
        if result.exit_code:
            raise SystemExit(result.output)
        with serving(make_datasette(db)) as address, browser() as chromium:
            for name, (path, options) in SHOTS.items():
                context = chromium.new_context(**options)
                page = context.new_page()
                page.goto(address + with_ids(path, db))
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(600)
                page.screenshot(path=target / f"{name}.png")
                context.close()


if __name__ == "__main__":
    main()
