"""Asking for what was not told: letters under a law of access, and the calendar of deadlines.

Nobody's name is in a letter: what a law lets a body ask is left to be filled in by hand.
"""

from veedor.disclosure.request.days_off_file import read_days_off
from veedor.disclosure.request.deadlines import Deadline, Deadlines, deadlines
from veedor.disclosure.request.gaps import Gap, Gaps, gaps_of, read_gaps
from veedor.disclosure.request.law import Law, Procedure, Term
from veedor.disclosure.request.law_file import SHIPPED, read_law, shipped_law
from veedor.disclosure.request.letter import Letter, Letters, letters
from veedor.disclosure.request.working_days import DayOff, DaysOff

__all__ = [
    "SHIPPED",
    "DayOff",
    "DaysOff",
    "Deadline",
    "Deadlines",
    "Gap",
    "Gaps",
    "Law",
    "Letter",
    "Letters",
    "Procedure",
    "Term",
    "deadlines",
    "gaps_of",
    "letters",
    "read_days_off",
    "read_gaps",
    "read_law",
    "shipped_law",
]
