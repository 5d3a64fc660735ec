"""Judge a number by windows around the right value and the values that known mistakes lead to."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from .compare import numbers
from .edits import edited, program
from .verdict import Verdict

COMMA = "Write it without a comma: here a comma begins the decimals."
SIGN = "The size is right, the sign is not."
ROUNDED = "Close, but rounded too early, or a slip in the arithmetic: more digits are needed."
UNKNOWN = "This number is not right, and no mistake that is known here leads to it."


class Window(NamedTuple):
    """The numbers from low to high, and the verdict on them."""

    low: float
    high: float
    verdict: Verdict


class NumberJudge:
    """Knows the right value and those of the edits; within tells how near counts as equal.

    source computes the number, edits are {edit: what is wrong}, forms {edit: what this other
    legitimate number is}. within is relative; where it is not narrower than usual, three right
    digits are enough. A whole number is right or wrong as it stands.
    """

    def __init__(
        self,
        source: str,
        edits: Mapping[str, str],
        *,
        names: Mapping = {},
        forms: Mapping[str, str] = {},
        within: float = 1e-3,
        whole: bool = False,
        why: str = "",
    ):
        self.source, self.edits, self.names = source, dict(edits), dict(names)
        self.forms = dict(forms)
        self.within, self.whole, self.why = 0 if whole else within, whole, why
        self.value = self._value(source)

    def _value(self, source):
        return float(program(source, self.names))

    def windows(self):
        """Return the windows in the order in which they are tried: right, known, sign, near.

        Every value is known with three digits too, as far as no other value is as near.
        """
        known = {
            self._value(edited(self.source, edit)): Verdict(False, said, form=table is self.forms)
            for table in (self.forms, self.edits)
            for edit, said in table.items()
        }
        if self.value:
            known.setdefault(-self.value, Verdict(False, SIGN))
        right = self._reach(self.value, known, self.within) if self.within >= 1e-3 else self.within
        found = [self._window(self.value, right, Verdict(True, self.why))]
        found += [self._window(v, self._reach(v, known, right), said) for v, said in known.items()]
        if self.whole and abs(self.value) >= 1000:
            found.append(self._window(self.value / 1000, 0, Verdict(False, COMMA)))
        if self.value and not self.whole:
            found.append(self._window(self.value, 0.01, Verdict(False, ROUNDED)))
            found.append(self._window(float(f"{self.value:.1e}"), 1e-9, Verdict(False, ROUNDED)))
        return found

    def _reach(self, value, known, right):
        """Return the relative half width of a value's window; right is that of the right value's."""
        if self.whole or not value:
            return self.within
        half_a_digit = 0.5 * 10 ** (math.floor(math.log10(abs(value))) - 2)
        room = [abs(value - v) / 2 for v in (self.value, *known) if v != value]
        if value != self.value:
            room.append(abs(value - self.value) - right * abs(self.value))
        room = 0.999 * min(room, default=math.inf) / abs(value)
        least = self.within if value == self.value else min(self.within, room)
        return max(least, min(1.001 * half_a_digit / abs(value), room))

    def _window(self, value, within, verdict):
        reach = max(within * abs(value), 1e-12) if value else self.within * 1e-3
        return Window(value - reach, value + reach, verdict)

    def __call__(self, answer) -> Verdict:
        found = typed(answer) if isinstance(answer, str) else numbers(answer)
        if found is None or getattr(found, "size", 1) != 1:
            return Verdict(False, "One number is needed.")
        found = float(found) if isinstance(found, float) else float(found.reshape(())[()])
        if not math.isfinite(found):
            return Verdict(False, "A finite number is needed.")
        for low, high, verdict in self.windows():
            if low <= found <= high:
                return verdict
        return Verdict(False, UNKNOWN)


def typed(text):
    """Return the number that a reader typed, or None: −, a decimal comma and fractions are read."""
    plain = text.replace("−", "-").replace("–", "-").replace(",", ".").replace(" ", "")
    try:
        above, *below = map(float, plain.split("/"))
        return above if not below else above / below[0] if len(below) == 1 else None
    except (ValueError, ZeroDivisionError):
        return None
