"""CSV: columns by name, any delimiter and charset, and a problem for each invalid row."""

from __future__ import annotations

import codecs
import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import Source, find_sources, read_captures
from loader.sources.readers.csv_split import Rows
from loader.sources.source import MAX_CAPTURE_BYTES, ReadOptions

Write = Callable[[str, bytes], str]
HEADER = "url,date,text\n"
ROWS = [
    ["https://www.brecorder.com/news/40300001", "2024-05-03T10:15:00Z", "One line."],
    ["https://www.brecorder.com/news/40300002", "2024-05-04", 'Two\n\nparagraphs, "quoted".'],
    ["https://www.brecorder.com/news/40300003", "", "کراچی"],
]


def table(rows: list[list[str]], header: str = HEADER, delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return header.replace(",", delimiter) + file.getvalue()


def texts(items: list[Capture | Problem]) -> list[str]:
    return [item.data.decode() for item in items if isinstance(item, Capture)]


def kinds(items: list[Capture | Problem]) -> list[str]:
    return [item.kind for item in items if isinstance(item, Problem)]


def test_each_row_is_a_capture(write: Write, read) -> None:
    location = write("a.csv", table(ROWS).encode())
    items = read(location)
    assert items[0] == Capture(
        data=b"One line.",
        media_type="text/plain",
        source=location,
        offset=len(HEADER),
        url=ROWS[0][0],
        captured_at="2024-05-03T10:15:00Z",
        captured_basis="column date",
        charset="utf-8",
    )
    assert texts(items) == [row[2] for row in ROWS]
    assert [item.captured_at for item in items] == ["2024-05-03T10:15:00Z", "2024-05-04", None]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz", "a.csv.zst"])
def test_any_delimiter_and_compression(write: Write, read, delimiter: str, name: str) -> None:
    location = write(name, table(ROWS, delimiter=delimiter).encode())
    assert texts(read(location)) == [row[2] for row in ROWS]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
        lambda text: ("\n\n" + text).encode(),
    ],
)
def test_any_charset_and_line_end(write: Write, read, encode: Callable[[str], bytes]) -> None:
    rows = [[ROWS[0][0], "2024-05-03", "The rupee held – at last"], [ROWS[1][0], "", "Two"]]
    assert texts(read(write("a.csv", encode(table(rows))))) == [row[2] for row in rows]


def test_windows_1252_is_read_as_that(write: Write, read) -> None:
    data = table([[ROWS[0][0], "", "It’s “so”"]]).encode("cp1252")
    assert texts(read(write("a.csv", data))) == ["It’s “so”"]
    bad = table([["u", "", "A"], ["u", "", "B"]]).encode().replace(b"A", b"\x81")
    items = read(write("b.csv", bad))
    assert (kinds(items), texts(items)) == (["not-utf8"], ["B"])


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("URL,Timestamp,Text\n", {}),
        ('"source_url";"crawl_date";"content"\n', {}),
        ("url , date , text \n", {}),
        ("link,seen,body\n", {"text_column": "body", "url_column": "link", "date_column": "seen"}),
        ("a,b,Full Text\n", {"text_column": "full text", "url_column": "A", "date_column": "b"}),
    ],
)
def test_columns_are_found_or_named(
    write: Write, read, header: str, options: dict[str, str]
) -> None:
    delimiter = ";" if ";" in header else ","
    body = table(ROWS[:1], "", delimiter)
    (capture,) = read(write("a.csv", (header + body).encode()), **options)
    assert (capture.data, capture.url, capture.captured_at) == (
        b"One line.", ROWS[0][0], "2024-05-03T10:15:00Z",
    )  # fmt: skip


