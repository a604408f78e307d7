"""Read the period of a page: a range up to the latest day, or from one day to another."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from loader.web.data.archive_db import ArchiveDb
from loader.web.data.parameters import day, text
from loader.web.errors import PageError
from loader.web.pages.coverage import span

RANGES: Final = {"1m": 31, "3m": 92, "6m": 183, "1y": 365, "all": None}  # days
RANGE_NAMES: Final = {
    "1m": "1 month", "3m": "3 months", "6m": "6 months", "1y": "1 year", "all": "All",
}  # fmt: skip
_USUAL: Final = "1y"
_BEGINNING: Final = datetime.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, and the request for them: `range`, or `date_from` and `date_to`."""

    first: datetime.date
    last: datetime.date
    range: str
    date_from: str = ""
    date_to: str = ""

    @property
    def ids(self) -> tuple[int, int]:
        """First and last day as integers such as 20240503."""
        first, last = (int(value.strftime("%Y%m%d")) for value in (self.first, self.last))
        return first, last

    @property
    def dates(self) -> tuple[str, str]:
        """First and last day as texts such as 2024-05-03."""
        return self.first.isoformat(), self.last.isoformat()

    @property
    def parameters(self) -> dict[str, str]:
        """Parameters that select the same period."""
        if self.date_from or self.date_to:
            asked = {"from": self.date_from, "to": self.date_to}
            return {name: value for name, value in asked.items() if value}
        return {"range": self.range}

    @property
    def query(self) -> str:
        """The parameters as a query string."""
        return urlencode(self.parameters)

    @property
    def selection(self) -> dict[str, str]:
        """The period as parameters of the view daily_prices."""
        return dict(zip(("date__gte", "date__lte"), self.dates, strict=True))

    def as_json(self) -> dict[str, str | None]:
        """Return first and last day, and the requested range."""
        first, last = self.dates
        return {"from": first, "to": last, "range": self.range or None}


async def period_of(archive: ArchiveDb, request: Any, usual: str = _USUAL) -> Period:
    """Return the period of a request; from and to take precedence over range."""
    length = text(request, "range") or usual
    if length not in RANGES:
        raise PageError(400, "Unknown choice", f"range must be one of {', '.join(RANGES)}.")
    last_day = (await span(archive))["last_day"]
    latest = datetime.date.fromisoformat(last_day) if last_day else _BEGINNING
    date_from, date_to = (_asked_day(request, name) for name in ("from", "to"))
    if date_from or date_to:
        first, last = date_from or _BEGINNING, date_to or max(latest, date_from or latest)
        if first > last:
            raise PageError(400, "No such period", f"{first} is later than {last}.")
        return Period(
            first, last, "", *(day.isoformat() if day else "" for day in (date_from, date_to))
        )
    days = RANGES[length]
    return Period(latest - datetime.timedelta(days=days) if days else _BEGINNING, latest, length)


def _asked_day(request: Any, name: str) -> datetime.date | None:
    asked = text(request, name)
    found = day(asked)
    if asked and found is None:
        raise PageError(400, "No such date", f"{name} is a day, written as 2024-05-03.")
    return found
