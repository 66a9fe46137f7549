"""One batch of a scan to the columns of `Incidents`, and the rows that are set aside."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from veedor.arrays import Bools, Ints
from veedor.incidents import tally as reasons
from veedor.incidents.categories import plain
from veedor.incidents.columns import Source
from veedor.incidents.identifiers import MOST_BYTES, Ids, as_integers, as_text
from veedor.incidents.intervals import Intervals, coded, codes_of, numbers
from veedor.incidents.places import NO_COORDINATES, OTHER_ZONE, REASONS, Projector
from veedor.incidents.spool import AnyArray
from veedor.incidents.tally import Tally
from veedor.tables.database import NULL_WORDS
from veedor.tables.personal import Screen

Codes = npt.NDArray[np.uint8]

#: Bits of a row's notes, beside those about its time: its reason for having no place.
PLACE_BITS = np.uint16(0b1111)
_REMEMBERED = 100_000
_MOST_COUNT = 1_000


class BatchReader:
    """Turns batches into columns; remembers what was counted."""

    def __init__(self, source: Source, tally: Tally) -> None:
        self.tally = tally
        self.intervals = Intervals(source.time_zone, in_utc=source.offset == "utc")
        roles = source.columns.roles()
        self.projector = Projector(
            source.crs,
            source.input_crs if {"x", "point"} & set(roles) else "EPSG:4326",
            None if source.layout is None else source.layout.extent,
        )
        self.screens: dict[str, Screen] = {
            role: Screen(role, roles[role], distinct=role not in ("id", "incident"))
            for role in ("id", "incident", "category", "known_by")
            if role in roles
        }
        self._reasons: list[str] = list(_ASIDE)
        self._index = source.category_index()
        self._zones = source.zones
        self._categories: dict[str, int] = {}
        self._known: set[str] = set()
        self._swapped: list[AnyArray] = []

    def columns(
        self, batch: pa.RecordBatch, first: int
    ) -> tuple[dict[str, AnyArray], dict[str, Ids]]:
        """Give the columns of the incidents that are kept, and their ids by role.

        Parameters
        ----------
        batch : RecordBatch
            As `scan` yields it.
        first : int
            Position of its first row over all files.
        """
        n = len(batch)
        names = set(batch.schema.names)
        aside = np.zeros(n, dtype=np.uint8)
        columns: dict[str, AnyArray] = {"row": np.arange(first, first + n, dtype=np.int64)}
        self._flags(batch, aside)
        columns["category"] = self._category(batch, names, aside)
        columns["start"], columns["end"], columns["notes"] = self.intervals.of(
            batch, names, lambda rows, reason: self._put(aside, rows, reason)
        )
        ids = {role: self._ids(batch, role, aside) for role in ("id", "incident") if role in names}
        chosen = self._chosen(batch, names, aside)
        for code, why in enumerate(self._reasons, start=1):
            self.tally.put_aside(why, np.flatnonzero(aside == code) + first)
        if chosen is not None:
            exact = columns["end"] is columns["start"]
            columns = {name: values[chosen] for name, values in columns.items()}
            if exact:
                columns["end"] = columns["start"]

        def kept(name: str) -> AnyArray:
            values: AnyArray = numbers(batch, name)
            return values if chosen is None else values[chosen]

        if "reported_at_t" in names:
            columns["reported_at"] = self.intervals.reported(
                kept("reported_at_t"), kept("reported_at_k"), columns["start"], self.tally
            )
        if "place_k" in names:
            columns["x_m"], columns["y_m"], reason = self._place(
                kept("place_x"), kept("place_y"), kept("place_k")
            )
            columns["notes"] = columns["notes"] | reason
            if "zone" in names:
                raw = batch["zone"] if chosen is None else batch["zone"].take(pa.array(chosen))
                self._count_unlocated(raw, reason > 0)
        elif "zone" in names:
            raw = batch["zone"]
            columns["x_m"], columns["y_m"], reason = self._zoned(
                raw if chosen is None else raw.take(pa.array(chosen))
            )
            columns["notes"] = columns["notes"] | reason
        else:
            nowhere = np.full(len(columns["row"]), np.nan)
            columns["x_m"], columns["y_m"] = nowhere, nowhere
            columns["notes"] = columns["notes"] | np.uint16(1)
        if "precision" in names:
            columns["precision_m"] = kept("precision").astype(np.float32)
        if "known_by" in names:
            raw = batch["known_by"]
            self._count_known_by(
                raw if chosen is None else raw.take(pa.array(chosen)), columns["category"]
            )
        if chosen is not None:
            ids = {role: all_of_them.take(chosen) for role, all_of_them in ids.items()}
            if "id" in ids:
                ids["id"] = _apart(ids["id"], chosen)
        return columns, ids

    @property
    def degrees(self) -> bool:
        """Whether coordinates are in degrees."""
        return self.projector.geographic

    def refuse_personal(self) -> None:
        """Refuse the columns that hold personal data, by what was seen so far.

        Raises
        ------
        PersonalDataRefusal
        """
        for screen in self.screens.values():
            screen.refuse()

    def swapped(self) -> AnyArray:
        """Where suspects would lie if latitude and longitude were swapped, shape (m, 2)."""
        return np.concatenate(self._swapped) if self._swapped else np.empty((0, 2))

    def _flags(self, batch: pa.RecordBatch, aside: Codes) -> None:
        """Count what the layout mended, and set aside what it sets aside."""
        for name in batch.schema.names:
            what, _, label = name.partition(" ")
            if what == "mended":
                self.tally.mended[label] += pc.sum(batch[name]).as_py() or 0
            elif what == "aside":
                self._put(aside, numbers(batch, name), label)

    def _chosen(self, batch: pa.RecordBatch, names: set[str], aside: Codes) -> Ints | None:
        """Give the rows that are kept, each as often as it counts; None for every row once."""
        if "count" not in names:
            return None if not aside.any() else np.flatnonzero(aside == 0)
        count = numbers(batch, "count")
        whole = (count >= 1) & (count <= _MOST_COUNT) & (count == np.floor(count))
        self._put(aside, count == 0, reasons.NO_INCIDENTS)
        self._put(aside, ~whole, reasons.BAD_COUNT)
        kept = np.flatnonzero(aside == 0)
        chosen: Ints = np.repeat(kept, count[kept].astype(np.int64))
        self.tally.counted_more += len(chosen) - len(kept)
        return chosen

    def _category(self, batch: pa.RecordBatch, names: set[str], aside: Codes) -> AnyArray:
        if "category" not in names:
            return np.zeros(len(batch), dtype=np.int16)
        coded_texts = coded(batch["category"])
        values = coded_texts.dictionary.to_pylist()
        codes = codes_of(coded_texts)
        counts = np.bincount(codes, minlength=len(values) + 1)
        fresh = [value for value in values if value not in self._categories]
        if fresh:
            if len(self._categories) > _REMEMBERED:
                self._categories.clear()
            self.screens["category"].look(pa.array(fresh, pa.string()))
            for value in fresh:
                index = self._index.get(plain(value), -2 if value in NULL_WORDS else -1)
                self._categories[value] = index
        table = np.array([self._categories[value] for value in values] + [-2], dtype=np.int16)
        for value, count, index in zip(values, counts.tolist(), table.tolist(), strict=False):
            if index > -2:
                counter = self.tally.values if index >= 0 else self.tally.other_values
                self.tally.count_value(counter, value, count)
        category = table[codes]
        self._put(aside, category == -1, reasons.OTHER_CATEGORY)
        self._put(aside, category == -2, reasons.NO_CATEGORY)
        return category

    def _place(self, x: AnyArray, y: AnyArray, kind: AnyArray) -> tuple[AnyArray, AnyArray, Codes]:
        x_m, y_m, reason = self.projector.project(x, y, kind)
        if reason.any():
            suspects = np.column_stack(self.projector.swapped(x, y, kind))
            if len(suspects):
                self._swapped.append(suspects)
        return x_m, y_m, reason

    def _zoned(self, raw: pa.StringArray) -> tuple[AnyArray, AnyArray, Codes]:
        """Give the point inside the zone that each row names."""
        if self._zones is None:
            raise AssertionError("a source with a column of zones has zones")
        named = coded(raw)
        values = named.dictionary.to_pylist()
        places = [None if value in NULL_WORDS else self._zones.place(value) for value in values]
        codes = codes_of(named)
        counts = np.bincount(codes, minlength=len(values) + 1)
        reasons_of = np.zeros(len(values) + 1, dtype=np.uint8)
        reasons_of[-1] = REASONS.index(NO_COORDINATES) + 1
        for at, (value, place) in enumerate(zip(values, places, strict=True)):
            if place is None and value in NULL_WORDS:
                reasons_of[at] = reasons_of[-1]
            elif place is None:
                reasons_of[at] = REASONS.index(OTHER_ZONE) + 1
                self.tally.count_value(self.tally.other_zones, value, int(counts[at]))
        table = np.array([place or (np.nan, np.nan) for place in (*places, None)])
        return table[codes, 0], table[codes, 1], reasons_of[codes]

    def _count_unlocated(self, raw: pa.StringArray, unlocated: Bools) -> None:
        """Count the incidents without a place by the zone that they name."""
        named = coded(raw.filter(pa.array(unlocated)))
        values = named.dictionary.to_pylist()
        counts = np.bincount(codes_of(named), minlength=len(values) + 1)
        for value, count in zip(values, counts.tolist(), strict=False):
            if value not in NULL_WORDS:
                self.tally.count_value(self.tally.unlocated_zones, value, count)

    def _ids(self, batch: pa.RecordBatch, role: str, aside: Codes) -> Ids:
        ids = batch[role]
        numbered = as_integers(ids, besides_digits=11)
        if numbered is not None:
            return numbered
        self.screens[role].look(ids)
        if ids.null_count:
            if role == "id":
                self._put(aside, ids.is_null().to_numpy(zero_copy_only=False), reasons.NO_ID)
            ids = pc.fill_null(ids, "")
        bad = pc.binary_length(ids).to_numpy() > MOST_BYTES
        if b"\0" in memoryview(ids.buffers()[2] or b"").tobytes():
            bad |= pc.match_substring(ids, "\0").to_numpy(zero_copy_only=False)
        if bad.any():
            self._put(aside, bad, reasons.BAD_ID)
        return ids

    def _count_known_by(self, raw: pa.StringArray, category: AnyArray) -> None:
        coded_texts = coded(raw)
        values = coded_texts.dictionary.to_pylist()
        fresh = [value for value in values if value not in self._known]
        if fresh and len(self._known) < _REMEMBERED:
            self.screens["known_by"].look(pa.array(fresh, pa.string()))
            self._known.update(fresh)
        both = category.astype(np.int64) * (len(values) + 1) + codes_of(coded_texts)
        for pair, count in zip(*np.unique(both, return_counts=True), strict=True):
            index, code = divmod(int(pair), len(values) + 1)
            value = values[code] if code < len(values) else ""
            self.tally.count_value(self.tally.known_by, (index, value), int(count))

    def _put(self, aside: Codes, rows: Bools, reason: str) -> None:
        """Set rows aside, unless an earlier reason already has them."""
        if rows.any():
            if reason not in self._reasons:
                self._reasons.append(reason)
            aside[rows & (aside == 0)] = self._reasons.index(reason) + 1


_ASIDE = (
    reasons.NO_CATEGORY,
    reasons.OTHER_CATEGORY,
    reasons.NO_TIME,
    reasons.UNREADABLE_TIME,
    reasons.PLACEHOLDER,
    reasons.OUT_OF_RANGE,
    reasons.ENDS_BEFORE,
    reasons.NO_ID,
    reasons.BAD_ID,
    reasons.NO_INCIDENTS,
    reasons.BAD_COUNT,
)


def _apart(ids: Ids, rows: Ints) -> Ids:
    """Give the incidents of a row ids of their own: the row's, and then ``id#2``, ``id#3``."""
    first = np.append(True, rows[1:] != rows[:-1])
    if first.all():
        return ids
    starts = np.flatnonzero(first)
    nth = np.arange(len(rows)) - starts[np.cumsum(first) - 1] + 1
    marks = pa.array([f"#{n}" if n > 1 else "" for n in range(int(nth.max()) + 1)])
    return pc.binary_join_element_wise(as_text(ids), marks.take(pa.array(nth)), "")
