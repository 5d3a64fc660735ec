"""The small pictures of the front page show what their words say."""

import itertools
import math

import numpy as np
import pytest
from matplotlib import pyplot as plt
from sklearn.datasets import load_digits

from bookkit import front


def drawn(chapter):
    """Return [(x, y)] of the lines of a chapter's picture, and its words."""
    fig, alt = front.CHAPTERS[chapter]()
    lines = [np.array(line.get_data(), float) for line in fig.axes[0].lines]
    plt.close(fig)
    return lines, alt


def segments(line):
    """Return [((x, y), (x, y))] of a line whose pen is lifted at nan."""
    points = line.T
    return [(p, q) for p, q in itertools.pairwise(points) if np.isfinite([p, q]).all()]


def test_two_networks_pass_the_points_and_part_beyond_the_last():
    (one, other, (x, y)), _ = drawn(1)
    assert y == pytest.approx(np.sin(x))
    assert [x[0], x[-1]] == [-3, 3]
    assert (np.diff(x) > 1).all()
    for line in (one, other):
        assert np.abs(np.interp(x, *line) - y).max() < 0.25
    assert one[0, -1] == other[0, -1] > 6
    assert abs(one[1, -1] - other[1, -1]) > 1
    assert min(one[1].min(), other[1].min()) > -2  # in the frame
    assert np.abs(np.interp([-2, 0, 2], *one) - np.interp([-2, 0, 2], *other)).max() < 0.25


# in the others numbers, a field and squares fill the frame
@pytest.mark.parametrize("chapter", sorted({*front.CHAPTERS} - {10, 11, 14}))
def test_a_picture_fills_its_frame(chapter):
    fig, _ = front.CHAPTERS[chapter]()
    [ax] = fig.axes
    plt.close(fig)
    lines = [line.get_data() for line in ax.lines][chapter == 3 :]  # there the first leaves it
    across, up = np.concatenate(lines, axis=1).astype(float)
    for values, (low, high), least in ((across, ax.get_xlim(), 0.73), (up, ax.get_ylim(), 0.62)):
        low, high = sorted((low, high))
        values = values[np.isfinite(values)]
        assert low <= values.min() < values.max() <= high
        assert values.max() - values.min() >= least * (high - low)


def test_a_cut_has_the_points_of_one_kind_on_one_side():
    (no, yes, cut), _ = drawn(2)
    assert no.shape[1] + yes.shape[1] == 6
    (x0, x1), (y0, y1) = cut
    side = [(x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) for x, y in (no, yes)]
    assert min(map(len, side)) >= 2
    assert side[0].max() * side[0].min() > 0
    assert side[1].max() * side[1].min() > 0
    assert side[0][0] * side[1][0] < 0


def test_relus_bend_at_three_corners():
    (straight, bent), _ = drawn(3)
    assert straight[0].tolist() == bent[0].tolist() == [0, 0.2, 0.5, 0.7, 1]
    slopes = np.diff(bent[1]) / np.diff(bent[0])
    assert np.abs(np.diff(slopes)).min() > 1
    assert np.diff(straight[1]) / np.diff(straight[0]) == pytest.approx([3 - 5.5 + 5.5] * 4)
    assert (straight[1] > bent[1]).any()


def test_four_of_twelve_edges_lead_into_one_neuron():
    (others, row), _ = drawn(4)
    edges = [[tuple(map(tuple, edge)) for edge in segments(line)] for line in (others, row)]
    assert [len(set(one)) for one in edges] == [8, 4]
    assert len({end for _, end in edges[1]}) == 1
    assert len({begin for begin, _ in edges[1]}) == 4
    assert {end for _, end in edges[0]} & {end for _, end in edges[1]} == set()
    assert {x for (x, _), _ in edges[0]} == {0}
    assert {x for _, (x, _) in edges[1]} == {1}


def test_one_cost_goes_flat_where_the_output_is_worst():
    (entropy, quadratic), _ = drawn(5)
    z = entropy[0]
    assert entropy[1] == pytest.approx([-math.log(1 / (1 + math.exp(-one))) for one in z])
    assert quadratic[1] == pytest.approx([6 * (1 - 1 / (1 + math.exp(-one))) ** 2 for one in z])
    assert [z[0], z[-1]] == [-6, 6]
    assert 0 in z


