"""Zstandard as Python 3.14 has it, and its backport for the versions before.

The one place that knows which of them there is.
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

_WINDOW_LOG: Final = 27  # 128 MiB, the most that `zstd -d` takes by itself


def foreign_decoder() -> ZstdDecompressor:
    """Return a decoder of one frame that somebody else wrote, with bounded memory."""
    return ZstdDecompressor(options={DecompressionParameter.window_log_max: _WINDOW_LOG})
