"""`loader serve`: show the archive in the browser."""

from __future__ import annotations

import errno
import signal
import socket
import threading
import webbrowser
from contextlib import nullcontext
from pathlib import Path

import click

from loader.archive.connection import DEFAULT_TIMEOUT
from loader.cli.options import TEXT, db_option
from loader.cli.stops import Stopped
from loader.errors import LoaderError
from loader.maintain.migrated_copy import at_present_schema

_IMMUTABLE = (
    "Its folder is read-only, so the file is opened as immutable: changes that are only in a -wal"
    " file beside it are missing, and nothing may be loaded meanwhile."
)


@click.command("serve")
@db_option
@click.option(
    "--host", type=TEXT, default="127.0.0.1", show_default=True, help="Address to listen on."
)
@click.option("--port", "-p", default=8001, show_default=True, type=click.IntRange(0, 65535),
              help="Port to listen on; 0 for any free one.")  # fmt: skip
@click.option("--public", is_flag=True,
              help="Settings for a public server: no free SQL, shorter time limits.")  # fmt: skip
@click.option("--base-url", type=TEXT, default="/", show_default=True,
              help="Path prefix behind a proxy, such as /recorder/.")  # fmt: skip
@click.option("--open", "open_browser", is_flag=True, help="Open the address in a browser.")
def serve_command(
    db: Path, host: str, port: int, public: bool, base_url: str, open_browser: bool
) -> None:
    """Serve the archive with Datasette until Ctrl-C: tables, views, search, SQL, JSON, CSV.

    The file may have any name; in addresses it is called `archive`. A loader may append to it
    meanwhile. An archive of an older schema is served from a migrated copy, until a load
    migrates the file. With --public, visitors cannot send SQL and queries end after 0.8 seconds
    (docs/serving.md).

    \b
    Example:
        loader serve --open
        loader serve --db other.db --port 8010
        loader serve --public --host 0.0.0.0
    """
    # Imported here, since Datasette takes half a second to import.
    from loader.web.server import make_datasette, needs_immutable, run

    # A file that can only be opened as immutable cannot be migrated in a copy.
    is_immutable = needs_immutable(db)
    with nullcontext(db) if is_immutable else at_present_schema(db, DEFAULT_TIMEOUT) as ready:
        if ready != db:
            click.echo(f"{db}: of an older schema, so a copy is served; `loader load` updates it")
        datasette = make_datasette(ready, public, base_url)
        port = _free_port(host, port)
        shown_host = f"[{host}]" if ":" in host else host
        address = f"http://{shown_host}:{port}/"
        click.echo(f"{db} at {address}  (Ctrl-C stops)")
        if is_immutable:
            click.echo(_IMMUTABLE, err=True)
        if open_browser:
            threading.Timer(1.0, webbrowser.open, [address]).start()
        try:
            run(datasette, host, port)
        except Stopped as stop:
            if stop.number != signal.SIGINT:
                raise


def _free_port(host: str, port: int) -> int:
    """Return the port, or a free one for 0. Raises LoaderError if it cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            remedy = "choose another with --port" if error.errno == errno.EADDRINUSE else ""
            fault = error.strerror or str(error)
            raise LoaderError(f"{host} port {port}", fault, remedy) from error
        return int(probe.getsockname()[1])
