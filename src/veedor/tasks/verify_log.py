"""Check a log of promises or of looks, from its public files; say what it proves and what not.

Signatures, hashes, the Merkle tree and its proofs, timestamps, and every score computed again
from the counts; of an access log, that every look was under a purpose in force. Needs nothing but
the folder LOG. Nothing in it is changed. Exit code 0 if everything holds; 1 if not, and then it
names every problem and where it is.

A log alone cannot prove that it is the only one. Keep a checkpoint, and come back with it:

Example: veedor log verify log --remember my-checkpoint.txt
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, FileThere, FolderThere, argument, option, request
from veedor.tasks.use_case import Done, use_case

#: Keys and checkpoints are small.
_MOST_BYTES = 1 << 20


@request
class Request:
    """Which log to check, and against what was kept of it."""

    log: FolderThere = argument()
    since: tuple[FileThere, ...] = option(
        "A checkpoint that you kept: the log must still begin with its entries.", default=()
    )
    remember: File | None = option(
        "As --since, if the file is there; then keep the newest checkpoint in it.", default=None
    )
    public_key: FileThere | None = option(
        "The key that the log must have, from elsewhere.", default=None
    )
    tsa_root: tuple[FileThere, ...] = option(
        "Certificates (PEM) of time-stamping authorities that you trust.", default=()
    )
    report: File | None = option(
        "Write HTML here, and the same as FILE.json beside it.", default=None
    )
    looks: File | None = option(
        "Of an access log: write its looks here as CSV, for `veedor audit access --kind own`.",
        default=None,
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Check a log, and write what was found where a report is asked for.

    Returns
    -------
    Done
        ``results`` are the findings; it holds where everything in the log does.

    Raises
    ------
    SealError
        If there is no log, the report's files are someone else's, or looks are asked of a log that
        has none or does not hold.
    """
    from veedor.files.replacing import content, replacing
    from veedor.report.sealed import sealed_document
    from veedor.report.words import words_in
    from veedor.report.words.logs import verified
    from veedor.sealing import findings, load_public_key, load_roots, verify, write_looks
    from veedor.tasks.log_report import write_log_report

    remember, key = request.remember, request.public_key
    kept = [*request.since, *([remember] if remember and remember.exists() else [])]
    context.step(phrase("Checking the log"), None)
    verdict = verify(
        request.log,
        public_key=None
        if key is None
        else load_public_key(content(key, _MOST_BYTES, phrase("A key")), str(key)),
        tsa_roots=[root for path in request.tsa_root for root in load_roots(path)],
        remembered=[
            content(path, _MOST_BYTES, phrase("A checkpoint")).decode("utf-8", "replace")
            for path in kept
        ],
    )
    found = findings(verdict)
    words = words_in(context.language)
    document = sealed_document(found, words)
    context.go_on()
    if request.report is not None:
        write_log_report(document, found, request.report, request.log, context.language)
    if request.looks is not None:
        write_looks(verdict, request.looks)
    if verdict.holds and remember is not None:
        with replacing(remember) as part:
            part.write_text(found.log.checkpoint or "", encoding="utf-8")
    told = verified(words, document, verdict, found, request.report, remember)
    return Done(request.log, found, told, holds=verdict.holds)
