"""Wrong versions of the equations of chapter 5: each must make the check of its label fail."""

# label, code of the chapter, and what it would be for a plausible wrong equation
PLANTED = [
    ("eq:quadratic-sample", "0.5 * lengths**2)", "lengths**2)"),
    ("eq:quadratic-sample", "0.5 * lengths**2)", "0.5 * lengths)"),
    (
        "eq:quadratic-sample",
        "(A[j, i] - Y[j, i]) ** 2 for",
        "abs(A[j, i] - Y[j, i]) for",
    ),
    ("eq:quadratic", "sum(looped) / 4", "sum(looped)"),
    ("eq:quadratic", "sum(looped) / 4", "sum(looped) / 12"),
    ("eq:quadratic-slope", "target) * sigmoid.prime(z)", "target)"),
    ("eq:quadratic-slope", "target) * sigmoid.prime(z)", "target) * sigmoid.prime(sigmoid(z))"),
    ("eq:quadratic-slope", "(sigmoid(z) - target) * s", "(target - sigmoid(z)) * s"),
    ("eq:likelihood", "heads**rain * (1 - heads)", "heads * (1 - heads)"),
    ("eq:likelihood", "np.prod(heads**rain", "np.sum(heads**rain"),
    ("eq:cross-entropy", "-np.log(by_cases) / 7, cross", "-np.log(by_cases), cross"),
    ("eq:cross-entropy", "-np.log(by_cases) / 7, cross", "np.log(by_cases) / 7, cross"),
    ("eq:cross-entropy", "cross_entropy(heads[None], r", "cross_entropy(1 - heads[None], r"),
    ("eq:cross-entropy-slope", "moved, sigmoid(z) - target", "moved, target - sigmoid(z)"),
    (
        "eq:cross-entropy-slope",
        "moved, sigmoid(z) - target",
        "moved, (sigmoid(z) - target) * sigmoid.prime(z)",
    ),
    ("eq:cross-entropy-outputs", "sum(terms) / 4", "sum(terms) / 12"),
    (
        "eq:cross-entropy-outputs",
        "Y[j, i] - np.log(1 - A[j, i]) * (1 - Y[j, i])",
        "Y[j, i]",
    ),
    (
        "eq:cross-entropy-outputs",
        "np.log(1 - A[j, i]) * (1 - Y[j, i])",
        "np.log(1 - A[j, i]) * Y[j, i]",
    ),
    ("eq:categorical", "sum(picked) / 4", "sum(picked) / 12"),
    ("eq:categorical", "np.log(softmax(Z)[j, i])", "np.log(sigmoid(Z)[j, i])"),
    ("eq:categorical", "[sum(-P[j, i] * np.log(s", "[max(-P[j, i] * np.log(s"),
    ("eq:categorical-slope", "np.exp(Z).sum(axis=0) - P", "np.exp(Z).sum() - P"),
    ("eq:categorical-slope", "np.exp(Z).sum(axis=0) - P", "np.exp(Z).sum(axis=0)"),
    ("eq:convex", "(u - v) / 8 for", "(u - v) / 4 for"),
    ("eq:convex", "(of_line(u) + of_line(v)) / 2 -", "(of_line(u) + of_line(v)) -"),
    ("eq:convex", "- of_line((u + v) / 2) for", "+ of_line((u + v) / 2) for"),
]
