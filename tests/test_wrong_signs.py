"""A wrong sign in the code of an equation must make its chapter fail: the checks can fail."""

import pytest
from conftest import ROOT
from nbformat import read

# chapter, equation, the code of its page, and the same with a sign or an operator turned
PLANTED = [
    ("06_gradient_descent", "eq:gradient", "np.array([1.0, 10.0]) * theta", "np.array([1.0, -10.0]) * theta"),
    ("06_gradient_descent", "eq:gradient-descent", "    theta = theta - rate * gradient(theta)\n        path", "    theta = theta + rate * gradient(theta)\n        path"),
    ("06_gradient_descent", "eq:momentum", "v = mu * v - rate * gradient(theta)", "v = mu * v + rate * gradient(theta)"),
    ("06_gradient_descent", "eq:momentum-matrix", "[[1 - x, mu]", "[[1 + x, mu]"),
    ("06_gradient_descent", "eq:terminal-velocity", "[-0.01 / (1 - 0.9)]", "[0.01 / (1 - 0.9)]"),
    ("06_gradient_descent", "eq:adagrad", "theta[i] -= 0.5 * g[i]", "theta[i] += 0.5 * g[i]"),
    ("09_four_equations", "eq:bp1-components", "(a[2][j, 0] - y[j, 0]) * slope", "(a[2][j, 0] + y[j, 0]) * slope"),
    ("09_four_equations", "eq:bp2", "errors[l] = (deep[l + 1]", "errors[l] = -(deep[l + 1]"),
    ("09_four_equations", "eq:bp2-written", "w11 * d1 + w21 * d2", "w11 * d1 - w21 * d2"),
    ("09_four_equations", "eq:bp4", "{l: errors[l] @ a3[l - 1].T", "{l: -errors[l] @ a3[l - 1].T"),
    ("09_four_equations", "eq:softmax-jacobian", "np.diag(p) - np.outer(p, p)", "np.diag(p) + np.outer(p, p)"),
    ("09_four_equations", "eq:bp4-l2", "gradient.w[l] + 0.5 / 6", "gradient.w[l] - 0.5 / 6"),
    ("10_worked_example", "eq:example-cost", "E_o1, E_o2 = (out_o1 - t1)", "E_o1, E_o2 = (out_o1 + t1)"),
    ("10_worked_example", "eq:delta-h2", "(delta_o1 * w6 + delta_o2 * w8)", "(delta_o1 * w6 - delta_o2 * w8)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("chapter", "label", "right", "wrong"), PLANTED, ids=[label for _, label, _, _ in PLANTED]
)
def test_a_wrong_sign_makes_the_chapter_fail(chapter, label, right, wrong, monkeypatch):
    monkeypatch.chdir(ROOT / "book")
    cells = read(f"{chapter}.ipynb", as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    assert sum(right in source for source in sources) == 1
    with pytest.raises(AssertionError, match=f"{label} does not hold"):
        run(source.replace(right, wrong) for source in sources)


def run(sources):
    namespace = {"__name__": "__main__"}
    for source in sources:
        if not source.startswith("explore("):
            exec(source, namespace)
