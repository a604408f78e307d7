"""An S3 store for tests, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def s3_store() -> Iterator[Any]:
    """Serve an empty store for this process and its children; yield a boto3 client.

    s3fs keeps a connection and its listings for each set of options, and the address comes from
    the environment: without a clean cache it would ask the store of an earlier test.
    """
    moto_server = pytest.importorskip("moto.server")
    import boto3
    from s3fs import S3FileSystem

    server = moto_server.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        S3FileSystem.clear_instance_cache()
        yield boto3.client("s3")
        S3FileSystem.clear_instance_cache()
    server.stop()
