"""Every task: its request, its manners, how it ends when cancelled, and the command of it."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest
from tests.asking import ask

import veedor.tasks
import veedor.web.commands
from veedor.backtest import SerialExecutor
from veedor.cli import main
from veedor.cli.app import app
from veedor.cli.lazy import LazyGroup
from veedor.errors import StudyError
from veedor.tasks import (
    Cancelled,
    Context,
    Done,
    audit_all,
    audit_feedback,
    check,
    export,
    forecast,
    init,
    patterns,
    run,
)

SOURCE = Path(veedor.tasks.__file__).parent
MODULES = {
    one.name: import_module(f"veedor.tasks.{one.name}") for one in iter_modules([str(SOURCE)])
}
TASKS = {name: module for name, module in MODULES.items() if hasattr(module, "Request")}


def tasks_of(group: LazyGroup) -> set[str]:
    """Names of the tasks that the commands of a group, and of the groups in it, are made of."""
    found: set[str] = set()
    for one in group.tasks.values():
        found |= {one} if isinstance(one, str) else tasks_of(one)
    return found


def test_every_task_is_a_command_and_every_command_a_task_or_one_of_the_web_app() -> None:
    of_web = {
        f"veedor.web.commands.{one.name}"
        for one in iter_modules(veedor.web.commands.__path__)
        if one.name != "words"
    }
    assert tasks_of(app) == set(TASKS) | of_web


@pytest.mark.parametrize("name", TASKS)
def test_requests_are_frozen_and_every_field_has_its_help(name: str) -> None:
    task = TASKS[name]
    assert task.Request.__dataclass_params__.frozen
    assert task.Request.__doc__
    command = app.get_command(click.Context(app), "run")
    assert command is not None
    from veedor.cli.generated import command_of

    options = {one.name: one for one in command_of(name, name).params}
    assert set(options) == {one.name for one in fields(task.Request)} | {"details", "lang"}
    for option in options.values():
        assert isinstance(option, click.Argument) or option.help, option.name


@pytest.mark.parametrize("name", TASKS)
def test_what_a_task_does_is_documented(name: str) -> None:
    task = TASKS[name]
    assert list(inspect.signature(task.perform).parameters) == ["request", "context"]
    assert task.perform.__doc__
    first, _, rest = (inspect.getdoc(task) or "").partition("\n\n")
    assert first.endswith(".")
    assert rest


@pytest.mark.parametrize("name", MODULES)
def test_a_task_prints_nothing_and_knows_no_door(name: str) -> None:
    tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported = [getattr(node, "module", None) or "", *(one.name for one in node.names)]
            assert not any(one.split(".")[0] in ("click", "rich", "sys") for one in imported)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "input")


@pytest.mark.parametrize(
    ("periods", "found"),
    [(0, "ge 1, le 1000, got 0"), (1001, "got 1001"), ("2", "`int`, got `str`")],
)
def test_what_a_field_does_not_allow_is_one_clear_error(periods, found, small_study) -> None:
    with pytest.raises(StudyError, match="forecast, periods") as caught:
        ask(forecast, study=small_study, periods=periods)
    assert found in caught.value.found
    assert not (small_study / "next").exists()


def test_a_path_given_as_text_is_a_path(small_study) -> None:
    assert ask(check, study=str(small_study)).folder == small_study / "results"


def test_paths_are_within_the_workspace(small_study) -> None:
    context = Context(workspace=small_study.parent)
    done = check.perform(check.Request(study=Path(small_study.name)), context)
    assert done.folder == small_study / "results"
    done = init.perform(
        init.Request(study=Path("new"), incidents=(small_study / "incidents.csv",)), context
    )
    assert (small_study.parent / "new" / "study.toml").is_file()
    assert done.folder == small_study.parent / "new"


class After:
    """Wants an end once it was asked so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def is_set(self) -> bool:
        self.times -= 1
        return self.times < 0


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".veedor" not in path.relative_to(folder).parts
    }


@pytest.mark.parametrize("task", [check, forecast, patterns, run], ids=lambda task: task.__name__)
@pytest.mark.parametrize("times", [0, 1, 3, 8])
def test_a_cancelled_task_leaves_nothing_half_written(task, times, small_study) -> None:
    study = small_study / "study.toml"
    text = study.read_text().replace("origins = 6", "origins = 2")
    study.write_text(text + "\n[patterns]\npermutations = 99\n")
    before = files_of(small_study)
    context = Context(executor=SerialExecutor(), cancel=After(times))
    try:
        task.perform(task.Request(study=small_study), context)
    except Cancelled:
        assert files_of(small_study) == before
        assert not list((small_study / ".veedor").glob("veedor-*"))
    else:
        assert times > 1
        assert set(before) < set(files_of(small_study))


def test_the_command_writes_what_the_task_writes(small_study, tmp_path, capsys) -> None:
    def called(*words: object) -> str:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        assert left.value.code == 0
        return capsys.readouterr().out

    called("check", small_study)
    mine = files_of(small_study / "results")
    done = ask(check, study=small_study)
    assert files_of(small_study / "results") == mine
    assert isinstance(done, Done)
    called("forecast", small_study, "--periods", 2)
    mine = files_of(small_study / "next")
    told = ask(forecast, study=small_study, periods=2)
    assert set(files_of(small_study / "next")) == set(mine)
    assert len(told.results.forecasts) == 4
    printed = called("export", small_study, "--out", tmp_path / "a.csv")
    done = ask(export, folder=small_study, out=tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    (sentence,) = done.document.headline[0].sentences
    assert printed.replace("a.csv", "b.csv").strip() == sentence


@pytest.mark.parametrize("times", [0, 1])
def test_a_cancelled_audit_leaves_no_folder(times, tmp_path) -> None:
    world = tmp_path / "world.csv"
    world.write_text("zone,true_rate,reporting\n1,6,.4\n2,5,.4\n3,4,.2\n", encoding="utf-8")
    asked = {"world": world, "rounds": 10, "runs": 1, "threshold": False, "out": tmp_path / "out"}
    for task in (audit_feedback, audit_all):
        with pytest.raises(Cancelled):
            task.perform(task.Request(**asked), Context(cancel=After(times)))
        assert files_of(tmp_path) == {"world.csv": world.read_bytes()}
    done = audit_all.perform(audit_all.Request(**asked), Context())
    assert [part.audit for part in done.results.parts] == ["feedback"]
    assert {one.audit for one in done.results.left_out} == {"exposure", "benchmark", "reporting"}
