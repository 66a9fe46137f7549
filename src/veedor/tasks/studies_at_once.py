"""`StudiesAtOnce`: many studies run, a bounded number of them under way at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from veedor.errors import StudyError, VeedorError, phrase
from veedor.progress import Silent
from veedor.tasks.context import Cancel, Context
from veedor.tasks.run import RESULTS, running, to_its_end

if TYPE_CHECKING:
    from veedor.backtest import Executor
    from veedor.files.sealed import Seals
    from veedor.study.across import AcrossStudy
    from veedor.study.many import Studies

_LOOK_SECONDS = 0.5


class StudiesAtOnce:
    """The studies of a folder, from the first to the last.

    Each that is under way has a thread, which mostly waits for forecasts, and an executor, so that
    an error ends the forecasts of no other. Only one at a time is read or scored, so that what is
    no matter of threads never meets another: charts, warnings. That a study is whole is known by a
    seal under the user's own key, in ``.veedor/`` of the folder, and by the hashes of all its
    files.

    Parameters
    ----------
    folder : Path
    studies : Studies
        Of the folder.
    executors : sequence of Executor
        One for each study that is under way at a time; one alone works in this thread.
    context : Context

    Attributes
    ----------
    finished : dict of str to AcrossStudy
    stopped : dict of str to VeedorError
    kept : list of str
        Which of the finished were whole before.
    """

    def __init__(
        self, folder: Path, studies: Studies, executors: Sequence[Executor], context: Context
    ) -> None:
        from veedor.study.many import refused_link

        self.finished: dict[str, AcrossStudy] = {}
        self.stopped: dict[str, VeedorError] = {name: refused_link(name) for name in studies.links}
        self.kept: list[str] = []
        self._folder = folder
        self._studies = studies.folders
        self._executors = executors
        self._context = context
        self._end = _End(context.cancel)
        self._faults: list[BaseException] = []
        self._waiting: deque[str] = deque()
        self._sizes: dict[str, int] = {}
        self._shares: dict[str, float] = {}
        self._turn, self._counting = Lock(), Lock()

    def run(self) -> None:
        """Run what is not whole; at any end, leave each to be gone on with.

        Raises
        ------
        Cancelled, KeyboardInterrupt
        Exception
            Of a fault; what is wrong with a study is in `stopped`.
        """
        self._sizes = {name: self._size(name) for name in self._studies}
        self._waiting.extend(name for name in self._studies if name not in self.stopped)
        number = len(self._studies)
        step = phrase("Running {number} studies", number=number)
        self._context.step(step, sum(self._sizes.values()))
        if len(self._executors) == 1:
            self._work(self._executors[0])
            return
        threads = [
            Thread(target=self._work_apart, args=(executor,), daemon=True)
            for executor in self._executors
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():  # Ctrl-C is heard between
                    thread.join(_LOOK_SECONDS)
        finally:
            self._end.set()
            for thread in threads:
                thread.join()
        self._context.go_on()
        for fault in self._faults:  # the first is the cause of the others
            raise fault

    def _work_apart(self, executor: Executor) -> None:
        try:
            self._work(executor)
        except BaseException as fault:  # noqa: BLE001 - raised where the work was asked for
            self._faults.append(fault)
            self._end.set()

    def _work(self, executor: Executor) -> None:
        """Take one study after another, until there is none."""
        while True:
            try:
                name = self._waiting.popleft()
            except IndexError:
                return
            try:
                self._one(name, executor)
            except (VeedorError, OSError) as error:
                self._stop(name, error)
            self._tell(name, 1.0)

    def _one(self, name: str, executor: Executor) -> None:
        folder = self._studies[name]
        context = replace(
            self._context, progress=Silent(), cancel=self._end, language=self._language(name)
        )
        context.go_on()
        with self._turn:
            if self._is_whole(name):
                return
        command = f"veedor run-many {self._folder.name}"
        with closing(running(folder, context, executor, command=command)) as run:
            with self._turn:
                left = total = next(run)
            while left:
                left = next(run)
                self._tell(name, 1.0 - left / total)
            with self._turn:
                context.go_on()
                to_its_end(run)
                self._keep(name)

    def _tell(self, name: str, share: float) -> None:
        """Tell how far all are, by how much of its forecasts each has."""
        with self._counting:
            self._shares[name] = share
            done = sum(self._sizes[one] * part for one, part in self._shares.items())
            self._context.advance(int(done))

    def _size(self, name: str) -> int:
        """Count what a study forecasts, by category and origin; 0 where it does not say."""
        from veedor.study.config import load_study

        try:
            study = load_study(self._studies[name])
        except (VeedorError, OSError) as error:
            self._stop(name, error)
            return 0
        return len(study.forecast_categories) * study.periods.origins

    def _stop(self, name: str, error: VeedorError | OSError) -> None:
        if isinstance(error, OSError):
            error = StudyError(
                "The files of a study must be there and readable, and its folder writable.",
                found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
                remedy="see that the disk has room, and who may read and write them",
            )
        self.stopped[name] = error

    def _language(self, name: str) -> str:
        from veedor.study.language import stated

        own = None if self._context.language_asked else stated(self._studies[name])
        return own or self._context.language

    def _seals(self, name: str) -> Seals:
        """Seals of what is whole, for what a study is and depends on now."""
        from veedor.files.replacing import content
        from veedor.files.sealed import Seals, key
        from veedor.study.config import MOST_BYTES, parse_study
        from veedor.study.manifest import fingerprint, input_files_now, versions
        from veedor.study.section_checks import FILE_NAME
        from veedor.study.workspace import WORK

        folder = self._studies[name]
        text = content(folder / FILE_NAME, MOST_BYTES, FILE_NAME)
        study = parse_study(text)
        inputs = input_files_now(study, folder)
        depends = fingerprint(text, inputs, versions(study.forecasters.entries))
        about = f"{depends} {self._language(name)}"
        return Seals(self._folder, self._folder / WORK / "whole", about, key())

    def _keep(self, name: str) -> None:
        """Take what is compared of a study that is finished, and say that it is whole."""
        from veedor.files.folders import MANIFEST
        from veedor.study.across import read_study

        results = self._studies[name] / RESULTS
        self.finished[name] = read_study(name, results / "results.json")
        self._seals(name).seal(results / MANIFEST)

    def _is_whole(self, name: str) -> bool:
        """Take a study as it is, if an earlier call made it whole of what it is made of now."""
        from veedor.files.folders import MANIFEST, is_as_listed
        from veedor.study.across import read_study

        results = self._studies[name] / RESULTS
        try:
            if not self._seals(name).holds(results / MANIFEST) or not is_as_listed(results):
                return False
            self.finished[name] = read_study(name, results / "results.json")
        except (VeedorError, OSError):
            return False
        self.kept.append(name)
        return True


class _End:
    """Says whether all studies are to end: one has, at a fault, or the asker wants it."""

    def __init__(self, cancel: Cancel | None) -> None:
        self._cancel = cancel
        self._ended = Event()

    def set(self) -> None:
        """End all."""
        self._ended.set()

    def is_set(self) -> bool:
        """Whether they are to end."""
        return self._ended.is_set() or (self._cancel is not None and self._cancel.is_set())
