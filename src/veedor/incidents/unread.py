"""`Unread`: values of the time columns that could not be read; beyond a share they stop a run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from veedor.errors import StudyError, phrase
from veedor.tables.personal import safe

#: Values of a column of times of which a larger share cannot be read stop the reading, unless
#: there is only one.
MOST_UNREAD = 0.01
MOST_EXAMPLES = 5
#: Role -> the settings that would read its values.
_SETTINGS = {
    "clock": phrase(
        'clock_format = "hhmm" (or "hours", "hhmmss"), or words with their hours under '
        "[incidents.day_parts]"
    ),
    "hour_band": phrase(
        'words with their hours under [incidents.day_parts], as noche = "20-24", or '
        'clock_format = "hours"'
    ),
}
_TIMES = phrase('time_format, as "%d/%m/%Y %H:%M" (the letters of strptime)')


@dataclass
class Unread:
    """Counts, by role, of one file's values that are there and of those that could not be read."""

    given: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def count(self, role: str, given: int, failed: int) -> None:
        """Count values of a column."""
        self.given[role] += given
        self.failed[role] += failed

    def example(self, role: str, value: str) -> None:
        """Remember one of the first values that could not be read."""
        known = self.examples.setdefault(role, [])
        text = safe(value)
        if len(known) < MOST_EXAMPLES and text not in known:
            known.append(text)

    def refuse(self, columns: dict[str, str], file: str) -> None:
        """Refuse a file of which too many times could not be read.

        Parameters
        ----------
        columns : dict of str to str
            Role to header.

        Raises
        ------
        StudyError
        """
        for role, failed in self.failed.items():
            if failed < 2 or failed <= MOST_UNREAD * self.given[role]:
                continue
            listed = ", ".join(repr(text) for text in self.examples.get(role, []))
            raise StudyError(
                "All but one in a hundred values of a column of times must be readable.",
                found=phrase(
                    "{failed:,} of {given:,} that are not, such as {listed}",
                    failed=failed,
                    given=self.given[role],
                    listed=listed,
                )
                if listed
                else phrase(
                    "{failed:,} of {given:,} that are not", failed=failed, given=self.given[role]
                ),
                where=phrase(
                    "column {columns} of {file}", columns=repr(safe(columns[role])), file=file
                ),
                remedy=phrase(
                    "set in study.toml what they are: {settings}; or map another column",
                    settings=_SETTINGS.get(role, _TIMES),
                ),
            )
