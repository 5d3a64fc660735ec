"""Digits and letters as strokes, and the way from strokes to the 64 grays that a network gets.

A stroke is an array of points (n, 2), x to the right and y down. The digits that are drawn here were
made by one hand, ours; each of LEARNED and OTHERS holds several ways to write the ten.
"""

import numpy as np

FIELD = 192  # the side of the field that strokes are drawn in
INKED = 313  # of 32 x 32 cells: as many as the mean digit of scikit-learn has

# Ten lines for a way of writing, for the digits 0 to 9: x and y from 0 to 100, strokes apart by a slash.
# A network may learn from the first table; the second one is there to judge it.
LEARNED = """
50 4 26 14 16 40 18 68 34 92 54 96 74 84 82 54 76 22 58 6 48 5
34 26 54 4 / 54 4 54 96
22 24 34 8 56 4 74 18 74 38 56 62 24 94 / 24 94 82 94
22 12 46 4 70 14 70 34 46 46 / 46 46 74 56 78 78 56 96 22 88
60 4 18 64 / 18 64 86 64 / 64 34 64 98
76 6 30 6 / 30 6 26 44 / 26 44 52 38 76 54 76 80 52 96 22 88
66 6 38 26 22 58 26 86 48 96 70 86 74 66 56 52 34 60 24 74
20 8 80 8 / 80 8 60 48 46 96
50 48 28 34 28 14 50 4 72 14 72 34 50 48 24 64 22 86 50 97 76 86 76 64 50 48
74 28 58 6 34 10 26 32 40 50 64 46 74 26 / 74 26 74 60 60 96

62 2 40 8 26 30 20 60 28 90 46 98 66 80 76 48 74 18 60 2
58 2 46 98
24 28 40 6 66 10 72 34 50 66 26 88 20 78 40 74 60 92 80 90
22 6 74 6 / 74 6 46 40 / 46 40 72 50 76 78 54 97 24 86
28 4 22 48 / 22 48 76 48 / 70 4 70 98
74 6 36 8 28 40 56 38 76 58 70 86 44 97 22 88
56 4 30 34 22 72 40 97 68 90 72 64 50 54 26 70
20 6 78 6 / 78 6 42 97 / 34 50 72 50
50 4 30 14 32 38 50 46 68 36 68 12 50 4 / 50 46 24 62 26 90 50 97 76 90 76 62 50 46
72 24 54 4 30 14 28 40 50 50 70 38 74 14 / 73 20 70 60 50 97

50 6 20 24 14 54 28 88 56 95 80 76 84 42 70 14 48 6
36 22 52 4 / 52 4 52 94 / 30 94 74 94
22 10 66 6 74 26 60 50 22 92 / 22 92 78 92
26 18 44 4 68 10 70 32 44 44 / 44 44 72 52 78 76 60 94 36 96 20 82
54 2 16 68 50 70 86 66 / 66 46 58 98
30 6 28 46 / 28 46 60 42 78 62 68 90 40 96 20 86 / 30 6 76 4
72 10 46 8 28 34 22 66 32 92 58 96 74 76 64 56 42 56 26 72
18 14 24 6 76 8 / 76 8 56 40 50 96
74 16 52 4 30 16 40 38 62 54 76 76 58 96 32 92 24 74 40 56 64 36 74 16
76 20 56 6 32 16 30 40 52 48 74 34 76 18 76 50 68 82 44 96 26 88
"""

OTHERS = """
48 4 22 18 14 50 24 84 50 96 76 82 86 50 76 16 52 4
40 16 56 3 / 56 3 52 97
18 20 36 4 64 6 76 24 68 44 42 70 18 95 / 18 95 50 90 82 94
20 10 44 3 68 12 66 32 40 46 70 56 80 76 60 95 34 96 16 84
50 3 34 34 14 62 / 14 62 82 60 / 60 36 54 97
72 5 34 7 30 42 52 38 74 50 78 72 62 94 36 96 20 86
60 3 34 28 20 64 32 92 58 95 76 78 64 56 40 58 24 76
22 8 50 5 80 8 66 40 50 70 44 97 / 36 48 72 46
68 12 46 4 28 18 40 40 64 56 76 78 54 96 28 86 30 64 56 44 72 24 66 10
72 22 52 5 30 18 30 40 50 50 70 38 74 20 / 74 20 70 60 56 97

56 3 34 12 20 40 22 74 40 96 62 94 80 66 82 32 70 8 52 4
30 30 58 4 / 58 4 50 96
26 16 50 4 72 16 70 40 48 64 22 90 36 84 60 92 82 88
24 16 48 4 72 18 64 38 44 46 68 54 78 74 62 94 26 92
40 4 20 60 60 60 84 54 / 66 38 62 96
32 6 28 42 / 28 42 54 36 76 52 76 78 54 96 24 90 / 32 6 78 4
48 4 28 36 20 70 36 95 62 94 76 74 62 58 38 62 24 80
18 10 82 8 / 82 8 62 46 50 97 / 40 52 78 50
50 46 30 28 36 8 60 4 72 22 50 46 28 68 30 90 54 97 74 84 70 62 50 46
70 14 46 6 28 24 36 44 58 44 72 22 72 60 60 86 34 96
"""

