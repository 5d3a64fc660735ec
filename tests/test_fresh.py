"""Fresh inputs: what a variant changes of the numbers chosen by hand, and what it leaves."""

import numpy as np
import pytest

from bookkit.exercises import fresh

TRIALS = [
    (0.35, 2.0, 3, "tanh", np.array([[0.5, -1.25], [0.35, 4.0]])),
    ([0.75, -0.35], 0.0, -2.0, True, np.array([1, 2])),
]


def test_without_a_variant_the_trials_are_those_of_the_page(monkeypatch):
    monkeypatch.setattr(fresh, "NUMBER", 0)
    assert fresh.nearby(TRIALS) is TRIALS
    assert fresh.generator(7).random() == np.random.default_rng(7).random()


def test_a_variant_makes_decimal_fractions_a_little_smaller_and_keeps_the_rest(monkeypatch):
    monkeypatch.setattr(fresh, "NUMBER", 5)
    (a, two, three, word, array), (pair, zero, minus, yes, whole) = fresh.nearby(TRIALS)
    assert (two, three, word, zero, minus, yes) == (2.0, 3, "tanh", 0.0, -2.0, True)
    assert whole.tolist() == [1, 2]
    for new, old in ((a, 0.35), (array[0, 0], 0.5), (array[0, 1], -1.25), (pair[1], -0.35)):
        assert 0.84 < new / old < 1
    assert array[1].tolist() == [a, 4.0]  # what is equal in a trial stays equal
    assert isinstance(pair, list)
    assert array.shape == (2, 2)


def test_each_variant_draws_its_own(monkeypatch):
    drawn = []
    for number in (0, 1, 2):
        monkeypatch.setattr(fresh, "NUMBER", number)
        drawn.append((fresh.nearby(TRIALS)[0][0], fresh.generator(7).random()))
    assert len(set(drawn)) == 3
    monkeypatch.setattr(fresh, "NUMBER", 2)
    assert fresh.nearby(TRIALS)[0][0] == pytest.approx(drawn[-1][0], abs=0)
