"""Tables of portals that are read page by page: what they hold, and one page of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from veedor.errors import FetchError, phrase
from veedor.fetching.client import Client, Read
from veedor.fetching.record import Asked
from veedor.fetching.unpacking import BrokenAnswerError
from veedor.incidents.layouts import Ckan, Socrata

_MOST_TEXT = 1_000_000


@dataclass(frozen=True)
class Mark:
    """A state of a table: how many rows, and what changes when they change."""

    rows: int
    version: str


@dataclass(frozen=True)
class Page:
    """Rows of a table, in the order of their ids, the id first."""

    rows: list[list[str]]

    @property
    def ids(self) -> set[str]:
        """Ids of the rows."""
        return {row[0] for row in self.rows}


class PagedTable(Protocol):
    """A table that is read page by page."""

    url: str
    request: Asked
    whole_pages: bool

    def columns(self) -> list[str]:
        """Return names of the columns, the id of a row first."""

    def left_out(self) -> list[str]:
        """Return names of columns about persons that are not asked for."""

    def mark(self) -> Mark:
        """Return the present state of the table."""

    def page(self, first: int, size: int) -> Page:
        """Return at most `size` rows from position `first` on; perhaps fewer than there are."""

    def wanted(self, row: list[str]) -> bool:
        """Whether a row is asked for; what the portal could not be asked is asked here."""


class SocrataTable:
    """A dataset of a Socrata portal, by SODA 2.1 or, with an application token, SODA 3.

    Rows are ordered by ``:id``, as https://dev.socrata.com/docs/paging asks for.

    Parameters
    ----------
    client : Client
    portal : Socrata
    since, until : date
        From the first day on, and before the second, if there is one.
    persons : callable
        Given names of columns, returns those about persons.
    version : str
        ``"2.1"`` or ``"3"``.
    """

    def __init__(
        self,
        client: Client,
        portal: Socrata,
        since: date,
        until: date | None,
        persons: Callable[[Sequence[str]], list[str]],
        version: str,
    ) -> None:
        where = [f"{portal.since} >= '{since.isoformat()}T00:00:00'"]
        if until is not None:
            where.append(f"{portal.since} < '{until.isoformat()}T00:00:00'")
        self._client = client
        self._server = portal.server
        self._dataset = portal.dataset
        self._where = " AND ".join(where)
        self._persons = persons
        self._seen: tuple[list[str], list[str]] | None = None
        self.whole_pages = version == "3"  # pages have numbers there
        self.url = (
            f"{portal.server}/api/v3/views/{portal.dataset}/query.json"
            if self.whole_pages
            else f"{portal.server}/resource/{portal.dataset}.json"
        )
        self.request = Asked(url=self.url, where=self._where, order=":id")

    def columns(self) -> list[str]:
        """Return names of the columns, the id of a row first."""
        return [":id", *self._columns()[0]]

    def left_out(self) -> list[str]:
        """Return names of columns about persons that are not asked for."""
        return self._columns()[1]

    def mark(self) -> Mark:
        """Return the number of rows asked for, and when rows last changed."""

        def count(answer: Any) -> int:
            try:
                (counted,) = answer
                (text,) = counted.values()
                return int(text)
            except (ValueError, TypeError, AttributeError) as error:
                raise BrokenAnswerError(phrase("an answer that is no number of rows")) from error

        rows = self._ask("count(*)", count, order=False)
        return Mark(rows, str(self._about().get("rowsUpdatedAt", "")))

    def page(self, first: int, size: int) -> Page:
        """Return at most `size` rows from position `first` on."""
        columns = self.columns()

        def read(answer: Any) -> Page:
            return _page(answer, columns)

        return self._ask(", ".join(columns), read, first=first, size=size)

    def wanted(self, row: list[str]) -> bool:  # noqa: ARG002 - the portal was asked
        """Return whether a row is asked for."""
        return True

    def _ask(
        self,
        select: str,
        read: Callable[[Any], Read],
        *,
        order: bool = True,
        first: int = 0,
        size: int | None = None,
    ) -> Read:
        if self.whole_pages:
            ordered = " ORDER BY :id" if order else ""
            body: dict[str, Any] = {
                "query": f"SELECT {select} WHERE {self._where}{ordered}",
                "includeSynthetic": False,
            }
            if size is not None:
                body["page"] = {"pageNumber": first // size + 1, "pageSize": size}
            return self._client.json(self.url, read, body=body)
        fields = {"$select": select, "$where": self._where}
        if order:
            fields["$order"] = ":id"
        if size is not None:
            fields |= {"$limit": str(size), "$offset": str(first)}
        return self._client.json(self.url, read, fields)

    def _about(self) -> dict[str, Any]:
        def read(answer: Any) -> dict[str, Any]:
            if not isinstance(answer, dict) or not isinstance(answer.get("columns"), list):
                raise BrokenAnswerError(phrase("an answer that does not describe the dataset"))
            return answer

        return self._client.json(f"{self._server}/api/views/{self._dataset}.json", read)

    def _columns(self) -> tuple[list[str], list[str]]:
        if self._seen is None:
            names = [
                str(column["fieldName"])
                for column in self._about()["columns"]
                if not str(column["fieldName"]).startswith(":")
            ]
            persons = self._persons(names)
            self._seen = ([name for name in names if name not in persons], persons)
        return self._seen


class CkanTable:
    """A table of a CKAN portal's datastore, by ``datastore_search``.

    A page may hold fewer rows than asked for: portals cap it and do not say so
    (``ckan.datastore.search.rows_max``). Days cannot be asked for, so rows are looked at here.
    """

    whole_pages = False

    def __init__(
        self,
        client: Client,
        portal: Ckan,
        since: date,
        until: date | None,
        persons: Callable[[Sequence[str]], list[str]],
    ) -> None:
        self._client = client
        self._resource = portal.resource
        self._field = portal.since
        self._since = since.isoformat()
        self._until = None if until is None else until.isoformat()
        self._persons = persons
        self._seen: tuple[list[str], list[str]] | None = None
        self.url = f"{portal.server}/api/3/action/datastore_search"
        self.request = Asked(
            url=self.url,
            resource=portal.resource,
            since=self._since,
            until=self._until,
            sort="_id",
        )

    def columns(self) -> list[str]:
        """Return names of the columns, the id of a row first."""
        return ["_id", *self._columns()[0]]

    def left_out(self) -> list[str]:
        """Return names of columns about persons that are not asked for."""
        return self._columns()[1]

    def mark(self) -> Mark:
        """Return the number of rows, and the largest id."""

        def read(found: dict[str, Any]) -> Mark:
            try:
                last = found["records"][0]["_id"] if found["records"] else None
                return Mark(int(found["total"]), str(last))
            except (KeyError, ValueError, TypeError) as error:
                raise BrokenAnswerError(phrase("an answer without a number of rows")) from error

        return self._ask({"limit": "1", "sort": "_id desc", "fields": "_id"}, read)

    def page(self, first: int, size: int) -> Page:
        """Return at most `size` rows from position `first` on."""
        columns = self.columns()
        asked = {
            "limit": str(size),
            "offset": str(first),
            "sort": "_id",
            "fields": ",".join(columns),
        }
        return self._ask(asked, lambda found: _page(found["records"], columns))

    def wanted(self, row: list[str]) -> bool:
        """Return whether a row is of the days asked for; one without a readable day is."""
        day = row[self.columns().index(self._field)][:10] if self._field in self.columns() else ""
        if len(day) < 10 or day[4] != "-":
            return True
        return day >= self._since and (self._until is None or day < self._until)

    def _ask(self, fields: dict[str, str], read: Callable[[dict[str, Any]], Read]) -> Read:
        def within(answer: Any) -> Read:
            found = answer.get("result") if isinstance(answer, dict) else None
            if not isinstance(found, dict) or not isinstance(found.get("records"), list):
                raise BrokenAnswerError(phrase("an answer without records"))
            return read(found)

        return self._client.json(self.url, within, {"resource_id": self._resource, **fields})

    def _columns(self) -> tuple[list[str], list[str]]:
        if self._seen is None:
            names = self._ask(
                {"limit": "1"},
                lambda found: [str(one["id"]) for one in found["fields"] if one["id"] != "_id"],
            )
            persons = self._persons(names)
            self._seen = ([name for name in names if name not in persons], persons)
        return self._seen


def _page(rows: Any, columns: list[str]) -> Page:
    """Return the rows of an answer, if each has an id."""
    key = columns[0]
    if not isinstance(rows, list):
        raise BrokenAnswerError(phrase("an answer that is no list of rows"))
    if not all(isinstance(row, dict) and row.get(key) is not None for row in rows):
        raise BrokenAnswerError(phrase("rows without {key}", key=key))
    texts = [[_text(row.get(name)) for name in columns] for row in rows]
    if any(sum(map(len, row)) > _MOST_TEXT for row in texts):
        raise FetchError(
            phrase(
                "A row of a portal must hold at most {most_text:,} letters.", most_text=_MOST_TEXT
            ),
            found=phrase("more"),
            remedy="see whether the portal has moved the table; --server names another address",
        )
    return Page(texts)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "")
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
