"""The record of a study described: what `veedor.patterns` finds in it, as files and a report.

``record`` counts the incidents as the patterns take them; ``topics`` and ``changes`` make each
pattern; ``description`` puts them together and ``writing`` writes them.
"""

from veedor.study.patterns.description import FOLDER, Publisher, describe, find_patterns, require
from veedor.study.patterns.record import Record
from veedor.study.patterns.writing import Patterns

__all__ = ["FOLDER", "Patterns", "Publisher", "Record", "describe", "find_patterns", "require"]
