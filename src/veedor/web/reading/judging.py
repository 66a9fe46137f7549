"""Where a reader is in a pack, which lines are open, and keeping an answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from veedor.web.reading.models import Assignment, Ending, Judgement, Line


@dataclass(frozen=True)
class Progress:
    """How far a reader is.

    Parameters
    ----------
    answered, lines : int
    done : bool
        Whether it is finished, and so locked.
    reopened : bool
        Whether it had been finished once.
    """

    answered: int
    lines: int
    done: bool
    reopened: bool

    @property
    def next(self) -> int | None:
        """Place of the first line without an answer; None after the last."""
        return self.answered + 1 if self.answered < self.lines else None

    def is_open(self, place: int) -> bool:
        """Whether a line may be seen and answered.

        It is the next one and the last one answered, so that a line which comes again is judged
        anew; of a reading that was reopened, every line that has an answer too.
        """
        if self.done or not 1 <= place <= min(self.answered + 1, self.lines):
            return False
        return self.reopened or place >= self.answered


def progress_of(assignment: Assignment) -> Progress:
    """Return how far a reader is: lines are answered in their order."""
    last = assignment.judgements.aggregate(last=Max("line__place"))["last"]
    lines = Line.objects.filter(pack=assignment.pack_id, reader=assignment.reader).count()
    return Progress(last or 0, lines, assignment.is_done, assignment.was_reopened)


def answer_to(assignment: Assignment, line: Line) -> str | None:
    """Return the answer to a line that holds."""
    last = assignment.judgements.filter(line=line).order_by("-pk").first()
    return None if last is None else last.answer


@transaction.atomic
def keep(assignment: Assignment, place: int, answer: str) -> bool:
    """Add an answer, once, whatever other windows do meanwhile.

    Returns
    -------
    bool
        False, and nothing is kept, where the line is not open, or another judges by now.
    """
    held = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if held.replaced_at is not None or not progress_of(held).is_open(place):
        return False
    line = Line.objects.get(pack=held.pack_id, reader=held.reader, place=place)
    if answer_to(held, line) != answer:
        Judgement.objects.create(assignment=held, line=line, answer=answer)
    return True


@transaction.atomic
def finish(assignment: Assignment) -> bool:
    """Lock a reading of which every line is answered; False where one is not."""
    held = Assignment.objects.select_for_update().get(pk=assignment.pk)
    progress = progress_of(held)
    if held.replaced_at is not None or progress.next is not None:
        return False
    if not progress.done:
        Ending.objects.create(assignment=held)
    return True
