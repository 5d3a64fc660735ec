"""Chapters in a real JupyterLab: every cell runs, solutions are folded, sliders draw anew.

The chapters are those that have each kind of explorer and of control first. That the cells of all
run is nbval's to try, and that the live controls of all draw is test_explore's.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from conftest import CHAPTERS, ROOT, first_with
from playwright.sync_api import expect

FRAMES, SCRIPT = "[data-explorer=frames]", "[data-explorer]:not([data-explorer=frames])"
KINDS = f"{FRAMES} [type=range]", f"{FRAMES} select", f"{SCRIPT} [data-low]", f"{SCRIPT} table"
FEW = first_with(CHAPTERS, *KINDS)
NOTEBOOKS = [page.removeprefix("book/").replace(".html", ".ipynb") for page in FEW]
# Lab's own defaults but for two: all cells stand in the page, and no news is asked for.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a copy of the book and return (address, token)."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "book", home / "book", ignore=shutil.ignore_patterns(".*"))
    for name, value in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), "utf8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    environment = {name: value for name, value in os.environ.items() if name != "BOOK_BUILD"}
    environment |= {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={home / 'book'}", f"--IdentityProvider.token={token}"]
    command += [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api/status?token={token}", server, home / "log")
        yield address, token
    finally:
        server.terminate()  # shuts its kernels down too
        server.wait(30)


def wait_for(address, server, log, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(params=NOTEBOOKS)
def notebook(request, lab, browser):
    """Open a chapter, run all of its cells, and return the page."""
    address, token = lab
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    expect.set_options(timeout=120_000)
    context.route(lambda url: not url.startswith((address, "data:", "blob:")), lambda r: r.abort())
    page.goto(f"{address}/lab/tree/{request.param}?token={token}&reset")
    # the status bar names the kernel once the page is connected to it
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.cells = [cell for cell in stored(request.param) if cell["cell_type"] == "code"]
    # Cells run in order and stop at an error. A folded cell shows no number, so the last open one's
    # is waited for, and then the kernel's rest; or an error ends the wait.
    last = max(i for i, cell in enumerate(page.cells, 1) if not folded(cell))
    number = page.locator(".jp-CodeCell .jp-InputPrompt").get_by_text(f"[{last}]:", exact=True)
    expect(number.or_(errors(page)).first).to_be_visible()
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible()
    yield page
    context.close()
    expect.set_options(timeout=5_000)


def stored(name):
    return json.loads((ROOT / "book" / name).read_text("utf8"))["cells"]


def errors(page):
    return page.locator('[data-mime-type="application/vnd.jupyter.error"]')


def every_cell_runs(notebook):
    assert errors(notebook).all_inner_texts() == []
    assert (
        notebook.locator('[data-mime-type="application/vnd.jupyter.stderr"]').all_inner_texts()
        == []
    )


def what_the_page_closes_is_folded_and_nothing_else(notebook):
    shown = notebook.locator(".jp-CodeCell")
    assert shown.count() == len(notebook.cells)
    wanted = [not folded(cell) for cell in notebook.cells]
    code = shown.evaluate_all(
        "cells => cells.map((c) => c.querySelector('.jp-InputArea-editor')?.offsetHeight > 0)"
    )
    assert code == wanted


def folded(cell):
    return any(tagged(cell, tag) for tag in ("hide-cell", "hide-input", "check", "setup"))


def tagged(cell, tag):
    return tag in cell["metadata"].get("tags", [])


def every_live_control_moves_the_picture_off_its_grid(notebook):
    explorers = notebook.locator(".jp-OutputArea-output", has=notebook.locator(".explorer-live"))
    called = sum("".join(c["source"]).count("explore(") for c in notebook.cells)
    scripted = notebook.locator("[data-explorer]").count()
    assert explorers.count() + scripted == called
    for explorer in explorers.all():
        view = explorer.locator(".explorer-live")
        picture = view.locator("svg")
        expect(picture).to_be_attached()
        controls = explorer.locator('[role="slider"], select')
        assert controls.count() > 0
        for control in controls.all():
            before = picture.get_attribute("aria-label")
            if control.evaluate("c => c.localName") == "select":
                words = control.locator("option").all_inner_texts()
                now = control.evaluate("c => c.selectedIndex")
                control.select_option(words[(now + 1) % len(words)])
            else:  # a step is a 200th of the range, or 1 where the numbers are whole
                now, most = (float(control.get_attribute(f"aria-value{w}")) for w in ("now", "max"))
                control.press("ArrowRight" if now < most else "ArrowLeft")
                control.press("End" if now < most else "Home")  # a picture may show the nearest run
            expect(picture).not_to_have_attribute("aria-label", before)
            expect(view.locator("pre")).to_have_count(0)  # an error while drawing would stand there


def a_script_computes_in_the_notebook(notebook):
    for explorer in notebook.locator("[data-explorer]").all():
        figure = explorer.locator("figure")  # the picture and its sentence: one of them may stay
        picture, caption = figure.locator(".picture"), figure.locator("figcaption")
        expect(picture.locator("path").first).to_be_attached()
        expect(caption).not_to_have_text("Loading.")
        notebook.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        for field in explorer.locator("[data-values]").all():
            before, first = figure.inner_html(), field.input_value() == "0"
            field.press("End" if first else "Home")
            expect(figure).not_to_have_js_property("innerHTML", before)
            expect(picture).to_have_attribute("aria-label", caption.inner_text())
        slider = explorer.locator("[type=range]").last
        slider.press("Home")
        explorer.locator(f"[data-by='1'][value='{slider.get_attribute('name')}']").click()
        expect(slider).to_have_value("1")  # once begun, not twice


# One test: to open a chapter and to run it takes a hundred times as long as to look at it.
def test_a_chapter_runs_is_folded_and_moves(notebook):
    every_cell_runs(notebook)
    what_the_page_closes_is_folded_and_nothing_else(notebook)
    every_live_control_moves_the_picture_off_its_grid(notebook)
    a_script_computes_in_the_notebook(notebook)
