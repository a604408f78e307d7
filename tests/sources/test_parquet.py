"""Parquet corpora: selection of columns and rows, and broken files."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loader.model import Capture, Problem

URL = "https://www.brecorder.com/news/40301234"


def _write(path: Path, columns: dict[str, Any], **options: Any) -> str:
    pq.write_table(pa.table(columns), path, **options)
    return str(path)


def test_row_is_a_capture_and_its_number_the_offset(tmp_path: Path, read) -> None:
    columns = {
        "text": ["One.", "Two."],
        "url": [URL, URL],
        "timestamp": ["2024-05-03T10:15:00Z", "2024-05-04"],
        "language_score": [0.9, 0.8],
    }
    location = _write(tmp_path / "a.parquet", columns)
    assert read(location) == [
        Capture(
            data=data,
            media_type="text/plain",
            source=location,
            offset=number,
            url=URL,
            captured_at=time,
            captured_basis="column timestamp",
            charset="utf-8",
        )
        for number, (data, time) in enumerate(
            [(b"One.", "2024-05-03T10:15:00Z"), (b"Two.", "2024-05-04")]
        )
    ]


@pytest.mark.parametrize("group", [1, 3, 1000])
def test_rows_of_other_hosts_are_passed_over_and_rows_without_address_kept(
    tmp_path: Path, read, group: int
) -> None:
    urls = [URL, "https://example.com/brecorder.com", None, "http://epaper.brecorder.com/", "x"]
    columns = {"text": [str(number) for number in range(5)], "url": urls}
    location = _write(tmp_path / "a.parquet", columns, row_group_size=group)
    assert [(item.data, item.offset) for item in read(location)] == [
        (b"0", 0),
        (b"2", 2),
        (b"3", 3),
    ]
    assert len(read(location, hosts=("*",))) == 5


def test_text_of_row_groups_without_a_wanted_address_is_not_read(
    tmp_path: Path, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {
        "text": ["a", "b", "c"],
        "url": ["https://example.com/", URL, "https://example.com/"],
    }
    location = _write(tmp_path / "a.parquet", columns, row_group_size=1)
    asked = []
    iter_batches = pq.ParquetFile.iter_batches

    def counted(self: Any, *args: Any, **options: Any) -> Any:
        if "text" in options["columns"]:
            asked.append(options["row_groups"])
        return iter_batches(self, *args, **options)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", counted)
    assert [item.data for item in read(location)] == [b"b"]
    assert asked == [[1]]


@pytest.mark.parametrize("within", [None, "meta"])
def test_columns_of_oscar_in_structs_are_found(tmp_path: Path, read, within: str | None) -> None:
    headers = {"warc-target-uri": URL, "warc-date": "2024-05-03T10:15:00Z"}
    columns = {
        "content": ["A text."],
        within or "warc_headers": [{"warc_headers": headers} if within else headers],
    }
    (capture,) = read(_write(tmp_path / "a.parquet", columns))
    assert (capture.url, capture.captured_at) == (URL, "2024-05-03T10:15:00Z")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (pa.array([datetime(2024, 5, 3, 10, 15, tzinfo=timezone.utc)]), "2024-05-03T10:15:00Z"),
        (pa.array([datetime(2024, 5, 3, 10, 15)], pa.timestamp("ns")), "2024-05-03T10:15:00Z"),
        (pa.array([datetime(2024, 5, 3).date()]), "2024-05-03"),
        (pa.array([1714731300]), "2024-05-03T10:15:00Z"),
        (pa.array(["20240503101500"]).dictionary_encode(), "2024-05-03T10:15:00Z"),
    ],
)
def test_dates_of_any_type_are_read(tmp_path: Path, read, values: pa.Array, wanted: str) -> None:
    columns = {"text": ["A text."], "date": values}
    (capture,) = read(_write(tmp_path / "a.parquet", columns))
    assert capture.captured_at == wanted


@pytest.mark.parametrize(
    "impossible",
    [
        pa.array([2**62] * 3, pa.timestamp("us")),
        pa.array([-(2**62)] * 3, pa.timestamp("ms", "Asia/Karachi")),
        pa.array([2**31 - 1] * 3, pa.int32()).cast(pa.date32()),
        pa.array([2**31 - 1] * 3, pa.int32()).cast(pa.time32("s")),
        pa.array([2**62] * 3, pa.duration("ms")),
        pa.array([[2**62]] * 3, pa.list_(pa.timestamp("us"))),
    ],
)
def test_dates_beyond_any_calendar_are_problems_and_their_rows_are_kept(
    tmp_path: Path, read, impossible: pa.Array
) -> None:
    columns = {"text": ["a", "b", "c"], "url": [URL] * 3, "date": impossible}
    items = read(_write(tmp_path / "a.parquet", columns))
    captures = [item for item in items if isinstance(item, Capture)]
    assert [(item.data, item.captured_at) for item in captures] == [
        (b"a", None),
        (b"b", None),
        (b"c", None),
    ]
    problems = [item for item in items if isinstance(item, Problem)]
    assert [(item.kind, item.offset) for item in problems] == [("bad-date", n) for n in range(3)]


def test_date_beyond_any_calendar_leaves_the_other_rows_their_dates(tmp_path: Path, read) -> None:
    date = pa.array([1714731300_000000, 2**62, None], pa.timestamp("us"))
    items = read(_write(tmp_path / "a.parquet", {"text": ["a", "b", "c"], "date": date}))
    captures = [item for item in items if isinstance(item, Capture)]
    assert [item.captured_at for item in captures] == ["2024-05-03T10:15:00Z", None, None]
    assert [item.kind for item in items if isinstance(item, Problem)] == ["bad-date"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Asia/Karachi", "+05:00"])
def test_instant_is_in_utc_whatever_the_zone_of_its_column(tmp_path: Path, read, zone: str) -> None:
    instants = pa.array([1714731300_000000], pa.timestamp("us", zone or None))
    nested = pa.StructArray.from_arrays([instants], ["timestamp"])
    for column, values in (("date", instants), ("meta", nested)):
        location = _write(tmp_path / f"{column}.parquet", {"text": ["A text."], column: values})
        (capture,) = read(location)
        assert capture.captured_at == "2024-05-03T10:15:00Z"


def _strings(*values: bytes) -> pa.Array:
    """Strings that no one has checked, as a careless writer leaves them."""
    return pa.array(values, pa.binary()).view(pa.string())


@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize(
    ("column", "what"), [("text", "a text"), ("url", "an address"), ("meta", "an address")]
)
def test_row_that_is_not_utf8_is_refused_alone(
    tmp_path: Path, read, column: str, what: str, dictionary: bool
) -> None:
    address = URL.encode()
    columns = {
        "text": _strings(b"One.", b"\xc3\xa4\xff.", b"Three."),
        "url": _strings(*[address] * 3),
    }
    if column != "text":
        columns["text"] = _strings(b"One.", b"Two.", b"Three.")
        columns["url"] = _strings(address, address + b"/\xff", address)
    if column == "meta":
        columns["meta"] = pa.StructArray.from_arrays([columns.pop("url")], ["url"])
    location = _write(tmp_path / "a.parquet", columns, use_dictionary=dictionary)
    first, problem, last = read(location)
    assert (first.data, last.data) == (b"One.", b"Three.")
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.offset) == ("not-utf8", 1)
    place = 2 if column == "text" else len(URL) + 1
    assert problem.detail == f"Row 1 has {what} that is not UTF-8 at its byte {place}."


def test_other_rows_that_are_not_utf8_do_not_matter(tmp_path: Path, read) -> None:
    columns = {
        "text": _strings(b"One.", b"Two\xff"),
        "url": _strings(URL.encode(), b"https://example.com/\xff/brecorder.com"),
    }
    (capture,) = read(_write(tmp_path / "a.parquet", columns))
    assert capture.data == b"One."


def test_date_that_is_not_utf8_is_a_bad_date(tmp_path: Path, read) -> None:
    columns = {"text": ["A text."], "date": _strings(b"2024-05-03\xff")}
    capture, problem = read(_write(tmp_path / "a.parquet", columns))
    assert (capture.data, capture.captured_at) == (b"A text.", None)
    assert problem.kind == "bad-date"


def test_structs_that_are_null_have_no_address_and_no_date(tmp_path: Path, read) -> None:
    meta = [None, {"url": URL, "date": "2024-05-03"}]
    items = read(_write(tmp_path / "a.parquet", {"text": ["a", "b"], "meta": meta}))
    assert [(item.url, item.captured_at) for item in items] == [(None, None), (URL, "2024-05-03")]


def test_rows_without_text_or_readable_date_are_problems(tmp_path: Path, read) -> None:
    columns = {"text": [None, " ", "A text."], "date": [None, None, "some day"]}
    items = read(_write(tmp_path / "a.parquet", columns))
    kinds = [item.kind for item in items if isinstance(item, Problem)]
    assert kinds == ["no-text", "empty", "bad-date"]
    assert [item.offset for item in items] == [0, 1, 2, 2]


def test_table_without_rows_is_a_problem(tmp_path: Path, read) -> None:
    (problem,) = read(_write(tmp_path / "a.parquet", {"text": pa.array([], pa.string())}))
    assert (problem.kind, problem.detail) == ("empty", "The file holds no rows.")


def test_rows_of_other_hosts_alone_are_no_problem(tmp_path: Path, read) -> None:
    columns = {"url": ["https://www.example.org/1"], "text": ["A text."]}
    assert read(_write(tmp_path / "a.parquet", columns)) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"url": [URL]},
        {"text": [1], "url": [URL]},
        {"text": [["a", "list"]]},
        {"text": [{"a": "struct"}]},
    ],
)
def test_missing_column_or_wrong_type_is_told_with_the_columns_there_are(
    tmp_path: Path, read_to_fault, columns: dict[str, Any]
) -> None:
    items, fault = read_to_fault(_write(tmp_path / "a.parquet", columns))
    assert items == []
    assert "has no text column" in fault.fault
    assert next(iter(columns)) in fault.fault
    assert "--text-column" in fault.remedy


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("text", "--text-column"),
        ("url", "--url-column"),
        ("date", "--date-column"),
        ("meta.url", "--url-column"),
    ],
)
def test_two_columns_of_one_name_are_told_with_what_to_do(
    tmp_path: Path, read_to_fault, name: str, option: str
) -> None:
    names = ["text", "url", name, name] if "." in name else ["text", "url", "date", name]
    values = [pa.array([URL])] * 4
    pq.write_table(pa.Table.from_arrays(values, names), tmp_path / "a.parquet")
    items, fault = read_to_fault(str(tmp_path / "a.parquet"))
    assert items == []
    assert fault.fault == f"has more than one column {name}"
    assert option in fault.remedy


@pytest.mark.parametrize("names", [["meta", "meta"], ["meta", "other"]])
def test_two_fields_of_one_name_in_structs_are_told(
    tmp_path: Path, read_to_fault, names: list[str]
) -> None:
    fields = ["url", "url"] if "other" in names else ["url"]
    struct = pa.StructArray.from_arrays([pa.array([URL])] * len(fields), fields)
    table = pa.Table.from_arrays([pa.array(["A text."]), struct, struct], ["text", *names])
    pq.write_table(table, tmp_path / "a.parquet")
    _, fault = read_to_fault(str(tmp_path / "a.parquet"))
    assert fault.fault == "has more than one column meta.url"


def test_two_columns_of_a_name_that_is_not_looked_for_do_not_matter(tmp_path: Path, read) -> None:
    names = ["body", "text", "text", "source", "source"]
    table = pa.Table.from_arrays([pa.array(["A text."])] * 5, names)
    pq.write_table(table, tmp_path / "a.parquet")
    (capture,) = read(str(tmp_path / "a.parquet"), text_column="body")
    assert capture.data == b"A text."


def test_column_named_by_the_user_is_the_only_one_looked_at(tmp_path: Path, read) -> None:
    columns = {"text": ["not this"], "body": ["but this"], "link": [URL]}
    location = _write(tmp_path / "a.parquet", columns)
    (capture,) = read(location, text_column="body", url_column="link")
    assert (capture.data, capture.url) == (b"but this", URL)


def test_address_column_of_a_wrong_type_counts_as_none(tmp_path: Path, read) -> None:
    (capture,) = read(_write(tmp_path / "a.parquet", {"text": ["A text."], "url": [17]}))
    assert capture.url is None


@pytest.mark.parametrize("cut", [4, 20, 200])
def test_cut_off_footer_is_an_error(tmp_path: Path, read_to_fault, cut: int) -> None:
    path = tmp_path / "a.parquet"
    _write(path, {"text": ["A text."] * 50, "url": [URL] * 50})
    path.write_bytes(path.read_bytes()[:-cut])
    items, fault = read_to_fault(str(path))
    assert items == []
    assert "no whole Parquet file" in fault.fault


def test_damaged_pages_are_an_error_and_groups_before_are_kept(
    tmp_path: Path, read_to_fault
) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"Text {number} " * 50 for number in range(40)]
    _write(path, {"text": texts}, row_group_size=20, use_dictionary=False)
    start = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    data[start : start + 60] = b"\xff" * 60
    path.write_bytes(data)
    items, _ = read_to_fault(str(path))
    assert len(items) == 20


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1PAR1", b"<html>" * 30])
def test_file_that_is_no_parquet_is_an_error(tmp_path: Path, read_to_fault, data: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    _, fault = read_to_fault(str(path))
    assert "no whole Parquet file" in fault.fault


TEXT_TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.binary(),
    pa.large_binary(),
    pa.binary_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int32(), pa.binary()),
]


def _typed(values: list[str | None], kind: pa.DataType) -> pa.Array:
    array = pa.array(values, pa.string())
    if pa.types.is_dictionary(kind):
        return array.cast(kind.value_type).dictionary_encode()
    return array.cast(kind)


@pytest.mark.parametrize("kind", TEXT_TYPES, ids=str)
def test_strings_of_every_type_are_read_as_text_address_and_date(
    tmp_path: Path, read, kind: pa.DataType
) -> None:
    columns = {
        "text": _typed(["One.", None, "A longer text, past twelve bytes: کراچی"], kind),
        "url": _typed([URL, URL, "https://example.com/x"], kind),
        "date": _typed(["2024-05-03T10:15:00Z", None, "2024-05-04"], kind),
    }
    location = _write(tmp_path / "a.parquet", columns)
    one, problem = read(location)
    assert (one.data, one.url, one.captured_at) == (b"One.", URL, "2024-05-03T10:15:00Z")
    assert problem.kind == "no-text"
    *_, last = read(location, hosts=("*",))
    assert last.data.decode() == "A longer text, past twelve bytes: کراچی"
    assert last.captured_at == "2024-05-04"


@pytest.mark.parametrize("kind", TEXT_TYPES[:6], ids=str)
def test_strings_of_every_type_are_read_within_structs(
    tmp_path: Path, read, kind: pa.DataType
) -> None:
    meta = pa.StructArray.from_arrays([_typed([URL], kind)], names=["url"])
    location = _write(tmp_path / "a.parquet", {"text": _typed(["One."], kind), "meta": meta})
    (capture,) = read(location)
    assert (capture.data, capture.url) == (b"One.", URL)


@pytest.mark.parametrize("kind", [pa.binary_view(), pa.binary()], ids=str)
def test_bytes_that_are_no_utf8_cost_only_their_row(
    tmp_path: Path, read, kind: pa.DataType
) -> None:
    values = pa.array([b"One.", b"\xff\xfe", b"Three."], pa.binary()).cast(kind)
    urls = pa.array([URL.encode(), URL.encode(), b"\xff"], pa.binary()).cast(kind)
    items = read(_write(tmp_path / "a.parquet", {"text": values, "url": urls}))
    assert [getattr(item, "kind", "capture") for item in items] == ["capture", "not-utf8"]
