"""`readers_of`: what a page shows of each reader of a pack: who, how far, and the forms.

No answer is in it, nor how many there are of any.
"""

from __future__ import annotations

from typing import Any

from veedor.web.reading.forms import ReaderForm, ReopenForm, ReplaceForm
from veedor.web.reading.judge_views import told_of
from veedor.web.reading.judging import progress_of
from veedor.web.reading.models import Assignment, Pack


def readers_of(pack: Pack, wrong: dict[tuple[str, int], Any] | None = None) -> list[dict[str, Any]]:
    """Return what is said of each reader, in order.

    Parameters
    ----------
    pack : Pack
    wrong : dict, optional
        What a form is for (``assign``, ``replace``, ``reopen``) and of which reader -> the form,
        where it was not filled in right.
    """
    given: dict[int, Assignment] = {}
    before: dict[int, list[dict[str, Any]]] = {}
    for one in pack.assignments.select_related("user").order_by("pk"):
        if one.replaced_at is None:
            given[one.reader] = one
        else:
            before.setdefault(one.reader, []).append(_told(one))
    rows = []
    for reader in range(1, pack.readers + 1):
        forms = {
            name: (wrong or {}).get((name, reader)) or form
            for name, form in _forms(pack, reader).items()
        }
        row = {"reader": reader, "now": None, "before": before.get(reader, []), "forms": forms}
        if reader in given:
            row["now"] = _told(given[reader])
        rows.append(row)
    return rows


def form_id(pack: Pack, name: str, reader: int) -> str:
    """Ids of the fields of a form: of its own on a page with several packs."""
    return f"{name}_{pack.key}_{reader}_%s"


def _forms(pack: Pack, reader: int) -> dict[str, Any]:
    return {
        "assign": ReaderForm(pack, auto_id=form_id(pack, "assign", reader)),
        "replace": ReplaceForm(pack, auto_id=form_id(pack, "replace", reader)),
        "reopen": ReopenForm(auto_id=form_id(pack, "reopen", reader)),
    }


def _told(one: Assignment) -> dict[str, Any]:
    progress = progress_of(one)
    return told_of(progress) | {
        "assignment": one,
        "done": progress.done,
        "endings": one.endings.all(),
    }
