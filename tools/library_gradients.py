"""What PyTorch says of chapter 15's three examples: runs the code of the page, and stores the result.

    python tools/library_gradients.py    where PyTorch is installed (make torch)

The page shows PyTorch's output without running it: tests/test_reverse.py compares what is stored
with the package's own gradients and, where PyTorch is installed, runs the code again.
"""

import contextlib
import io
import json
import re
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CHAPTER = ROOT / "book" / "15_automatic_differentiation.ipynb"
STORED = ROOT / "tests" / "library_gradients.json"


def blocks():
    """Return the code blocks in the text of the chapter, in order: they are PyTorch's."""
    cells = json.loads(CHAPTER.read_text("utf8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"```python\n(.*?)```", text, re.S)


def run():
    """Return PyTorch's version, the code, what each block prints, and all gradients."""
    import torch

    names, output, code = {}, [], blocks()
    for block in code:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(block, names)
        output.append(said.getvalue())
    gradients = {name: names[name].grad.tolist() for name in ("w1", "b1", "w2", "b2", "f")}
    gradients["w"] = names["w"].grad.item() / 2  # two calls have added up
    version = torch.__version__.partition("+")[0]
    return {"version": version, "code": code, "output": output, "gradients": gradients}


def own():
    """Return the same gradients by the package: the four equations, and reverse mode."""
    from backprop.activations import sigmoid, tanh
    from backprop.backpropagation import backprop
    from backprop.costs import quadratic
    from backprop.network import Layer
    from backprop.reverse import Variable, activate

    network = {
        1: Layer(np.array([[0.15, 0.20], [0.25, 0.30]]), np.full((2, 1), 0.35), sigmoid),
        2: Layer(np.array([[0.40, 0.45], [0.50, 0.55]]), np.full((2, 1), 0.60), sigmoid),
    }
    x, y = np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]])
    g = backprop(network, x, y, quadratic)
    signal, goal = np.array([0.7, -1.1, 0.4, 1.6, -0.5, 0.9]), np.array([0.2, -0.6, 0.9, 0.1])
    f = [Variable(one) for one in (0.5, -0.2, 0.3)]
    matrix = f[0] * np.eye(4, 6) + f[1] * np.eye(4, 6, 1) + f[2] * np.eye(4, 6, 2)
    missed = matrix @ Variable(signal[:, None]) + -goal[:, None]
    ((missed * missed).sum() * 0.5).backward()
    w, h = Variable(0.8), Variable(0.5)
    for given in (0.4, -0.3, 0.6):
        h = activate(tanh, w * h + given)
    h.backward()
    return {
        "w1": g.w[1], "b1": g.b[1], "w2": g.w[2], "b2": g.b[2],
        "f": np.array([one.adjoint for one in f]), "w": w.adjoint,
    }  # fmt: skip


if __name__ == "__main__":
    STORED.write_text(json.dumps(run(), indent=1) + "\n", "utf8")
    print(f"{STORED.relative_to(ROOT)} is written; the page shows, under its blocks of code:")
    print("\n".join(json.loads(STORED.read_text("utf8"))["output"]))
