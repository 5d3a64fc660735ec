"""Wrong versions of chapter 1's equations: (label, its code, the same with a mistake)."""

PLANTED = [
    ("eq:rms", "return np.sqrt(np.mean(squares))", "return np.mean(squares)"),
    ("eq:rms", "return np.sqrt(np.mean(squares))", "return np.mean(np.abs(said - targets))"),
    ("eq:rms", "return np.sqrt(np.mean(squares))", "return np.sqrt(np.sum(squares))"),
    ("eq:curve", "    said = c\n", "    said = 0.0\n"),
    ("eq:curve", "S = np.tanh(w[k] * x + b[k])", "S = np.tanh(w[k] * (x + b[k]))"),
    ("eq:curve", "said = said + v[k] * S", "said = said + np.tanh(v[k] * S)"),
    ("eq:two-parts", "[(a - np.mean(y)) ** 2 + np.var(y) for", "[(a - np.mean(y)) ** 2 - np.var(y) for"),
    ("eq:two-parts", "[(a - np.mean(y)) ** 2 + np.var(y) for", "[(a - np.mean(y)) ** 2 + np.std(y) for"),
    ("eq:two-parts", "[(a - np.mean(y)) ** 2 + np.var(y) for", "[(a - np.median(y)) ** 2 + np.var(y) for"),
    ("eq:far", "levels.append(c_ + sum(v_[k] * np.sign(w_[k])", "levels.append(c_ + sum(abs(v_[k]) * np.sign(w_[k])"),
    ("eq:far", "levels.append(c_ + sum(v_[k] * np.sign(w_[k])", "levels.append(sum(v_[k] * np.sign(w_[k])"),
    ("eq:far", "levels.append(c_ + sum(v_[k] * np.sign(w_[k])", "levels.append(c_ + sum(v_[k] * w_[k]"),
]  # fmt: skip
