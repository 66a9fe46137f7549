"""Sealed in a log that anyone can check: forecasts promised before, and looks with their purpose.

A log is a folder of public files. `seal` appends promises, `score` their scorings, `verify` says
what all of it proves. An access log is such a folder too, of looks; `Head` is where it ends.
Entries are canonical JSON (RFC 8785), signed (Ed25519), and leaves of one Merkle tree (RFC 9162);
their time is the keeper's word, or an authority's (RFC 3161).
"""

from veedor.sealing.accesses import (
    AccountChange,
    KeyRenewed,
    Look,
    Pseudonyms,
    Purpose,
    Witnessed,
    committed,
)
from veedor.sealing.appending import Head
from veedor.sealing.checking import CheckedLog, verify
from veedor.sealing.checkpoints import Checkpoint
from veedor.sealing.copying import copy_log
from veedor.sealing.findings import LogFindings, findings
from veedor.sealing.keys import (
    clear_copies,
    create_key,
    default_key,
    fingerprint,
    is_key_of,
    load_key,
    load_public_key,
)
from veedor.sealing.keys import raw as raw_key
from veedor.sealing.log import Log, read_log
from veedor.sealing.look_table import write_looks
from veedor.sealing.looked import LooksOf, PublishedLooks, published_looks
from veedor.sealing.manifests import Promise, Scoring, Timestamp
from veedor.sealing.merkle import Frontier, Tree, leaf_hash, verify_consistency, verify_inclusion
from veedor.sealing.problems import Problem
from veedor.sealing.promising import Sealed, Terms, seal
from veedor.sealing.rounds import Scored, Waiting, due_at, score
from veedor.sealing.scoreboard import Rounds, Standing, due_of, rounds_of, scoreboard
from veedor.sealing.scores import PromiseScores, promisable
from veedor.sealing.timestamps import load_roots

__all__ = [
    "AccountChange",
    "CheckedLog",
    "Checkpoint",
    "Frontier",
    "Head",
    "KeyRenewed",
    "Log",
    "LogFindings",
    "Look",
    "LooksOf",
    "Problem",
    "Promise",
    "PromiseScores",
    "Pseudonyms",
    "PublishedLooks",
    "Purpose",
    "Rounds",
    "Scored",
    "Scoring",
    "Sealed",
    "Standing",
    "Terms",
    "Timestamp",
    "Tree",
    "Waiting",
    "Witnessed",
    "clear_copies",
    "committed",
    "copy_log",
    "create_key",
    "default_key",
    "due_at",
    "due_of",
    "findings",
    "fingerprint",
    "is_key_of",
    "leaf_hash",
    "load_key",
    "load_public_key",
    "load_roots",
    "promisable",
    "published_looks",
    "raw_key",
    "read_log",
    "rounds_of",
    "score",
    "scoreboard",
    "seal",
    "verify",
    "verify_consistency",
    "verify_inclusion",
    "write_looks",
]
