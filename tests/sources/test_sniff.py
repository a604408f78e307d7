"""Named sources of unsupported kinds are refused; others are recognised by their bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.errors import SourceError
from loader.sources import Skipped, Source, find_sources
from loader.sources.readers.markup import feed_root
from loader.sources.readers.sniff import NoKind, sniffed_kind

Write = Callable[[str, bytes], str]


def office(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


REFUSED = {
    "a.pdf": (b"%PDF-1.7\n%\xe2\xe3\n", "PDF"),
    "ascii.pdf": (b"%PDF-1.4\n1 0 obj << >> endobj", "PDF"),
    "a.docx": (office("[Content_Types].xml", "word/document.xml"), "Office"),
    "a.xlsx": (office("docProps/app.xml", "xl/workbook.xml"), "Office"),
    "unnamed-office": (office("xl/workbook.xml"), "Office"),
    "a.odt": (office("mimetype", "content.xml"), "Office"),
    "a.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "Office"),
    "a.rtf": (b"{\\rtf1 Text}", "RTF"),
    "a.tar": (b"page.txt" + bytes(249) + b"ustar\x0000" + bytes(200), "tar archive; unpack it"),
    "a.mbox": (b"From a@x.example Fri May  3 10:15:00 2024\nSubject: x\n\nA text.", "mailbox"),
    "a.arc": (b"filedesc://a.arc 0.0.0.0 20050614070144 text/plain 77\n1 0 X\n", "ARC file"),
    "legend.cdx": (b" CDX N b a m s k r M S V g\ncom,a)/ 2024", "index of captures"),
    "a.cdxj": (b'com,brecorder)/news/4030 20240503101500 {"status": "200"}\n', "index of captures"),
    "pretty.json": (b'{\n  "text": "A text."\n}\n', "over several lines"),
    "a.png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image"),
    "a.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
    "a.gif": (b"GIF89a\x01\0\x01\0", "image"),
    "a.webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image"),
    "a.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
    "a.bmp": (b"BM\x36\0\0\0\0\0", "image"),
    "a.db": (b"SQLite format 3\0" + bytes(80), "SQLite"),
    "a.bin": (bytes(range(256)), "binary"),
    "a.exe": (b"MZ\x90\0\x03\0\0\0", "binary"),
    "a.json": (b'[\n {"text": "A page."}\n]', "JSON"),
    "text.pdf": (b"A text.", "rename it to .txt"),
    "text.jpg": (b"A text.", "rename it to .txt"),
    "text.xlsx": (b"A text.", "rename it to .txt"),
    "style.css": (b"body { color: red }", "rename it to .txt"),
    "a.dat": (b'<?xml version="1.0"?><urlset/>', "urlset"),
    "entry": (b'<entry xmlns="http://www.w3.org/2005/Atom"><title>A</title></entry>', "entry"),
    "sitemap": (b"<!-- x -->\n<urlset\n xmlns='http://www.sitemaps.org/0.9'></urlset>", "urlset"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_named_file_of_no_kind_read_is_refused_with_words(write: Write, name: str) -> None:
    data, word = REFUSED[name]
    location = write(name, data)
    (fault,) = find_sources([location])
    assert isinstance(fault, SourceError)
    assert word in fault.fault and fault.subject == location


def test_in_a_folder_the_same_files_are_passed_over(write: Write, tmp_path: Path) -> None:
    for name, (data, _) in REFUSED.items():
        write(name, data)
    write("a.csv", b"name,price\nx,1\n")
    write("sitemap.xml", b"<?xml version='1.0'?><urlset/>")
    write("page.txt", b"A text.")
    found = list(find_sources([str(tmp_path)]))
    assert [Path(f.location).name for f in found if isinstance(f, Source)] == ["page.txt"]
    assert not [fault for fault in found if isinstance(fault, SourceError)]
    reasons = {Path(f.location).name: f.reason for f in found if isinstance(f, Skipped)}
    assert reasons["a.csv"] == "CSV without a text column"
    assert reasons["sitemap.xml"] == "XML other than a feed"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"BM and GIF8 are letters", "text"),
        (b"KSE100 1,000", "text"),
        (b"url,date,text\nx,y,z\n", "csv"),
        (b"a,b,c\n1,2,3\n", "text"),
        (b"<rss version='2.0'>", "feed"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?>\n<!-- x --><feed xmlns='x'>", "feed"),
        (b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", "feed"),
        (b"<?xml version='1.0'?><?xml-stylesheet href='x'?><rdf:RDF xmlns:rdf='x'>", "feed"),
        ("<?xml version='1.0' encoding='utf-16'?><rss>".encode("utf-16"), "feed"),
        (b"<!doctype html><html>", "html"),
        (b"<!-- c --><html>", "html"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "mhtml"),
        (b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.org\r\n\r\n", "mhtml"),
        (b"KARACHI: The rupee\nLAHORE: The other\nno header", "text"),
        (b"[1] The rupee held", "text"),
        (b"PK\x03\x04" + bytes(26) + b"page.html", "zip"),
        (b"WARC/1.0\r\n", "warc"),
        (b'{"text": 1}', "jsonl"),
        (b"", "text"),
    ],
)
def test_other_bytes_tell_a_kind(head: bytes, kind: str) -> None:
    assert sniffed_kind(head) == kind


def test_a_root_of_another_name_is_no_feed() -> None:
    for head in (
        b"<rssx>",
        b"<feeding>",
        b"<html><rss>",
        b"text <rss>",
        b"<!DOCTYPE rss [",
        b"<?x",
    ):
        assert feed_root(head) is None
    assert isinstance(sniffed_kind(b"<?xml version='1.0'?><feeding>"), NoKind)
