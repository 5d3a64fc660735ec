"""Checks accept what is good as it is, and name what was found and needed where it is not."""

import numpy as np
import pytest

from backprop import checks


@pytest.mark.parametrize(
    "values", [3, 2.5, True, [1, 2], np.ones((2, 3), np.float32), np.arange(3)]
)
def test_finite_numbers_pass_as_an_array(values):
    np.testing.assert_array_equal(checks.finite("x", values), values)


def test_finite_does_not_copy_an_array():
    x = np.ones(3)
    assert checks.finite("x", x) is x


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0, 1], [np.nan, 2]], r"x holds nan at \(1, 0\); every entry must be finite"),
        ([1, -np.inf], r"x holds -inf at \(1,\)"),
        (np.float32("inf"), r"x holds inf at \(\)"),
        ([], r"x is empty \(shape \(0,\)\)"),
        (np.empty((3, 0)), r"x is empty \(shape \(3, 0\)\)"),
        (["a"], r"x holds <U1 values; real numbers are needed"),
        ([1 + 2j], r"x holds complex128 values"),
        (None, r"x holds object values"),
        ([[1, 2], [3]], r"x has rows of different lengths; needed is an array"),
        (np.ma.array([1, 2], mask=[0, 1]), r"x is a masked array.*x\.filled"),
    ],
)
def test_finite_names_the_entry_that_is_not(values, message):
    with pytest.raises(ValueError, match=message):
        checks.finite("x", values)


@pytest.mark.parametrize(
    "values", [[1, 2], [True, False], np.uint8([3]), range(4), memoryview(b"ab")]
)
def test_floats_makes_float64_of_whole_numbers(values):
    found = checks.floats("x", values)
    assert (type(found), found.dtype) == (np.ndarray, np.float64)
    np.testing.assert_array_equal(found, np.asarray(values))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_floats_leaves_floats_as_they_are(dtype):
    x = np.ones(3, dtype)
    assert checks.floats("x", x) is x
    assert checks.floats("x", x, np.float32).dtype == np.float32


def test_floats_names_what_the_type_cannot_hold():
    with pytest.raises(
        ValueError, match=r"x holds -7e\+39 at \(1,\), and float32 ends at 3\.40282e\+38"
    ):
        checks.floats("x", [1, -7e39], np.float32)


@pytest.mark.parametrize("value", [1, 0.1, 1e-300, np.float32(0.5), np.int64(3)])
def test_positive_numbers_pass(value):
    assert checks.positive("rate", value) is value


@pytest.mark.parametrize("value", [0, -1, 0.0, np.nan, np.inf, -np.inf, None, "0.1", [0.1], 1j])
def test_positive_refuses_everything_else(value):
    with pytest.raises(ValueError, match=r"rate is .*; a finite number greater than 0 is needed"):
        checks.positive("rate", value)


@pytest.mark.parametrize("value", [1, 7, np.int32(2)])
def test_counts_pass(value):
    assert checks.count("epochs", value) is value


@pytest.mark.parametrize("value", [0, -3, 1.0, 2.5, True, None, "3", np.nan])
def test_count_refuses_everything_else(value):
    with pytest.raises(ValueError, match=r"epochs is .*; a whole number of at least 1 is needed"):
        checks.count("epochs", value)


@pytest.mark.parametrize("value", [0, 0.5, np.float32(0.999)])
def test_between_takes_its_low_end(value):
    assert checks.between("dropout", value, 0, 1) is value


@pytest.mark.parametrize("value", [1, 1.0, -1e-9, np.nan, np.inf, None, "0", [0.5]])
def test_between_refuses_its_high_end_and_beyond(value):
    with pytest.raises(ValueError, match=r"dropout is .*; a number from 0 to below 1 is needed"):
        checks.between("dropout", value, 0, 1)


def test_rows_must_be_equally_many():
    checks.same_length("X", np.ones((3, 2)), "Y", np.ones((3, 5)))
    with pytest.raises(ValueError, match=r"X has 3 samples and Y has 2; one Y row is needed"):
        checks.same_length("X", np.ones((3, 2)), "Y", np.ones((2, 2)))


def test_named_takes_a_name_or_the_thing_itself():
    known = {"one": (1,), "two": (2,)}
    assert checks.named("number", "two", known) is known["two"]
    assert checks.named("number", known["one"], known) is known["one"]
    for unknown in ("three", 3, None, [1]):
        with pytest.raises(ValueError, match=r"unknown number .*; known are one, two"):
            checks.named("number", unknown, known)
