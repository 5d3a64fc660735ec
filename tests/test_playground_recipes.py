"""The playground's recipes: what each says is measured,
over seeds of the weights and of the data."""

import re

import numpy as np
import pytest
from conftest import ROOT
from test_playground_model import one, run

COURSE = """
    // what neuron 1 of layer 1 gives at each point
    const firstOf = ({ network, data }) =>
      engine.forward(network, engine.transpose(data.X))[1][1].data.slice(0, data.points.length);
    const recipe = playground.RECIPES.find(({ name }) => name === given.name);
    const settings = { ...recipe.settings, ...given.change, seed: given.seed,
      dataSeed: given.dataSeed };
    const drawn = playground.begin(playground.fitted(settings));
    // other last digits, as another computer's tanh may give them
    let k = 0;
    const nudged = (A) => engine.entrywise((v) => v * (1 + (k++ % 2 ? 1e-12 : -1e-12)), A);
    const begun = given.nudge
      ? { ...drawn, network: drawn.network.map((one) => ({ ...one, w: nudged(one.w) })) } : drawn;
    const run = playground.after(begun, { epochs: given.epochs ?? recipe.epochs });
    const [first, seen] = [begun, run].map((r) => playground.seen(r, 0));
    const wide = run.data.task === "curve" ? playground.field(run, 401).y : null;
    return {
      ones: Math.min(...firstOf(run)), settings: run.settings, trail: run.trail,
        stopped: run.stopped, first, seen, wide,
      begun: playground.weightsOf(begun.network), end: playground.weightsOf(run.network),
        learn: run.data.learn.length,
      check: given.check ? playground.gradientCheck(run) : null,
      deltas: given.deltas ? run.data.points.map((_, i) => playground.seen(begun, i)).map(({ p,
        y, delta }) => [p, y, delta[1]]) : null,
    };
"""
RECIPES = {recipe["name"]: recipe for recipe in one("return playground.RECIPES")}
every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
SEEDS = [(seed, data) for data in (1, 2, 3) for seed in (1, 2)]


def measured(name, beside=False, seeds=SEEDS, nudges=(False, True), **more):
    """Return what becomes of a recipe, or of the run beside it, for each pair of seeds.

    Each starts twice, the second time from weights that differ by 1e-12 of their size: what
    hangs on last digits is no claim.
    """
    change = more.pop("change", {}) | (RECIPES[name]["beside"]["settings"] if beside else {})
    given = {"name": name, "change": change} | more
    return run([
        (COURSE, given | {"seed": seed, "dataSeed": data, "nudge": nudge})
        for nudge in nudges
        for seed, data in seeds
    ])  # fmt: skip


def fall(course):
    """Return which part of the first cost is left."""
    return course["trail"][-1]["cost"] / course["trail"][0]["cost"]


def right(course, part="learn"):
    return course["seen"]["right"][part]


def row(weights, l, j):
    """Return neuron j's bias and weights in layer l."""
    w, b = weights[l - 1]
    return np.array([b[j], *w[j]])


@every_recipe
def test_a_recipe_is_short_and_its_chapter_stands(recipe):
    for part in ("see", "why"):
        assert len(recipe[part].split()) <= 40, recipe[part]
    assert list((ROOT / "book").glob(f"{recipe['chapter']}.ipynb"))
    code = "return [playground.address(playground.checked(given)), playground.checked(given)]"
    for settings in (
        recipe["settings"],
        recipe["settings"] | recipe.get("beside", {}).get("settings", {}),
    ):
        address, checked = one(code, settings)
        assert one("return playground.fromAddress(given)", address) == {
            "settings": checked,
            "ignored": [],
        }


@every_recipe
def test_a_recipe_ends_by_itself(recipe):
    for beside in [False, True][: 1 + ("beside" in recipe)]:
        course, _ = measured(recipe["name"], beside, seeds=[(1, 1)], epochs=recipe["epochs"] + 5)
        ended = course["trail"][-1]["epochs"]
        if recipe["name"] == "Stop at the best":
            assert ended < recipe["epochs"]
        elif "overflows" not in course["stopped"]:
            assert ended == recipe["epochs"]
            assert course["stopped"] == f"{ended} epochs are done."


