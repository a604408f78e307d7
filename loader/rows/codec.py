"""The form in which raw captures are kept: compressed, with a dictionary of what pages share."""

from __future__ import annotations

from typing import Final, Protocol

from loader.zstd import CompressionParameter, ZstdCompressor, ZstdDict, ZstdError, train_dict

LEVEL: Final = 3  # 6 saves 4 % of the file and costs three times the time
# While loading, a dictionary is trained on the first captures; from a few hundred on it
# is one that later captures, too, are well served by.
MIN_TRAINING_CAPTURES: Final = 400
SAMPLE_BYTES: Final = 16 * 1024
# A dictionary takes room itself: a fortieth of what it is trained on, within these bounds.
_MIN_DICTIONARY_BYTES: Final = 8 * 1024
_MAX_DICTIONARY_BYTES: Final = 64 * 1024
_BYTES_A_DICTIONARY_BYTE: Final = 40


class Codec(Protocol):
    """Turns the bytes of a capture into those that are stored."""

    def encode(self, data: bytes) -> bytes: ...


class Plain:
    """Leaves captures as they are, for rows that are compressed later or were before."""

    def encode(self, data: bytes) -> bytes:
        return data


PLAIN: Final = Plain()


class Zstd:
    """Compresses captures, with a dictionary where there is one."""

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
    """Return a dictionary of what pages share; None where they share too little to make one."""
    beginnings = [sample[:SAMPLE_BYTES] for sample in samples]
    wanted = sum(map(len, beginnings)) // _BYTES_A_DICTIONARY_BYTE
    size = max(_MIN_DICTIONARY_BYTES, min(wanted, _MAX_DICTIONARY_BYTES))
    try:
        return train_dict(beginnings, size).dict_content
    except (ZstdError, ValueError):
        return None
