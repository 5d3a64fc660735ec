"""The race of chapter 6: what its script says in any state, computed again by the package."""

import re

import numpy as np
import pytest
from conftest import explorer_of

from backprop.optimizers import minimize
from bookkit.scripted import views

METHODS = ["gradient descent", "momentum", "Adagrad", "Adam"]


@pytest.fixture(scope="module")
def race():
    return explorer_of("06_gradient_descent.ipynb", "race")


def curvature(ratio, degrees):
    """Return the matrix of the cost ½ θ·Hθ: a diagonal one, turned."""
    t = np.radians(degrees)
    turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    return turn @ np.diag([1.0, ratio]) @ turn.T


def descent(ratio, degrees, starts, rate, method, steps):
    """Return the places after 0, 1, …, steps steps, from each start, a row of starts."""
    H = curvature(ratio, degrees)
    return minimize(lambda theta: theta @ H, np.array(starts, float), rate, steps, method)


def short(value, digits):
    """Write a number as the page does: so many digits, no zeros at the end, no exponent."""
    return np.format_float_positional(float(f"{value:.{digits}g}"), trim="-")


def sentence(state, best):
    """Return what is to be said of a state."""
    ratio, degrees, step = state["ratio"], state["degrees"], state["step"]
    start = np.array([[state["w1"], state["w2"]]])
    size = np.linalg.norm(start) or 1
    rates, steps = best["rates"], best["steps"]
    left = []
    for method, rate in zip(METHODS, rates, strict=True):
        far = np.linalg.norm(descent(ratio, degrees, start, rate, method, step)[-1]) / size
        said = short(far, 2) if far >= 0.001 else "under 0.001"
        x, y = descent(ratio, degrees, start, rate, method, step)[-1, 0]
        off = "" if -1.5 <= x <= 2.2 and -1.08 <= y <= 0.797 else ", off the map"
        left.append(f"{method} {said}{off} (η = {short(rate, 3)})")
    seen = " (the upper picture shows the last 25 steps)" if step > 25 else ""
    return (
        f"Curvature ratio {ratio}, turned by {degrees}°. What is left of the distance after step "
        f"{step}{seen}: {'; '.join(left)}. To stay within a hundredth from all twelve starts they "
        f"need {steps[0]}, {steps[1]}, {steps[2]} and {steps[3]} steps."
    )


def anywhere(race, count):
    rng = np.random.default_rng(6)
    lists = {c.name: c.values for c in race.controls[:3]}
    (low1, high1), (low2, high2) = (c.ends for c in race.controls[3:])
    for _ in range(count):
        yield {
            **{name: values[rng.integers(len(values))] for name, values in lists.items()},
            "w1": round(rng.uniform(low1, high1), 2), "w2": round(rng.uniform(low2, high2), 2),
        }  # fmt: skip


def test_every_number_of_the_sentence_is_the_packages(race):
    middle = {**race.start(), "w1": 0, "w2": 0}  # at the bottom: nothing is left
    states = [*race.corners(), middle, {**middle, "w1": 1e-9}]
    states += [{**race.start(), "step": step} for step in (1, 25, 26, 399)]
    states += anywhere(race, 100)
    best = race.data["best"]
    found = views("race", race.data, states)
    for state, view in zip(states, found, strict=True):
        wanted = sentence(state, best[f"{state['ratio']},{state['degrees']}"])
        assert view["sentence"] == wanted, state


def test_the_rates_are_the_best_and_the_steps_what_they_need(race):
    angles = np.deg2rad(np.arange(15, 360, 30))
    starts = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    most = race.data["most"]

    def needed(ratio, degrees, method, rate):
        """Return after how many steps all twelve stay within a hundredth; infinity for never."""
        with np.errstate(over="ignore", invalid="ignore"):  # some rates diverge
            path = descent(ratio, degrees, starts, rate, method, most)
            away = ~(np.linalg.norm(path, axis=2) <= 0.01).all(axis=1)
        last = np.flatnonzero(away)[-1]
        return np.inf if last == most else last + 1

    assert len(race.data["best"]) == 8 * 5
    for key, best in race.data["best"].items():
        ratio, degrees = map(int, key.split(","))
        for method, rate, steps in zip(METHODS, best["rates"], best["steps"], strict=True):
            # at 45° two starts lie on an axis that Adagrad leaves by its roundings, later or sooner
            slack = method == "Adagrad" and degrees == 45
            assert abs(needed(ratio, degrees, method, rate) - steps) <= slack, (key, method)
    rng = np.random.default_rng(0)
    for key in rng.choice(list(race.data["best"]), 4, replace=False):
        ratio, degrees = map(int, key.split(","))
        best = race.data["best"][key]
        for method, rate, steps in zip(METHODS, best["rates"], best["steps"], strict=True):
            others = rate * np.geomspace(0.2, 5, 15)
            # best of the rates that were tried: one between them may save a few steps
            fewest = min(needed(ratio, degrees, method, other) for other in others)
            assert steps <= 1.02 * fewest + 1, (key, method)


def test_the_picture_has_the_walks_that_the_sentence_speaks_of(race):
    state = {**race.start(), "ratio": 10, "degrees": 30, "step": 12, "w1": 1.3, "w2": -0.6}
    (view,) = views("race", race.data, [state])
    walks = re.findall(
        r'<path d="M([^"]*)" fill="none" stroke="[^"]*" stroke-width="1.2"', view["svg"]
    )
    assert len(walks) == 4
    handle = view["handles"]["start"]
    assert handle["fields"] == ["w1", "w2"]
    x_of = np.polyfit([-1.5, 2.2], [44, 44 + 345], 1)  # the upper box and what it shows
    y_of = np.polyfit([-1.08, 0.797], [20 + 175, 20], 1)
    best = race.data["best"]["10,30"]
    for method, rate, walk in zip(METHODS, best["rates"], walks, strict=True):
        drawn = np.array([list(map(float, place.split())) for place in walk.split("L")])
        path = descent(10, 30, [[1.3, -0.6]], rate, method, 12)[:, 0]
        there = np.stack([np.polyval(x_of, path[:, 0]), np.polyval(y_of, path[:, 1])], axis=1)
        np.testing.assert_allclose(drawn, there, atol=0.006)
        np.testing.assert_allclose(drawn[0], [handle["x"], handle["y"]], atol=0.006)
    assert [view["svg"].count(f">{method}<") for method in METHODS] == [1] * 4
    # a longer walk shows its last 25 steps
    (view,) = views("race", race.data, [{**state, "step": 40}])
    walks = re.findall(
        r'<path d="M([^"]*)" fill="none" stroke="[^"]*" stroke-width="1.2"', view["svg"]
    )
    assert [walk.count("L") for walk in walks] == [25] * 4