def test_a_column_of_html_gives_pages(write: Write, read) -> None:
    (capture,) = read(write("a.csv", b"url,html\nu,<p>Text</p>\n"))
    assert capture.media_type == "text/html"
    (capture,) = read(write("a.csv", b'url,text\nu,"<!DOCTYPE html><html>x"\n'))
    assert capture.media_type == "text/html"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"symbol,close\nABCD,12.34\n", "no text column; its columns are symbol, close"),
        (b"", "no text column"),
        (b"\n\n", "no text column"),
        (b"%PDF-1.4 x", "PDF"),
        (b"PK\x03\x04" + bytes(60), "zip"),
        (b"<!DOCTYPE html><html>Log in</html>", "html"),
        (b"\0\1\2\3", "binary"),
        (b"A page text.\n\nNo table at all.\n", "no text column"),
    ],
)
def test_a_named_file_without_texts_is_refused(
    write: Write, read_to_fault, data: bytes, word: str
) -> None:
    items, fault = read_to_fault(write("a.csv", data))
    assert items == []
    assert word in fault.fault


@pytest.mark.parametrize(
    "header", ["url,text,text\n", "text,url,Url,url\n", "date,text,date,url\n"]
)
def test_two_columns_of_one_name_are_refused(write: Write, read_to_fault, header: str) -> None:
    items, fault = read_to_fault(write("a.csv", (header + "a,b,c,d\n").encode()))
    assert items == [] and "more than one column" in fault.fault


def test_two_columns_that_nobody_looks_for_may_have_one_name(write: Write, read) -> None:
    assert texts(read(write("a.csv", b"x,text,x,Text\n1,A,2,B\n"))) == ["A"]


BROKEN = [
    ('u1,d,"never closed\n', ["bad-csv"]),
    ('u1,d,"closed" but not at its end\n', ["bad-csv"]),
    ('u1,d,"He said "so" there"\n', ["bad-csv"]),
    ('u1,"d,text\nmore, of, it\nand more\n', ["bad-csv"]),
    ("u1,only two\n", ["bad-csv"]),
    ("u1,d,an unquoted, comma\n", ["bad-csv"]),
    ('"\n', ["bad-csv"]),
    ("u1,d,\n", ["empty"]),
    ("u1,d,   \n", ["empty"]),
]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(("row", "wanted"), BROKEN)
def test_a_broken_row_costs_no_other(
    write: Write, read, row: str, wanted: list[str], ends: str
) -> None:
    data = table(ROWS[:2]) + row + table(ROWS, "")
    items = read(write("a.csv", data.replace("\n", ends).encode()))
    assert kinds(items) == wanted
    rows = [text.replace("\r\n", "\n") for text in texts(items)]
    assert rows == [each[2] for each in ROWS[:2] + ROWS]
    (problem,) = [item for item in items if isinstance(item, Problem)]
    assert problem.detail.startswith("The row in line 6 ")
    assert problem.excerpt is not None


def test_a_broken_last_row_is_told(write: Write, read) -> None:
    items = read(write("a.csv", (table(ROWS) + 'u,d,"cut off in the mid').encode()))
    assert (len(texts(items)), kinds(items)) == (3, ["bad-csv"])


def test_more_empty_fields_than_columns_are_none(write: Write, read) -> None:
    assert texts(read(write("a.csv", b"url,text\nu,A,,\nu,B\n"))) == ["A", "B"]


def test_a_bad_date_is_told_and_the_capture_kept(write: Write, read) -> None:
    items = read(write("a.csv", b"url,date,text\nu,yesterday,A\n"))
    assert (texts(items), kinds(items)) == (["A"], ["bad-date"])


