"""From moving a slider to the new picture on screen: the Explorer beside `interact` with matplotlib.

Both are shown in JupyterLab in headless Chromium, in one run, and are moved by the same key presses.
Two figures for the Explorer: with pictures fetched ahead, as a reader meets it, and with every
picture drawn by the kernel on demand.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from jupyter_browser import (
    CHROMIUM,
    MISSING,
    chromium,
    lab_server,
    new_page,
    one_cell_notebook,
    open_notebook,
    wait_until_idle,
)

MOVES = 60
PEER = """
%matplotlib inline
from ipywidgets import interact
import matplotlib.pyplot as plt
@interact(replicas=(1, 100, 1))
def downtime(replicas=1):
    xs = [i / 20 for i in range(1, 100)]
    fig, ax = plt.subplots(figsize=(6.4, 3.8))
    ax.plot(xs, [x ** (1 / replicas) for x in xs])
    ax.set_xlabel("share")
    ax.set_title(f"{replicas} replicas")
    plt.show()
"""
OURS = """
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.explorer import Explorer, Slider
from faultlab.views.kit.picture import Picture
def downtime(replicas):
    xs = [i / 20 for i in range(1, 100)]
    chart = Chart(Axis(0, 5, "share", (0, 1, 2, 3, 4, 5)), Axis(0, 5, "", (0, 1, 2, 3, 4, 5)))
    chart.line(xs, [x ** (1 / replicas) for x in xs])
    return Picture(chart.svg("A curve."), "A curve.", f"{replicas} replicas")
Explorer(downtime, [Slider("replicas", "Replicas", 1, 100, 1)], "How long?")
"""
WATCH = """
([picture]) => {
  window.moved = []; let started = null;
  document.addEventListener("keydown", () => { started = performance.now(); }, true);
  const painted = new MessageChannel();  // a message sent before a frame arrives once that is painted
  painted.port1.onmessage = () => {
    if (started !== null) { window.moved.push(performance.now() - started); started = null; }
  };
  const seen = () => requestAnimationFrame(() => painted.port2.postMessage(0));
  new MutationObserver((changes) => {
    if (started === null) return;
    for (const change of changes) for (const added of change.addedNodes) {
      if (added.nodeType !== 1) continue;
      const image = added.matches("img") ? added : added.querySelector?.("img");
      if (image && !image.complete) { image.addEventListener("load", seen, { once: true }); return; }
      if (image || added.matches("svg")) { seen(); return; }
    }
  }).observe(document.querySelector(picture), { childList: true, subtree: true });
}
"""


def main(argv=()):
    """Print p50 and p95 in milliseconds for each way, and the ratios."""
    if not CHROMIUM:
        print(f"Skipped: {MISSING}")
        return 0
    found = {
        "interact, inline matplotlib": _measure(PEER, ".widget-interact", "[role=slider]", pause=250),
        "Explorer, drawn on demand": _measure(OURS, ".faultlab-picture", "input[type=range]", pause=0),
        "Explorer, as a reader meets it": _measure(OURS, ".faultlab-picture", "input[type=range]", pause=1),
    }
    base = found["interact, inline matplotlib"]
    print(f"{'way':34} {'p50 ms':>8} {'p95 ms':>8} {'p50 ratio':>10} {'p95 ratio':>10}")
    for way, (p50, p95) in found.items():
        print(f"{way:34} {p50:8.1f} {p95:8.1f} {p50 / base[0]:10.2f} {p95 / base[1]:10.2f}")
    return 0


def _measure(code, picture, handle, pause):
    """p50 and p95 of MOVES moves; `pause` 0 moves on before anything can be fetched ahead."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "bench.ipynb").write_text(json.dumps(one_cell_notebook(code)), encoding="utf-8")
        with lab_server(root, root) as address, chromium() as browser:
            page = new_page(browser)
            open_notebook(page, address, "bench.ipynb")
            wait_until_idle(page)
            page.wait_for_selector(picture)
            page.locator(handle).first.focus()
            page.evaluate(WATCH, [picture])
            if pause == 1:
                page.wait_for_timeout(6000)
            for _ in range(MOVES):
                before = page.evaluate("window.moved.length")
                page.keyboard.press("ArrowRight")
                page.wait_for_function(f"window.moved.length > {before}", timeout=10_000, polling=5)
                if pause > 1:
                    page.wait_for_timeout(pause)
            times = page.evaluate("window.moved")
    return statistics.median(times), sorted(times)[int(0.95 * len(times))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
