"""People judge a sample: what turns a table of alerts, or an access log, into rates.

*Plan*: which rows, drawn how, and what they will tell. *Pack*: blind files for two readers or more.
*Score*: how far they agree, and the rates that follow for the whole table, with what readers'
errors may do to them.
"""

from veedor.audits.reading.archived import unpack
from veedor.audits.reading.codebook import Answer, read_codebook
from veedor.audits.reading.counted import of_readers, write_items
from veedor.audits.reading.design import PlanSettings, read_pilot
from veedor.audits.reading.frame import Frame, FrameColumns, open_frame
from veedor.audits.reading.lines import Line, read_lines, write_filled
from veedor.audits.reading.pack import PackSettings, ReadingKey, make_pack, read_key
from veedor.audits.reading.plan import ReadingPlan, make_plan, read_plan, read_targeted, write_plan
from veedor.audits.reading.published import CountsAgreement, agreement_of, read_counts
from veedor.audits.reading.rates import counted_as_yes
from veedor.audits.reading.readings import Readings, differing, read_readings
from veedor.audits.reading.results import ReadingScore, ScoreSettings
from veedor.audits.reading.score import score_reading, write_strata, write_third

__all__ = [
    "Answer",
    "CountsAgreement",
    "Frame",
    "FrameColumns",
    "Line",
    "PackSettings",
    "PlanSettings",
    "ReadingKey",
    "ReadingPlan",
    "ReadingScore",
    "Readings",
    "ScoreSettings",
    "agreement_of",
    "counted_as_yes",
    "differing",
    "make_pack",
    "make_plan",
    "of_readers",
    "open_frame",
    "read_codebook",
    "read_counts",
    "read_key",
    "read_lines",
    "read_pilot",
    "read_plan",
    "read_readings",
    "read_targeted",
    "score_reading",
    "unpack",
    "write_filled",
    "write_items",
    "write_plan",
    "write_strata",
    "write_third",
]
