"""Zstandard from the standard library of Python 3.14, or from its backport on older versions.

No other module knows which of the two is in use.
"""

from __future__ import annotations

import sys
from typing import Final

if sys.version_info >= (3, 14):
    from compression.zstd import (
        CompressionParameter,
        DecompressionParameter,
        ZstdCompressor,
        ZstdDecompressor,
        ZstdDict,
        ZstdError,
        get_frame_info,
        train_dict,
    )
else:
    from backports.zstd import (
        CompressionParameter,
        DecompressionParameter,
        ZstdCompressor,
        ZstdDecompressor,
        ZstdDict,
        ZstdError,
        get_frame_info,
        train_dict,
    )

__all__ = [
    "CompressionParameter",
    "ZstdCompressor",
    "ZstdDecompressor",
    "ZstdDict",
    "ZstdError",
    "foreign_decoder",
    "get_frame_info",
    "train_dict",
]

_WINDOW_LOG: Final = 27  # 128 MiB, the default limit of `zstd -d`


def foreign_decoder(dictionary: ZstdDict | None = None) -> ZstdDecompressor:
    """Return a decoder for one frame from an untrusted writer, with bounded memory."""
    return ZstdDecompressor(dictionary, {DecompressionParameter.window_log_max: _WINDOW_LOG})