def test_four_steps_go_from_side_to_side():
    (valley, path), _ = drawn(6)
    assert valley[1] == pytest.approx(valley[0] ** 2)
    assert path[1] == pytest.approx(path[0] ** 2)
    assert path.shape[1] == 5
    assert path[0, 1:] / path[0, :-1] == pytest.approx(-0.6)  # 1 - 0.8 times the curvature, 2
    assert 0.9 < path[0, 0] < 1


def test_as_z_falls_a_neuron_misses_more_and_its_error_rises_and_falls():
    (miss, error), _ = drawn(7)
    assert (np.diff(miss[1]) < 0).all()
    top = error[1].argmax()
    assert 0 < top < len(error[1]) - 1
    assert (np.diff(error[1][:top]) > 0).all()
    assert (np.diff(error[1][top:]) < 0).all()
    a = 1 - miss[1]
    assert error[1] / (miss[1] ** 2 * a) == pytest.approx(1 / 0.15)
    assert error[1].max() <= 1.05


def test_the_shares_of_fifteen_paths_end_near_0():
    (shares, total), _ = drawn(8)
    tips = np.array([tip for _, tip in segments(shares)])
    assert tips[:, 0].tolist() == list(range(1, 16))
    assert total[1] == pytest.approx([0, *np.cumsum(tips[:, 1])])
    assert (tips[:, 1] > 0).any()
    assert (tips[:, 1] < 0).any()
    assert abs(total[1, -1]) < 0.15 * np.abs(tips[:, 1]).max()


def test_from_the_output_lines_lead_back():
    (there, back), _ = drawn(9)
    assert {tuple(begin) for begin, _ in segments(there)} == {(0, 0)}
    ends = {tuple(end) for _, end in segments(there)}
    assert len(ends) == 3
    assert {x for x, _ in ends} == {1}
    assert set(map(tuple, back.T)) == ends | {(2, 0)}


def test_the_numbers_are_those_of_the_example():
    lines, alt = drawn(10)
    assert "0.7514 and 0.7729" in alt  # as the example prints them
    assert {tuple(line[:, 0]) for line in lines} == {(0.1, 0.5)}


def test_on_other_points_the_cost_ends_above_its_lowest():
    (learned, others), _ = drawn(12)
    assert learned[0].tolist() == others[0].tolist()
    assert [learned[0, 0], learned[0, -1]] == [5, 1500]
    assert learned[1, -1] == learned[1].min()
    assert others[1, -1] > 1.1 * others[1].min()
    assert learned[1, -1] < others[1, -1]


def test_back_through_fourteen_layers_an_error_shrinks_keeps_its_length_or_grows():
    (shrinks, keeps, grows), _ = drawn(13)
    for line in (shrinks, keeps, grows):
        assert line[0].tolist() == list(range(14, 0, -1))
        assert line[1, 0] == 1
    assert shrinks[1, -1] < 0.1
    assert 0.3 < keeps[1, -1] < 3
    assert grows[1, -1] > 10


def test_a_three_is_where_the_threes_have_ink():
    (strokes,), _ = drawn(14)
    digits = load_digits()
    image = digits.images[digits.target == 3].mean(axis=0) / 16
    pixels = {(round((p[0] + q[0]) / 2), round(-p[1])) for p, q in segments(strokes)}
    inside = np.mean([image[row, column] for column, row in pixels])
    outside = [image[r, c] for r in range(8) for c in range(8) if (c, r) not in pixels]
    assert 12 < len(pixels) < 32
    assert inside > 0.7
    assert max(outside) < 0.6
    assert all(q[0] - p[0] == 1 for p, q in segments(strokes))


def test_five_uses_of_a_weight_give_five_parts_of_its_slope():
    (parts, total, whole), _ = drawn(15)
    tips = np.array([tip for _, tip in segments(parts)])
    assert tips[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert total[1] == pytest.approx([0, *np.cumsum(tips[:, 1])])

    def last(w):
        h = 0.5
        for given in (0.4, -0.3, 0.6, -0.5, 0.2):
            h = math.tanh(w * h + given)
        return h

    assert whole.tolist() == [[5], [pytest.approx((last(0.8 + 1e-6) - last(0.8 - 1e-6)) / 2e-6)]]
    assert total[1, -1] == pytest.approx(whole[1, 0])
