"""Strokes: the curve through given points, and what is varied of a shape."""

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from bookkit import strokes


def test_a_curve_is_the_spline_whose_slopes_lead_past_the_neighbors():
    points = np.random.default_rng(2).uniform(0, 100, (6, 2))
    ends = np.concatenate([points[:1], points, points[-1:]])
    spline = CubicHermiteSpline(np.arange(6), points, (ends[2:] - ends[:-2]) / 2)
    for pieces in (1, 4, 7):
        found = strokes.curve(points, pieces)
        assert found.shape == (5 * pieces + 1, 2)
        assert np.allclose(found, spline(np.arange(5 * pieces + 1) / pieces))


def test_a_shape_is_slanted_to_both_sides_and_made_wider_and_narrower(monkeypatch):
    class Rng:
        """Draws the lowest number once, then the highest; nothing is shaken."""

        def __init__(self):
            self.drawn = 0

        def uniform(self, low, high):
            self.drawn += 1
            return low if self.drawn <= 2 else high

        def normal(self, mean, deviation, shape):
            assert (mean, deviation) == (0, 3)
            return np.zeros(shape)

    monkeypatch.setattr(strokes, "reduced", lambda drawn: drawn[0])
    line = "50 0 50 50 50 100\n" * 10
    X, labels = strokes.varied(line, 2, Rng())
    assert labels.tolist() == [*range(10)] * 2
    first, second = X[0], X[1]
    assert np.allclose(
        first[[0, -1]], [[-0.2 * 50 / np.exp(0.2), -50], [0.2 * 50 / np.exp(0.2), 50]]
    )
    assert np.allclose(
        second[[0, -1]], [[0.2 * 50 * np.exp(0.2), -50], [-0.2 * 50 * np.exp(0.2), 50]]
    )
