"""What can be asked of veedor, one module a use case.

Each module holds a frozen `Request`, whose fields carry their help and their ranges, and
``perform(request, context) -> Done``. Its docstring tells what it does, and is the help of the
command that is made of it. The doors (the command line; later the web) fill in a request, give a
`Context`, and show what comes back: no task prints, exits, or knows who asked.

A module imports the rooms it needs when it performs, so that its request and help are at hand at
once.
"""

from veedor.tasks.context import Cancelled, Context
from veedor.tasks.use_case import Done

__all__ = ["Cancelled", "Context", "Done"]
