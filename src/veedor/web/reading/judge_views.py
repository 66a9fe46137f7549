"""What readers see: their packs, and one item at a time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from veedor.web.pages.jinja import words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action
from veedor.web.reading.forms import AnswerForm
from veedor.web.reading.judging import Progress, answer_to, finish, keep, progress_of
from veedor.web.reading.models import Assignment, Line
from veedor.web.reading.seeing import seen


@asks(Action.JUDGE)
@require_safe
def packs(request: HttpRequest, project: Project) -> HttpResponse:
    """Show a reader the packs that are given to it, and how far it is in each."""
    own = Assignment.objects.filter(user=request.user, pack__project=project, replaced_at=None)
    rows = [
        (one.pack, progress_of(one)) for one in own.select_related("pack").order_by("made_at", "pk")
    ]
    told = [(pack, told_of(progress), progress) for pack, progress in rows]
    return render(request, "reading/judging.html", {"project": project, "rows": told})


def told_of(progress: Progress) -> dict[str, str]:
    """Return the numbers of a progress as text."""
    number = words().number
    return {"n": number(progress.answered), "m": number(progress.lines)}


@asks(Action.JUDGE)
@require_safe
def go_on(request: HttpRequest, project: Project, pack: str) -> HttpResponse:
    """Go to where the reader is; to a line by its number, if that one is open."""
    one = _own(request, project, pack)
    progress = progress_of(one)
    asked = request.GET.get("n", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 8 and progress.is_open(int(asked)):
        return redirect("judge_line", project=project.key, pack=pack, line=int(asked))
    return _to(one, progress)


@asks(Action.JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, project: Project, pack: str, line: int) -> HttpResponse:
    """Show an item, and keep what is answered."""
    one = _own(request, project, pack)
    progress = progress_of(one)
    if not progress.is_open(line):
        return _to(one, progress)
    form = None
    if request.method == "POST":
        form = AnswerForm(one.pack, request.POST)
        if form.is_valid():
            keep(one, line, form.cleaned_data["given"])
            return _after(one, line)
    held = Line.objects.get(pack=one.pack, reader=one.reader, place=line)
    about = {
        "project": project,
        "pack": one.pack,
        "form": form,
        "place": line,
        "lines": progress.lines,
        "n": words().number(line),
        "m": words().number(progress.lines),
        "shown": [
            (seen(name), seen(text)) for name, text in zip(one.pack.shown, held.texts, strict=True)
        ],
        "answers": [(seen(answer), seen(meaning)) for answer, meaning in one.pack.answers],
        **_held(one, held),
        "back": line - 1 if progress.is_open(line - 1) else None,
        "reopened": progress.reopened,
    }
    return render(request, "reading/line.html", about)


@asks(Action.JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, project: Project, pack: str) -> HttpResponse:
    """Finish a pack of which every line is answered; from then on it is locked."""
    one = _own(request, project, pack)
    if request.method == "POST":
        finish(one)
        return redirect("judge_end", project=project.key, pack=pack)
    progress = progress_of(one)
    if progress.next is not None:
        return _to(one, progress)
    about = {"project": project, "pack": one.pack, "progress": progress, **told_of(progress)}
    return render(request, "reading/end.html", about)


def _own(request: HttpRequest, project: Project, key: str) -> Assignment:
    """Find what is given to this reader; of any other pack there is nothing here."""
    found = Assignment.objects.filter(
        user=request.user, pack__key=key, pack__project=project, replaced_at=None
    )
    one = found.select_related("pack").first()
    if one is None:
        raise Http404
    return one


def _held(one: Assignment, line: Line) -> dict[str, object]:
    """Which answer holds: its number in the codebook, or the count."""
    answer = answer_to(one, line)
    texts = [text for text, _ in one.pack.answers]
    chosen = texts.index(answer) + 1 if answer in texts else None
    return {"chosen": chosen, "count": "" if answer is None or chosen else answer}


def _after(one: Assignment, place: int) -> HttpResponse:
    """Go on after an answer: to the next line, also of what was reopened."""
    progress = progress_of(one)
    if progress.is_open(place + 1):
        return redirect(
            "judge_line", project=one.pack.project.key, pack=one.pack.key, line=place + 1
        )
    return _to(one, progress)


def _to(one: Assignment, progress: Progress) -> HttpResponse:
    """Go to where the reader is."""
    named = {"project": one.pack.project.key, "pack": one.pack.key}
    if progress.next is None:
        return redirect("judge_end", **named)
    return redirect("judge_line", line=progress.next, **named)
