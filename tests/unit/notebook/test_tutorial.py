"""The tutorial notebook runs from its first cell to its last, and each result shows itself."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import veedor

NOTEBOOK = Path(__file__).parents[3] / "docs" / "tutorials" / "notebook.ipynb"


def test_the_tutorial_notebook_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    space, shown = {}, []
    for cell in book["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == []
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "notebook", "exec"), space)
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), "notebook", "eval"), space))
    results = [one for one in shown if isinstance(one, veedor.Result | veedor.Picture)]
    assert len(results) > 8
    for one in results:
        assert repr(one)
        assert "<" in one._repr_html_()
    assert list(tmp_path.iterdir()) == []
