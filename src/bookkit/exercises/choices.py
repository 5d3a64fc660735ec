"""Judge a prediction by the experiment, and a claim by the runs that it is about."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from .verdict import Verdict

UNTRIED = "The runs cannot be made with this."


class ChoiceJudge:
    """A choice and a reason, "b2" in a notebook: both are needed.

    choices is {text: what is wrong with it}; experiment() returns the text of the true one.
    reasons is {text: what is wrong with it}, with "" for the one that holds; by says what decides.
    """

    def __init__(
        self,
        choices: Mapping[str, str],
        experiment: Callable[[], str],
        reasons: Mapping[str, str],
        *,
        by: str = "The run shows",
        why: str = "",
    ):
        self.choices, self.reasons = dict(choices), dict(reasons)
        self.by, self.why = by, why
        self.experiment = experiment
        holding = [text for text, said in reasons.items() if not said]
        if len(holding) != 1:
            raise ValueError(f'{len(holding)} reasons hold; exactly one with "" is needed')

    def listed(self):
        """Return the lines that a notebook shows: a) … and 1) …."""
        choices = [
            f"{letter}) {text}" for letter, text in zip("abcdef", self.choices, strict=False)
        ]
        return choices + [f"{i}) {text}" for i, text in enumerate(self.reasons, 1)]

    def __call__(self, answer) -> Verdict:
        parts = answer if isinstance(answer, tuple | list) else [answer]
        plain = [p for p in parts if isinstance(p, str | int | np.integer)]
        text = "".join(p if isinstance(p, str) else f"{p:d}" if 0 <= p < 10 else "?" for p in plain)
        code = "".join(c for c in text.lower() if c.isalnum())
        at = "abcdef"[: len(self.choices)].find(code[:1]) if len(code) == 2 else -1
        reason = int(code[1]) - 1 if at >= 0 and code[1].isdecimal() else -1
        if at < 0 or not 0 <= reason < len(self.reasons):
            last = "abcdef"[len(self.choices) - 1]
            return Verdict(
                False, f'A letter a–{last} and a number 1–{len(self.reasons)} are needed, as "a1".'
            )
        return self.of(list(self.choices)[at], list(self.reasons)[reason])

    def of(self, choice, reason):
        """Return the verdict on a choice and a reason, given as their texts."""
        true = self.experiment()
        if true not in self.choices:
            raise ValueError(f"the experiment gives {true!r}, which is no choice")
        said = self.reasons[reason]
        if choice != true:
            holds = "" if said else " The reason itself holds: what does it say here?"
            return Verdict(False, f"{self.by} otherwise. {self.choices[choice]}{holds}")
        if said:
            return Verdict(False, f"{self.by} that too, but not for this reason: {said}")
        return Verdict(True, self.why)


class ClaimJudge:
    """Settings, one number or word for each field, judged by claim(**settings) -> Verdict.

    fields is {name: the values that the page offers}; a notebook takes any.
    """

    def __init__(self, fields: Mapping[str, Sequence], claim: Callable[..., Verdict]):
        self.fields, self.claim = {n: list(v) for n, v in fields.items()}, claim

    def listed(self):
        """Return the lines that a notebook shows: the texts that a field may be, one a line."""
        worded = {n: v for n, v in self.fields.items() if isinstance(v[0], str)}
        return [line for name, texts in worded.items() for line in (f"{name} is one of", *texts)]

    def __call__(self, answer) -> Verdict:
        names = list(self.fields)
        values = np.ravel(answer).tolist() if isinstance(answer, np.ndarray) else answer
        values = values if isinstance(values, tuple | list) else (values,)
        values = [
            v.item() if isinstance(v, np.ndarray | np.number) and v.size == 1 else v for v in values
        ]
        if len(values) != len(names):
            needed = "1 value is" if len(names) == 1 else f"{len(names)} values are"
            return Verdict(False, f"{needed} needed: ({', '.join(names)}).")
        values = [_bounded(v) for v in values]
        for name, value in zip(names, values, strict=True):
            kind = str if isinstance(self.fields[name][0], str) else (int, float)
            if not isinstance(value, kind) or isinstance(value, bool) or value != value:
                known = f"one of {'; '.join(self.fields[name])}" if kind is str else "a number"
                return Verdict(False, f"{name} must be {known}.")
            if kind is not str and math.isinf(value):
                return Verdict(False, f"{name} must be a finite number that 64 bits hold.")
        try:
            with np.errstate(all="ignore"):
                return self.claim(*values)
        except Exception as error:  # at the ends of what numbers can be, the runs may fail
            return Verdict(False, f"{UNTRIED} {type(error).__name__}: {str(error)[:120]}")


def _bounded(value):
    """Return a value as it is, but a whole number that 64 bits do not hold as a float."""
    if type(value) is not int or abs(value) < 2**53:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
