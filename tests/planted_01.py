"""Wrong versions of chapter 1's equations: (label, its code, the same with a mistake)."""

PLANTED = [
    ("eq:rms", "return np.sqrt(np.mean((said - targets) ** 2))", "return np.mean((said - targets) ** 2)"),
    ("eq:rms", "return np.sqrt(np.mean((said - targets) ** 2))", "return np.mean(np.abs(said - targets))"),
    ("eq:rms", "return np.sqrt(np.mean((said - targets) ** 2))", "return np.sqrt(np.sum((said - targets) ** 2))"),
    ("eq:curve", "return c + sum(v[k]", "return sum(v[k]"),
    ("eq:curve", "v[k] * np.tanh(w[k] * x + b[k])", "v[k] * np.tanh(w[k] * (x + b[k]))"),
    ("eq:curve", "v[k] * np.tanh(w[k] * x + b[k])", "np.tanh(v[k] * (w[k] * x + b[k]))"),
    ("eq:two-parts", "[(a - np.mean(y)) ** 2 + np.var(y) for", "[(a - np.mean(y)) ** 2 - np.var(y) for"),
    ("eq:two-parts", "[(a - np.mean(y)) ** 2 + np.var(y) for", "[(a - np.mean(y)) ** 2 + np.std(y) for"),
    ("eq:two-parts", "[(a - np.mean(y)) ** 2 + np.var(y) for", "[(a - np.median(y)) ** 2 + np.var(y) for"),
    ("eq:far", "levels.append(c_ + sum(v_[k] * np.sign(w_[k])", "levels.append(c_ + sum(abs(v_[k]) * np.sign(w_[k])"),
    ("eq:far", "levels.append(c_ + sum(v_[k] * np.sign(w_[k])", "levels.append(sum(v_[k] * np.sign(w_[k])"),
    ("eq:far", "levels.append(c_ + sum(v_[k] * np.sign(w_[k])", "levels.append(c_ + sum(v_[k] * w_[k]"),
]  # fmt: skip
