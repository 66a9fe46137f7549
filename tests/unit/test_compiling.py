"""Compiled loops where there is no folder to keep the machine code in."""

from veedor import compiling


def test_loops_are_compiled_where_there_is_no_folder_to_keep_them(monkeypatch):
    made = compiling.njit

    def nowhere(**options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available for file")
        return made(**options)

    monkeypatch.setattr(compiling, "njit", nowhere)
    assert compiling.compiled(lambda x: x + 1)(2) == 3