LETTERS = """
A: 14 97 50 3 / 50 3 86 97 / 28 62 72 62
C: 80 18 56 4 28 18 18 50 28 82 56 96 80 82
E: 26 4 26 96 / 26 4 78 4 / 26 48 68 48 / 26 96 78 96
F: 28 4 28 97 / 28 4 78 4 / 28 48 68 48
H: 22 4 22 97 / 78 4 78 97 / 22 50 78 50
K: 26 4 26 97 / 78 4 26 54 / 40 42 80 97
L: 28 4 28 96 / 28 96 78 96
M: 18 97 24 4 / 24 4 50 66 / 50 66 76 4 / 76 4 82 97
N: 24 97 24 4 / 24 4 76 97 / 76 97 76 4
P: 28 4 28 97 / 28 6 60 4 76 26 60 48 28 50
T: 50 4 50 97 / 16 4 84 4
U: 22 4 22 64 36 94 64 94 78 64 78 4
V: 18 4 50 97 / 50 97 82 4
W: 12 4 30 97 / 30 97 50 30 / 50 30 70 97 / 70 97 88 4
X: 20 4 80 97 / 80 4 20 97
Z: 20 5 80 5 / 80 5 20 95 / 20 95 80 95
"""


def curve(points, pieces=4):
    """Return a smooth path through the points (n, 2), with so many pieces between two of them."""
    p = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    t = np.arange(pieces)[:, None] / pieces
    bend = 2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)
    return np.concatenate([(b + t / 2 * (c - a + t * bend)).reshape(-1, 2), points[-1:]])


def reduced(strokes):
    """Return the 64 inputs, from 0 to 1, that strokes become: what was done to the digits of the data.

    They are stretched to the full height of 32 x 32 cells and to about 18 cells of width, by at most
    1.5 times more in one direction than in the other. A pen sets the INKED cells nearest to them; of
    each block of 4 x 4 cells those that are set are counted.
    """
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = np.maximum(high - low, 1)
    places = np.arange(32) + 0.5
    cells = np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 1, 2)
    pen = 2.5
    for _ in range(3):  # the pen's width is part of the height
        down = (32 - 2 * pen) / height
        along = min(max(18 / width, down / 1.5), down * 1.5, (32 - 2 * pen) / width)
        placed = [16 + (s - (low + high) / 2) * [along, down] for s in strokes]
        begin = np.concatenate([s[:-1] if len(s) > 1 else s for s in placed])
        step = np.concatenate([s[1:] if len(s) > 1 else s for s in placed]) - begin
        (dx, dy), (ax, ay) = step.T, (cells - begin).T
        length = np.maximum(dx * dx + dy * dy, 1e-300)[:, None]
        t = np.clip((ax * dx[:, None] + ay * dy[:, None]) / length, 0, 1)
        ex, ey = ax - t * dx[:, None], ay - t * dy[:, None]
        far = np.min(ex * ex + ey * ey, axis=0)
        edge = np.sort(far)[INKED - 1]
        pen = np.sqrt(edge)
    return (far <= edge).reshape(8, 4, 8, 4).sum(axis=(1, 3)).ravel() / 16


def read(text):
    """Return the lines of a table as lists of strokes."""
    return [
        [np.array(stroke.split(), float).reshape(-1, 2) for stroke in line.split("/")]
        for line in text.split("\n")
        if line
    ]


def varied(text, times, rng):
    """Return (X, labels): each digit of a table so many times, slanted, widened and shaken at random."""
    X, labels = [], []
    for label, strokes in enumerate(read(text) * times):
        slant, wide = rng.uniform(-0.2, 0.2), np.exp(rng.uniform(-0.2, 0.2))
        shaken = [s - 50 + rng.normal(0, 3, s.shape) for s in strokes]
        X.append(reduced([curve((s - slant * s[:, ::-1] * [1, 0]) * [wide, 1]) for s in shaken]))
        labels.append(label % 10)
    return np.array(X), np.array(labels)


def on_field(strokes):
    """Return strokes of a table as lists of whole numbers on the field, smooth."""
    return [np.rint(curve(s) * FIELD / 100).astype(int).tolist() for s in strokes]


def shapes():
    """Return {name: strokes on the field}: the first ten of OTHERS, and letters."""
    digits = {str(k): on_field(strokes) for k, strokes in enumerate(read(OTHERS)[:10])}
    return digits | {name: on_field(strokes) for name, strokes in letters().items()}


def letters():
    """Return {letter: strokes}."""
    lines = [line.split(": ") for line in LETTERS.split("\n") if line]
    return {name: read(text)[0] for name, text in lines}