def test_a_header_alone_is_an_empty_file(write: Write, read) -> None:
    assert kinds(read(write("a.csv", HEADER.encode()))) == ["empty"]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_field_of_a_hundred_megabytes_costs_no_other_row(
    tmp_path: Path, read, quoted: bool
) -> None:
    path = tmp_path / "a.csv"
    quote = '"' if quoted else ""
    with path.open("w") as file:
        file.write(table(ROWS[:1]) + "https://a.org/1,," + quote)
        for _ in range(100):
            file.write(("x" * 1023 + ("\n" if quoted else " ")) * 1024)
        file.write(quote + "\n" + table(ROWS[1:], ""))
    tracemalloc.start()
    items = read(str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (kinds(items), texts(items)) == (["too-large"], [row[2] for row in ROWS])
    assert "104,857," in next(i.detail for i in items if isinstance(i, Problem))
    assert peak < 6 * MAX_CAPTURE_BYTES


def test_a_quote_left_open_before_many_rows_costs_its_own(write: Write, read) -> None:
    rows = [[f"https://www.brecorder.com/news/4030{n:04}", "", "Text " * 600] for n in range(9000)]
    data = HEADER + 'u,d,"never closed\n' + table(rows, "").replace('"', "")
    assert len(data) > MAX_CAPTURE_BYTES + 2**20
    items = read(write("a.csv", data.encode()))
    assert (kinds(items), len(texts(items))) == (["bad-csv"], 9000)


def test_what_another_program_wrote_is_read_as_it_was(write: Write, read) -> None:
    # As pandas writes an index, and Excel quotes everything.
    assert texts(read(write("a.csv", b",url,text\n0,u,A\n1,u,B\n"))) == ["A", "B"]
    assert texts(read(write("b.csv", b'"url";"text"\r\n"u";"A;B"\r\n'))) == ["A;B"]
    assert texts(read(write("c.csv", b"text\nA\nB\n"))) == ["A", "B"]
    assert texts(read(write("d.csv", b"url,text\ru,A\ru,B\r"))) == ["A", "B"]


def test_a_pipe_of_csv_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(table(ROWS).encode())))
    items = list(read_captures(Source("-", "stdin"), ReadOptions()))
    assert texts(items) == [row[2] for row in ROWS]  # type: ignore[arg-type]


def test_a_truncated_gzip_gives_the_rows_before(tmp_path: Path, read_to_fault) -> None:
    import gzip

    many = [[f"https://a.org/{n}", "", f"Text {n * 7919 % 1000}"] for n in range(50_000)]
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(table(many).encode())[:-5000])
    items, fault = read_to_fault(str(path))
    assert len(texts(items)) > 10_000 and "ends in the middle" in fault.fault


def _blocks(data: bytes, size: int) -> Iterator[bytes]:
    return iter([data[start : start + size] for start in range(0, len(data), size)])


CELLS = st.text(st.sampled_from('ab ",;\n\r"é'), max_size=8)


@settings(max_examples=300)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6),
    size=st.integers(1, 9),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_comes_back(rows: list[list[str]], size: int, ends: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows(rows)
    split = Rows(_blocks(file.getvalue().encode(), size))
    found = [[f.decode() for f in row.fields] for row in split.rows(b",", lambda _: False)]
    assert found == rows


@settings(max_examples=300)
@given(data=st.binary(max_size=60), size=st.integers(1, 7))
def test_any_bytes_are_rows_whatever_the_blocks(data: bytes, size: int) -> None:
    noise = data.translate(bytes(b'a,"\n\r bc'[n % 8] for n in range(256)))

    def rows(blocks: Iterator[bytes]) -> list[object]:
        return list(Rows(blocks).rows(b",", lambda fields: len(fields) == 2))

    assert rows(_blocks(noise, size)) == rows(iter([noise]))


def test_a_directory_gives_its_tables_of_texts(write: Write, tmp_path: Path) -> None:
    write("a.csv", table(ROWS).encode())
    write("b.csv", b"weblink,tale\nu,A\n")
    found = [f for f in find_sources([str(tmp_path)]) if isinstance(f, Source)]
    assert [Path(f.location).name for f in found] == ["a.csv"]
    named = ReadOptions(text_column="tale")
    found = [f for f in find_sources([str(tmp_path)], named) if isinstance(f, Source)]
    assert [Path(f.location).name for f in found] == ["b.csv"]


def test_an_unreadable_table_is_a_source_error(tmp_path: Path) -> None:
    (fault,) = find_sources([str(tmp_path / "none.csv")])
    assert isinstance(fault, SourceError)
