"""Compress raw captures for storage, with a dictionary of text common to pages."""

from __future__ import annotations

from typing import Final, Protocol

from loader.zstd import CompressionParameter, ZstdCompressor, ZstdDict, ZstdError, train_dict

LEVEL: Final = 3  # 6 saves 4 % of the file and costs three times the time
# During a load, a dictionary is trained on the first captures; a few hundred make one that suits
# later captures as well.
MIN_TRAINING_CAPTURES: Final = 400
SAMPLE_BYTES: Final = 16 * 1024
# A dictionary is stored too, so its size is a fortieth of its training data, within these bounds.
_MIN_DICTIONARY_BYTES: Final = 8 * 1024
_MAX_DICTIONARY_BYTES: Final = 64 * 1024
_BYTES_A_DICTIONARY_BYTE: Final = 40


class Codec(Protocol):
    """An encoder from the bytes of a capture to those in the archive."""

    def encode(self, data: bytes) -> bytes: ...


class Plain:
    """A codec that leaves captures unchanged, for rows that are compressed earlier or later."""

    def encode(self, data: bytes) -> bytes:
        return data


PLAIN: Final = Plain()


class Zstd:
    """A codec that compresses captures, with a dictionary if there is one."""

    def __init__(self, dictionary: bytes | None = None, level: int = LEVEL) -> None:
        options: dict[int, int] = {
            CompressionParameter.compression_level: level,
            CompressionParameter.checksum_flag: 1,
        }
        self._zstd = ZstdCompressor(
            options=options, zstd_dict=ZstdDict(dictionary) if dictionary else None
        )

    def encode(self, data: bytes) -> bytes:
        return self._zstd.compress(data, ZstdCompressor.FLUSH_FRAME)


def train_dictionary(samples: list[bytes]) -> bytes | None:
    """Return a dictionary trained on samples; None if they have too little in common."""
    beginnings = [sample[:SAMPLE_BYTES] for sample in samples]
    wanted = sum(map(len, beginnings)) // _BYTES_A_DICTIONARY_BYTE
    size = max(_MIN_DICTIONARY_BYTES, min(wanted, _MAX_DICTIONARY_BYTES))
    try:
        return train_dict(beginnings, size).dict_content
    except (ZstdError, ValueError):
        return None