def test_every_recipe_is_measured():
    source = (ROOT / "tests/test_playground_recipes.py").read_text("utf8")
    assert [name for name in RECIPES if source.count(f'"{name}"') == 0] == []
    assert len(RECIPES) >= 10
    assert {word for recipe in RECIPES.values() for word in recipe} == {
        "name", "chapter", "epochs", "settings", "beside", "see", "why"
    }  # fmt: skip


# Without bends in the hidden layers the lead of one output over the other is a plane.
PLANE = """
    const recipe = playground.RECIPES.find(({ name }) => name === given.name);
    const run = playground.after(playground.begin({ ...recipe.settings, seed: given.seed }),
      { epochs: 50 });
    const x = engine.matrix(2, 50, (k, i) => Math.sin(3 * i + k) * 1.2);
    const a = engine.forward(run.network, x)[1].at(-1);
    return { x: [0, 1].map((k) => [...x.data.slice(50 * k, 50 * k + 50)]),
      lead: [...a.data.slice(0, 50)].map((v, i) => v - a.data[50 + i]) };
"""


@pytest.mark.parametrize("name", ["One line is not enough", "Depth without a bend"])
def test_the_border_is_straight(name):
    for seed in (1, 2, 3):
        found = one(PLANE, {"name": name, "seed": seed})
        plane = np.vstack([found["x"], np.ones(50)]).T
        _, residual, *_ = np.linalg.lstsq(plane, found["lead"], rcond=None)
        assert residual[0] < 1e-20
    assert all(right(course) <= 0.75 for course in measured("One line is not enough"))


def test_hidden_neurons_bend_the_border():
    assert min(map(right, measured("Hidden neurons bend the border"))) >= 0.9


def test_a_curve_of_relus_has_at_most_eight_corners():
    for course in measured("A curve with corners"):
        bend = np.abs(np.diff(course["wide"], 2)) > 1e-9
        # a corner between two places of the grid shows in at most two neighboring differences
        starts = np.flatnonzero(bend)
        corners = 0
        while len(starts):
            corners += 1
            starts = starts[starts > starts[0] + 1]
        assert 2 <= corners <= 8
        assert fall(course) < 0.2


def test_three_arms_are_told_apart():
    for course in measured("Three arms"):
        assert right(course) >= 0.95
        assert right(course, "judge") >= 0.9


def test_a_dead_relu_stays_where_it_is():
    for course in measured("A dead ReLU"):
        assert row(course["begun"], 1, 0).tolist() == row(course["end"], 1, 0).tolist()
        assert course["seen"]["silent"][1] >= 0.25
        assert course["seen"]["a"][1][0] == [0]
        for j in (1, 2, 3):
            if course["seen"]["silent"][1] == 0.25:
                assert row(course["begun"], 1, j).tolist() != row(course["end"], 1, j).tolist()
    # it stays the only one from the recipe's own seeds
    shown = measured("A dead ReLU", seeds=[(RECIPES["A dead ReLU"]["settings"]["seed"], 1)])
    assert [course["seen"]["silent"][1] for course in shown] == [0.25, 0.25]


def test_too_long_steps_kill_relus():
    for course in measured("A rate that kills ReLUs"):
        assert course["seen"]["silent"][2] == 1
        assert abs(right(course) - 0.5) <= 0.06
        assert (
            sum(any(column) for column in zip(*course["seen"]["confusion"]["learn"], strict=True))
            == 1
        )
    calm = measured("A rate that kills ReLUs", change={"rate": 0.1})
    assert all(course["seen"]["silent"][2] < 1 for course in calm)


def test_a_saturated_sigmoid_hardly_moves():
    for course in measured("A saturated sigmoid"):
        moved = [
            np.linalg.norm((row(course["end"], 1, j) - row(course["begun"], 1, j))[1:])
            for j in range(4)
        ]
        assert min(moved[1:]) > 1000 * moved[0]
        assert course["ones"] > 0.99


def test_equal_weights_stay_equal():
    for course in measured("Equal weights stay equal", nudges=[False]):
        w, b = course["end"][0]
        assert all(other == w[0] for other in w)
        assert len(set(b)) == 1
        assert right(course) < 0.75


