"""What stands beside a log: who belongs where, who may look, whom a list is of, which cases."""

from __future__ import annotations

from dataclasses import dataclass

from veedor.audits.access.in_force import InForce
from veedor.audits.access.lists import Accounts, Roster, Trait


@dataclass(frozen=True, eq=False)
class Registers:
    """What stands beside a log; None where it was not given.

    Parameters
    ----------
    roster : Roster or None
        Where its users belong.
    accounts : Accounts or None
        That were granted.
    authorised : InForce or None
        Keys that may be looked up.
    authorised_cases : InForce or None
        Cases in which anything may be looked up.
    cases : InForce or None
        From their opening to their closing.
    case_units : Trait or None
        To which unit each case of the log is assigned, by the code of the case.
    """

    roster: Roster | None = None
    accounts: Accounts | None = None
    authorised: InForce | None = None
    authorised_cases: InForce | None = None
    cases: InForce | None = None
    case_units: Trait | None = None
