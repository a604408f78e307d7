"""`loader load --cluster`: load on a Dask cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final

import click

from loader.archive.archive import Archive
from loader.archive.write.batch import Counts
from loader.cli.options import locations, read_options
from loader.ingest.load import LoadPlan, LoadResult
from loader.maintain.merge import merge_into

_LOCAL: Final = "local"


def require_parts(cluster: str | None, parts: str | None) -> None:
    """Raise UsageError if --parts is missing for a cluster, or --cluster for --parts."""
    if parts is not None and cluster is None:
        raise click.UsageError("--parts needs --cluster.")
    if parts is None and cluster not in {None, _LOCAL}:
        raise click.UsageError(
            "--cluster needs --parts, a folder that all machines can reach; or --cluster local."
        )


def on_cluster(
    db: Path,
    timeout: float,
    cluster: str,
    parts: str | None,
    plan: LoadPlan,
    values: dict[str, Any],
    progress: Callable[[int], None],
) -> LoadResult:
    """Load sources into an archive on a cluster; see `load_on_cluster`."""
    try:
        from loader.ingest.cluster import ClusterPlan, load_on_cluster
    except ImportError as error:
        raise click.ClickException(
            f"--cluster needs {error.name}: pip install 'brecorder-archive[cluster]'"
        ) from error

    with Archive.open(db, timeout) as archive, _folder(db, parts) as folder:

        def fold(part: Path) -> Counts:
            counts = merge_into(archive, part, timeout, date=False)
            if parts is None:
                part.unlink()
            return counts

        address = None if cluster == _LOCAL else cluster
        return load_on_cluster(
            archive,
            locations(values),
            read_options(values),
            ClusterPlan(folder, address, plan.workers, plan.reread),
            fold,
            progress,
            warn=lambda line: click.echo(line, err=True),
        )


def _folder(db: Path, parts: str | None) -> AbstractContextManager[str]:
    """Return the folder for parts: the given one, or a temporary one beside the archive."""
    if parts is not None:
        return nullcontext(parts)
    return tempfile.TemporaryDirectory(prefix=f".{db.name}-parts-", dir=db.absolute().parent)