def test_errors_vanish_through_sigmoids():
    vanishing = [*SEEDS, (11, 4)]
    for course in measured("Errors that vanish", seeds=vanishing):
        norms = course["first"]["norms"]
        assert norms[1] < norms[5] / 100
        assert right(course) < 0.75
    for course in measured("Errors that vanish", beside=True, seeds=vanishing):
        norms = course["first"]["norms"]
        assert norms[1] > norms[5] / 5
        assert right(course) >= 0.85


def test_too_large_a_rate_overflows():
    for course in measured("Too large a rate"):
        assert re.match(r".*layer 2 overflows after \d+ steps at rate 3:", course["stopped"])
        costs = [entry["cost"] for entry in course["trail"]]
        assert np.all(np.diff(costs[2:]) > 0)


def test_too_small_a_rate_hardly_moves():
    assert min(map(fall, measured("Too small a rate"))) > 0.9
    assert max(map(fall, measured("Too small a rate", beside=True))) < 0.5


def test_adam_ends_lower_than_gradient_descent():
    name = "Adam beside gradient descent"
    seeds = [(seed, data) for data in (1, 2) for seed in range(1, 7)]
    for adam, descent in zip(
        measured(name, seeds=seeds), measured(name, beside=True, seeds=seeds), strict=True
    ):
        assert descent["trail"][-1]["cost"] > 0.4
        assert adam["trail"][-1]["cost"] < descent["trail"][-1]["cost"] / 3


def test_a_saturated_output_learns_slowly_under_the_quadratic_cost():
    name = "A mistake that learns slowly"
    for course in measured(name, deltas=True):
        p, y, delta = (np.array(part) for part in zip(*course["deltas"], strict=True))
        assert (((p - y) > 0.95).sum(axis=1) == 2).all()
        assert np.abs(delta).max() < 0.02
        assert fall(course) > 0.9
    assert max(map(fall, measured(name, beside=True))) < 0.1
    assert max(map(fall, measured(name, change={"rate": 30}))) < 0.1


def test_it_overfits():
    for course in measured("Overfitting"):
        judged = [entry["judged"] for entry in course["trail"]]
        assert min(judged) < 0.9 * judged[0]
        assert judged[-1] > 3 * min(judged)
        assert course["trail"][-1]["cost"] < 0.1
        count = sum(np.size(w) + np.size(b) for w, b in course["end"])
        said = RECIPES["Overfitting"]["why"]
        assert f"{count} weights and biases for {course['learn']} points" in said


def test_weight_decay_ends_lower():
    for with_it, without in zip(
        measured("Weight decay against it"),
        measured("Weight decay against it", beside=True),
        strict=True,
    ):
        assert with_it["trail"][-1]["judged"] < without["trail"][-1]["judged"] / 2


def test_training_stops_at_the_best():
    for course in measured("Stop at the best"):
        assert course["stopped"].startswith("No lower validation cost for 20 epochs: back to")
        judged = [entry["judged"] for entry in course["trail"]]
        assert course["seen"]["judged"] == min(judged)


def bad_arrays(check):
    return [
        letter + str(part["l"])
        for part in check["each"]
        for letter in "wb"
        if not part[letter]["agrees"]
    ]


def test_a_missing_transpose_learns_and_the_check_finds_it():
    for course in measured("A missing transpose", check=True):
        assert right(course) >= 0.9
        assert bad_arrays(course["check"]) == ["w1", "b1"]
        assert "w¹ and b¹ are wrong" in course["check"]["sentence"]


def test_a_wrong_sign_of_bp3_climbs():
    for course in measured("A wrong sign in BP3", check=True):
        assert fall(course) > 1
        assert bad_arrays(course["check"]) == ["b1", "b2", "b3"]


def test_one_over_m_twice_is_a_tenth_of_the_rate():
    spoiled = measured("1/m twice", check=True)
    for course, slower in zip(spoiled, measured("1/m twice", beside=True), strict=True):
        costs = [[entry["cost"] for entry in c["trail"]] for c in (course, slower)]
        np.testing.assert_allclose(*costs, rtol=1e-9)
        assert bad_arrays(course["check"]) == ["w1", "b1", "w2", "b2"]


def test_a_frozen_layer_stays_and_the_cost_falls():
    for course in measured("A frozen layer"):
        assert course["begun"][0] == course["end"][0]
        assert course["begun"][1] != course["end"][1]
        assert fall(course) < 0.7
