"""What the public pages call things."""

from __future__ import annotations

from veedor.report.words import Words, noted
from veedor.report.words.examination import VERDICTS, verdict
from veedor.report.words.sealing import STATES as _STATES
from veedor.sealing import Standing
from veedor.web.observatory.models import Kind

KINDS = {
    Kind.STUDY.value: noted("Study"),
    Kind.AUDIT.value: noted("Audit"),
    Kind.RECORD.value: noted("Record of a system"),
    Kind.PROMISES.value: noted("Log of promises"),
}
STATES = {**_STATES, "late": noted("sealed late: it proves no forecast")}


def verdict_of(words: Words, standing: Standing) -> dict[str, str] | None:
    """Say the gain of a row; None where there is none."""
    gain = standing.gain
    if gain is None or gain.estimate.value is None:
        return None
    return {
        "gain": words.number(gain.estimate.value),
        "low": words.number(gain.estimate.low),
        "high": words.number(gain.estimate.high),
        "verdict": words.say(VERDICTS[verdict(gain)]),
    }
