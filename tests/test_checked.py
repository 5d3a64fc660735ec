"""What counts as a check: a call of verify in the cell, and the line that verify printed."""

import pytest

from bookkit.checked import called, checked, forgery
from bookkit.verify import verify

CELL = "from bookkit.verify import verify\n\nverify('eq:one', 2, 1 + 1.0)\n"


def test_the_line_that_verify_prints_is_known_as_its_own(capsys):
    verify("eq:one", 2, 1 + 1.0)
    assert checked(CELL, capsys.readouterr().out) == ["eq:one"]


@pytest.mark.parametrize(
    "printed", ["", "eq:one\n", "✓ eq:one-more: 1 number agrees\n", "so ✓ eq:one: yes\n"]
)
def test_a_call_without_its_line_is_no_check(printed):
    assert called(CELL) == ["eq:one"]
    assert checked(CELL, printed) == []


def test_a_line_without_a_call_is_no_check():
    assert checked("other()", "✓ eq:one: 1 number agrees to 1e-09 of the largest\n") == []


def test_a_cell_that_uses_bookkits_verify_forges_nothing():
    assert forgery(CELL) is None
    assert forgery("check = verify") is None


@pytest.mark.parametrize(
    "source",
    [
        "print('✓ eq:one: fine')",
        "def verify(*sides): pass",
        "class verify: pass",
        "verify = print",
        "for verify in (print,): pass",
        "import bookkit.verify\nbookkit.verify.verify = print",
        "from mine import verify",
        "from mine import check as verify",
        "from bookkit.verify import EquationError as verify",
        "import mine as verify",
        "f = lambda verify: verify('eq:one', 1, 1.0)",
        "%verify",
    ],
)
def test_a_cell_that_gives_verify_another_meaning_forges(source):
    assert forgery(source)
