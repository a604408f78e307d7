"""WARC and WET files made with warcio, and faulty hand-written records."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import zstandard
from fastwarc.stream_io import BrotliWriter
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2024-05-03T10:15:00Z"
URL = "https://www.brecorder.com/news/40301234/a-slug"
HTML = b"<!DOCTYPE html><html><head><title>T</title></head><body><p>Text.</p></body></html>"

Record = tuple[str, str, bytes, dict[str, str], str]


def response(
    body: bytes,
    url: str = URL,
    status: str = "200 OK",
    date: str = DATE,
    **fields: str,
) -> Record:
    """Return a response; `fields` are HTTP header fields, with `_` for `-`."""
    names = {"Content-Type": "text/html; charset=utf-8"}
    names.update({name.replace("_", "-"): value for name, value in fields.items()})
    header = f"HTTP/1.1 {status}\r\n" + "".join(f"{n}: {v}\r\n" for n, v in names.items()) + "\r\n"
    warc = {"WARC-Date": date}
    return "response", url, header.encode() + body, warc, "application/http; msgtype=response"


def conversion(text: bytes, url: str = URL, date: str = DATE) -> Record:
    return "conversion", url, text, {"WARC-Date": date}, "text/plain"


def revisit(url: str = URL, date: str = "2024-05-04T10:15:00Z", **fields: str) -> Record:
    names = {name.replace("_", "-"): value for name, value in fields.items()}
    return "revisit", url, b"", {"WARC-Date": date, **names}, "application/http; msgtype=response"


def warc_bytes(records: Iterable[Record], *, compress: bool = False) -> bytes:
    """Return a WARC file written by warcio."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=compress)
    for kind, url, payload, warc_headers, content_type in records:
        record = writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_content_type=content_type,
            warc_headers_dict=warc_headers,
            http_headers=StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
            if kind == "revisit"
            else None,
        )
        writer.write_record(record)
    return file.getvalue()


def members(
    records: Iterable[Record], pack: Callable[[bytes], bytes] = gzip.compress
) -> list[bytes]:
    """Compress each record separately, to be joined with damage between them."""
    return [pack(warc_bytes([record])) for record in records]


def zstd_warc(records: Iterable[Record]) -> bytes:
    return b"".join(members(records, zstandard.compress))


def zstd_warc_with_dictionary(records: Iterable[Record], *, compress: bool) -> bytes:
    """Return a file as of the Archive Team: a skippable frame with a dictionary, then records."""
    plain = members(records, bytes)
    dictionary = zstandard.train_dictionary(4096, plain * 50)
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    data = dictionary.as_bytes()
    data = zstandard.compress(data) if compress else data
    frame = b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data
    return frame + b"".join(map(packer.compress, plain))


def raw_record(length: str | None, body: bytes = b"x" * 100, extra: bytes = b"") -> bytes:
    """Return a record with an arbitrary Content-Length."""
    header = (
        b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Date: 2024-05-03T10:15:00Z\r\n"
        b"WARC-Target-URI: https://www.brecorder.com/news/40309999\r\n"
        b"Content-Type: text/plain\r\n" + extra
    )
    if length is not None:
        header += f"Content-Length: {length}\r\n".encode()
    return header + b"\r\n" + body + b"\r\n\r\n"


def brotli(body: bytes) -> bytes:
    file = io.BytesIO()
    with BrotliWriter(file) as writer:
        writer.write(body)
    return file.getvalue()


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)
