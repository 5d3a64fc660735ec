"""Wrong versions of chapter 14's equations, which their checks must reject."""

PLANTED = [
    ("eq:nearest-mean", "return c @ x - np.sum(c**2, axis=1, keepdims=True) / 2", "return c @ x - np.sum(c**2, axis=1, keepdims=True)"),
    ("eq:nearest-mean", "return c @ x - np.sum(c**2, axis=1, keepdims=True) / 2", "return c @ x"),
    ("eq:nearest-mean", "return c @ x - np.sum(c**2, axis=1, keepdims=True) / 2", "return c @ x + np.sum(c**2, axis=1, keepdims=True) / 2"),
    ("eq:batch-noise", "[s2 / B * (7 - B) / (7 - 1) for B in sizes]", "[s2 / B for B in sizes]"),
    ("eq:batch-noise", "[s2 / B * (7 - B) / (7 - 1) for B in sizes]", "[s2 / B * (7 - B) / 7 for B in sizes]"),
    ("eq:batch-noise", "[s2 / B * (7 - B) / (7 - 1) for B in sizes]", "[s2 / B**2 * (7 - B) / (7 - 1) for B in sizes]"),
    ("eq:accuracy-error", "[np.sqrt(p * (1 - p) / n) for p, n in cases]", "[p * (1 - p) / n for p, n in cases]"),
    ("eq:accuracy-error", "[np.sqrt(p * (1 - p) / n) for p, n in cases]", "[np.sqrt(p / n) for p, n in cases]"),
    ("eq:accuracy-error", "[np.sqrt(p * (1 - p) / n) for p, n in cases]", "[np.sqrt(p * (1 - p) / (n - 1)) for p, n in cases]"),
    ("eq:pixel-slope", "slopes_3 = tried[1].w.T @ delta_1", "slopes_3 = tried[1].w.T @ delta_1 * 3"),
    ("eq:pixel-slope", "slopes_3 = tried[1].w.T @ delta_1", "slopes_3 = (tried[1].w.T @ delta_1) * (1 - x_3**2)"),
    ("eq:pixel-slope", "slopes_3 = tried[1].w.T @ delta_1", "slopes_3 = np.abs(tried[1].w.T) @ delta_1"),
    ("eq:sign-step", "[eps * np.sum(np.abs(g_9)) for eps in bounds]", "[eps * np.linalg.norm(g_9) for eps in bounds]"),
    ("eq:sign-step", "[eps * np.sum(np.abs(g_9)) for eps in bounds]", "[eps * abs(np.sum(g_9)) for eps in bounds]"),
]  # fmt: skip
