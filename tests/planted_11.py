"""Wrong versions of chapter 11's equations, which their checks must reject."""

PLANTED = [
    ("eq:updates", "E * -(-m // B) for m", "E * (m // B) for m"),
    ("eq:updates", "E * -(-m // B) for m", "E * m / B for m"),
    ("eq:updates", "E * -(-m // B) for m", "-(-E * m // B) for m"),
    ("eq:batch-mean", "len(rows) / 7 * batch_slope(rows, l)", "batch_slope(rows, l) / 3"),
    ("eq:batch-mean", "len(rows) / 7 * batch_slope(rows, l)", "len(rows) / 3 * batch_slope(rows, l)"),
    ("eq:batch-mean", "len(rows) / 7 * batch_slope(rows, l)", "batch_slope(rows, l)"),
    ("eq:row-layer", "np.where(a4 > 0, g4, 0)", "np.where(a4 < 0, 0, g4)"),
    ("eq:row-layer", "[x3.T @ delta4, delta4 @ W34.T]", "[x3.T @ g4, delta4 @ W34.T]"),
    ("eq:row-layer", "[x3.T @ delta4, delta4 @ W34.T]", "[x3.T @ delta4, g4 @ W34.T]"),
    ("eq:cut-row", "(wide.T @ delta)[:-1]", "(wide.T @ delta)[1:]"),
    ("eq:cut-row", "np.hstack([tail[1].w, tail[1].b])", "np.hstack([tail[1].b, tail[1].w])"),
    ("eq:cut-row", "whole_slope = wide.T @ delta", "whole_slope = np.vstack([tail[1].w.T @ delta, [[0]]])"),
    ("eq:best-step", "np.cbrt(R / (2 * A)) for", "np.cbrt(R / A) for"),
    ("eq:best-step", "np.cbrt(R / (2 * A)) for", "np.sqrt(R / (2 * A)) for"),
    ("eq:directional", "by_slopes += np.sum(slope_of.w[l] * u[l][0]) + ", "by_slopes += "),
    ("eq:directional", " + np.sum(slope_of.b[l] * u[l][1])", ""),
    ("eq:directional", "along(deep, u, -1e-5)) / 2e-5", "along(deep, u, -1e-5)) / 1e-5"),
]  # fmt: skip
