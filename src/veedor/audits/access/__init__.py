"""Who may look, and how it is used: audits of access and search logs, as they were released.

People who look and people who are looked up are people: users, plates and case numbers stand here
as whole numbers that mean nothing outside one log, and no result holds one.
"""

from veedor.audits.access.audit import audit_access
from veedor.audits.access.beside import ListPaths
from veedor.audits.access.in_force import InForce
from veedor.audits.access.lists import Accounts, Roster, Trait
from veedor.audits.access.log import AccessLog, CellState, CodedColumn, NumberColumn, Release
from veedor.audits.access.quality import AccessQuality
from veedor.audits.access.reading import AccessReading, read_access
from veedor.audits.access.registers import Registers
from veedor.audits.access.results import AccessAudit
from veedor.audits.access.salt import Salt
from veedor.audits.access.settings import PolicyDate, Settings

__all__ = [
    "AccessAudit",
    "AccessLog",
    "AccessQuality",
    "AccessReading",
    "Accounts",
    "CellState",
    "CodedColumn",
    "InForce",
    "ListPaths",
    "NumberColumn",
    "PolicyDate",
    "Registers",
    "Release",
    "Roster",
    "Salt",
    "Settings",
    "Trait",
    "audit_access",
    "read_access",
]
