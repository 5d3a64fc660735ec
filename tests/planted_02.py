"""Wrong versions of the equations of chapter 2: each must make the check of its label fail."""

# label, code of the chapter, and what it would be for a plausible wrong equation
PLANTED = [
    ("eq:threshold", "return int(total > theta)", "return int(total >= theta)"),
    ("eq:threshold", "return int(total > theta)", "return int(total < theta)"),
    ("eq:threshold", "total += w_i * x_i", "total += abs(w_i) * x_i"),
    ("eq:perceptron", "return 1 if z > 0 else 0", "return 1 if z >= 0 else 0"),
    ("eq:perceptron", "z = float(b)", "z = -float(b)"),
    ("eq:perceptron", "z = float(b)", "z = 0.0"),
    (
        "eq:cut",
        "d = (points @ cut_w + cut_b) / np.linalg.norm(cut_w)",
        "d = points @ cut_w + cut_b",
    ),
    (
        "eq:cut",
        "d = (points @ cut_w + cut_b) / np.linalg.norm(cut_w)",
        "d = (points @ cut_w + cut_b) / (cut_w @ cut_w)",
    ),
    (
        "eq:cut",
        "d = (points @ cut_w + cut_b) / np.linalg.norm(cut_w)",
        "d = (points @ cut_w - cut_b) / np.linalg.norm(cut_w)",
    ),
    ("eq:nand", "return nand(nand(p, n), nand(q, n))", "return nand(nand(p, q), nand(q, n))"),
    ("eq:nand", "return nand(nand(p, n), nand(q, n))", "return nand(n, nand(p, q))"),
    (
        "eq:xor",
        'verify("eq:xor", sums_of((0, 1), (1, 0)), sums_of((0, 0), (1, 1)))',
        'verify("eq:xor", sums_of((0, 1), (1, 0)), sums_of((1, 1)))',
    ),
    (
        "eq:xor",
        'verify("eq:xor", sums_of((0, 1), (1, 0)), sums_of((0, 0), (1, 1)))',
        'verify("eq:xor", sums_of((0, 1), (1, 1)), sums_of((0, 0), (1, 0)))',
    ),
    ("eq:row", "[(2 * r - 1) @ x + 0.5 - r.sum() for r", "[r @ x + 0.5 - r.sum() for r"),
    ("eq:row", "[(2 * r - 1) @ x + 0.5 - r.sum() for r", "[(2 * r - 1) @ x + 0.5 - len(r) for r"),
    ("eq:two-layers", "(h.sum(axis=1) - 0.5 > 0)", "(h.sum(axis=1) - 1.5 > 0)"),
    ("eq:two-layers", "(h.sum(axis=1) - 0.5 > 0)", "(h.sum(axis=1) + 0.5 > 0)"),
    (
        "eq:perceptron-rule",
        "v = [v_i + 0.7 * off * x_i for v_i, x_i",
        "v = [v_i - 0.7 * off * x_i for v_i, x_i",
    ),
    (
        "eq:perceptron-rule",
        "v = [v_i + 0.7 * off * x_i for v_i, x_i",
        "v = [v_i + 0.7 * off for v_i, x_i",
    ),
    ("eq:perceptron-rule", "extended = [*x, 1]", "extended = [*x, 0]"),
    ("eq:perceptron-gain", "0.7 * off * (x @ x + 1)]", "0.7 * off * (x @ x)]"),
    ("eq:perceptron-gain", "0.7 * off * (x @ x + 1)]", "0.7**2 * off * (x @ x + 1)]"),
    ("eq:perceptron-gain", "0.7 * off * (x @ x + 1)]", "0.7 * off * (np.sqrt(x @ x) + 1)]"),
    (
        "eq:perceptron-align",
        "sum(s * (truly @ x) for x, s, _ in log)",
        "sum(truly @ x for x, s, _ in log)",
    ),
    (
        "eq:perceptron-align",
        "sum(s * (truly @ x) for x, s, _ in log)",
        "sum(s * (truly @ x) for x, s, _ in log) / len(log)",
    ),
    ("eq:perceptron-length", "x @ x + 2 * s * (before @ x) for", "x @ x + s * (before @ x) for"),
    ("eq:perceptron-length", "x @ x + 2 * s * (before @ x) for", "x @ x + 2 * (before @ x) for"),
    ("eq:perceptron-length", "x @ x + 2 * s * (before @ x) for", "x @ x for"),
    ("eq:perceptron-bound", "(R / gamma) ** 2", "R / gamma"),
    ("eq:perceptron-bound", "(R / gamma) ** 2", "R**2 / gamma"),
    ("eq:perceptron-bound", "(R / gamma) ** 2", "(1 / gamma) ** 2"),
]
