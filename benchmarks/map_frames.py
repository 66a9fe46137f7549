"""How fast the report's map moves: ``python -m benchmarks.map_frames [browser]``.

A made-up map of 20,000 cells, 26 weeks and two forecasters is opened in a browser without a window
(Chromium, or what is named), which draws without a graphics card. It prints the time until the map
is drawn, frames a second while it is dragged, and the time from a step of the slider to the next
frame but one (two frames take 33 ms at the least).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import shapely

from veedor.report import html
from veedor.report.map_section import map_section
from veedor.report.maps import Maps
from veedor.report.words import words_in
from veedor.spacetime import Gazetteer
from veedor.spacetime.gazetteer import Place
from veedor.study.results import StudyPeriods

_WIDE, _HIGH, _WEEKS = 160, 125, 26
_MEASURE = """
(async function () {
  var frame = function () { return new Promise(requestAnimationFrame); };
  var pause = function (ms) { return new Promise(function (done) { setTimeout(done, ms); }); };
  var drawn = performance.now(), steps = [], gaps = [];
  var slider = document.getElementById("map-period");
  await pause(2000);
  for (var week = 0; week < 26; week += 1) {
    var from = performance.now();
    slider.value = String(week);
    slider.dispatchEvent(new Event("input"));
    await frame(); await frame();
    steps.push(performance.now() - from);
  }
  var map = document.getElementById("map-canvas"), box = map.getBoundingClientRect();
  var x = box.left + box.width / 2, y = box.top + box.height / 2;
  var send = function (kind, target, dx, dy) {
    var at = { bubbles: true, button: 0, buttons: 1, clientX: x + dx, clientY: y + dy };
    target.dispatchEvent(new MouseEvent(kind, at));
  };
  send("mousedown", map, 0, 0);
  var last = await frame();
  for (var k = 1; k <= 120; k += 1) {
    send("mousemove", document, 150 * Math.sin(k / 8), 80 * Math.sin(k / 11));
    var now = await frame();
    gaps.push(now - last);
    last = now;
  }
  send("mouseup", document, 0, 0);
  fetch("/", { method: "POST", body: JSON.stringify({ drawn: drawn, steps: steps, gaps: gaps }) });
}());
"""


def page() -> str:
    """Lay out the section of the map alone, with the script that measures."""
    rng = np.random.default_rng(1)
    x, y = (part.ravel() for part in np.meshgrid(np.arange(_WIDE), np.arange(_HIGH)))
    west, south = -87.9 + 0.006 * x, 41.6 + 0.0045 * y
    usual = rng.gamma(0.3, 0.2, x.size)
    means = {
        who: usual * rng.gamma(20, 1 / 20, (_WEEKS, x.size)) for who in ("PriorCounts", "Stack")
    }
    maps = Maps(
        shapely.box(west, south, west + 0.006, south + 0.0045),
        Gazetteer(
            tuple(
                Place(f"c{k}", float(lat), float(lon), "")
                for k, (lat, lon) in enumerate(zip(south, west, strict=True))
            )
        ),
        np.full(x.size, 0.25),
        {"theft": rng.poisson(usual, (_WEEKS, x.size))},
        {"theft": means},
    )
    days = [str(day) for day in np.datetime64("2025-01-05") + 7 * np.arange(_WEEKS + 1)]
    words = words_in("en")
    periods = StudyPeriods(
        length="1 week",
        start=tuple(days[:-1]),
        end=tuple(days[1:]),
        origins=(),
        data_cutoffs=(),
        lead=None,
        per_origin=1,
    )
    section = map_section(maps, periods, "PriorCounts", words)
    shown = html.render("map.html.j2", words, shown=section)
    styles = html.asset("leaflet.css") + html.asset("report.css")
    data = html.inline_json(section.data)
    scripts = "".join(
        f"<script>{script}</script>"
        for script in (html.asset("leaflet.js"), html.asset("report.js"), _MEASURE)
    )
    return (
        f"<!DOCTYPE html><meta charset='utf-8'><style>{styles}</style>{shown}"
        f"<script type='application/json' id='map-data'>{data}</script>{scripts}"
    )


def measured(browser: str) -> dict[str, float | list[float]]:
    """Open the page in a browser and return what its script measured."""
    content, found = page().encode(), {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content if self.path == "/" else b"")

        def do_POST(self) -> None:
            found.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server, tempfile.TemporaryDirectory() as profile:
        running = subprocess.Popen(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1100,1000",
                "--no-first-run", f"--user-data-dir={profile}",
                f"http://127.0.0.1:{server.server_port}/",
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while not found:
                server.handle_request()
        finally:
            running.terminate()
            running.wait()
    return found


def main() -> None:
    """Print the figures."""
    browser = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium")
    if browser is None:
        print("no chromium: name a browser")
        return
    found = measured(browser)
    gaps, steps = np.array(found["gaps"]), np.array(found["steps"])
    print(f"{_WIDE * _HIGH:,} cells: drawn after {found['drawn'] / 1000:.1f} s")
    print(f"drag: {1000 / gaps.mean():.0f} frames/s, slowest {gaps.max():.0f} ms")
    print(f"slider: median {np.median(steps):.0f} ms, slowest {steps.max():.0f} ms")


if __name__ == "__main__":
    main()
