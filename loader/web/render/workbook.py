"""Write rows as an Excel file, in which text is never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST: Final = 40  # characters


def as_workbook(rows: Iterable[Sequence[Any]], notes: Sequence[str]) -> bytes:
    """Return a workbook of two sheets: the rows, starting with the header, and the notes."""
    import xlsxwriter  # takes a tenth of a second, and is rarely needed

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet("figures")
        bold = workbook.add_format({"bold": True})
        widths: list[int] = []
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row, bold if number == 0 else None)
            widths = widths or [len(str(name)) for name in row]
            widths = [max(a, len(str(b))) for a, b in zip(widths, row, strict=True)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, _WIDEST) + 2)
        sheet.freeze_panes(1, 0)
        about = workbook.add_worksheet("about")
        about.set_column(0, 0, 100)
        about.write_column(0, 0, notes)
    return file.getvalue()
