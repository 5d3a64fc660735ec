"""Judge a function against the right answer's source and the edits of it that people make."""

import copy
import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from ..notation import minus
from .compare import agrees, difference, same_outcome
from .edits import edited, place, program
from .running import Raised, Stopped, run
from .verdict import Verdict


class FunctionJudge:
    """Tries an answer on trials, tuples of arguments, and names the edit that it agrees with.

    source is the right answer; edits are {edit: what is wrong with it}; forms {edit: what this
    other legitimate form is}; results names the parts of what it returns; check(answer) may return
    a wrong Verdict where the trials find nothing; why is said of a right answer.
    """

    def __init__(
        self,
        source: str,
        edits: Mapping[str, str],
        trials: Sequence[tuple],
        *,
        names: Mapping = {},
        forms: Mapping[str, str] = {},
        results: Sequence[str] = (),
        check: Callable | None = None,
        why: str = "",
    ):
        self.source, self.edits, self.trials = source, dict(edits), list(trials)
        self.names, self.forms, self.results = dict(names), dict(forms), tuple(results)
        self.check, self.why = check, why
        self.arguments = list(inspect.signature(self.made(source)).parameters)

    def made(self, source):
        """Return the function that a source makes, with the names that every answer may use."""
        return program(source, self.names)

    def outcomes(self, function):
        """Return what the function comes to on each trial, up to one that does not end."""
        found = []
        for trial in self.trials:
            # a copy, or what the answer goes on to change would change here too
            found.append(copy.deepcopy(run(function, _copies(trial))))
            if isinstance(found[-1], Stopped):
                break
        return found

    @cached_property
    def right(self):
        return self.outcomes(self.made(self.source))

    @cached_property
    def known(self):
        """[(verdict, outcomes)]: other forms, then single edits, then pairs of them."""
        one = [
            (Verdict(False, said, form=table is self.forms), self._of(edit))
            for table in (self.forms, self.edits)
            for edit, said in table.items()
        ]
        return one + [
            (Verdict(False, f"{self.edits[first]} Another mistake follows."), self._of(first, then))
            for first, then in self.pairs()
        ]

    def _of(self, *edits):
        source = self.source
        for edit in edits:
            source = edited(source, edit)
        return self.outcomes(self.made(source))

    def pairs(self):
        """Return the pairs of edits that can be made together, the earlier place first."""
        pairs = []
        for pair in itertools.combinations(self.edits, 2):
            first, then = sorted(pair, key=lambda edit: place(self.source, edit))
            try:
                both = edited(edited(self.source, first), then)
                compatible = both == edited(edited(self.source, then), first)
            except ValueError:
                continue
            if compatible and all("→" in edit for edit in pair):
                pairs.append((first, then))
        return pairs

    def __call__(self, answer) -> Verdict:
        if not callable(answer):
            return Verdict(False, f"A function of {', '.join(self.arguments)} is needed.")
        found = []
        for trial in self.trials:
            given = _copies(trial)
            outcome = run(answer, given)
            if isinstance(outcome, Stopped):
                where = f", line {outcome.line}" if outcome.line else ""
                return Verdict(
                    False, f"Stopped, tried with {self.told(trial)}{where}: it does not end."
                )
            if not _unchanged(given, trial):
                return Verdict(False, "It changes its arguments; return new values instead.")
            found.append(copy.deepcopy(outcome))
        wrong = [i for i, f in enumerate(found) if not agrees(f, self.right[i])]
        if not wrong:
            return self._praised(answer)
        for verdict, outcomes in self.known:
            if len(outcomes) == len(found) and all(map(same_outcome, found, outcomes)):
                return verdict
        return Verdict(False, self._unknown(found, wrong[0]))

    def _praised(self, answer):
        found = self.check(answer) if self.check else None
        count = len(self.trials)
        return found or Verdict(True, f"Agrees on {count} trials. {self.why}".rstrip())

    def _unknown(self, found, at):
        trial = self.trials[at]
        if isinstance(found[at], Raised):
            name, message, line = found[at]
            where = f", line {line}" if line else ""
            return f"Tried with {self.told(trial)}, it raises {name}{where}: {message[:120]}"
        sizes = [
            (length, f"the number of {'columns' if axis else 'rows'} of {name}")
            for name, value in zip(self.arguments, trial, strict=False)
            if isinstance(value, np.ndarray) and value.ndim == 2
            for axis, length in reversed(list(enumerate(value.shape)))
        ]
        said = difference(found[at], self.right[at], self.results, sizes)
        return f"Tried with {self.told(trial)}. {said}"

    def told(self, trial):
        """Return a trial in words: numbers by value, networks by their sizes; or arrays by shape."""
        words = [(name, _words(value)) for name, value in zip(self.arguments, trial, strict=False)]
        brief = [f"{name} {said}" for name, said in words if said and "shape" not in said]
        return ", ".join(brief or [f"{name} {said}" for name, said in words if said])


def _words(value):
    if isinstance(value, np.ndarray) and value.ndim:
        return f"of shape {value.shape}"
    if isinstance(value, dict) and all(hasattr(layer, "w") for layer in value.values()):
        sizes = [value[min(value)].w.shape[1], *(layer.w.shape[0] for layer in value.values())]
        return "-".join(map(str, sizes))
    if isinstance(value, int | float | np.number):
        return minus(f"= {value:.4g}")
    return getattr(value, "name", "")


def _copies(trial):
    return tuple(v if callable(v) else copy.deepcopy(v) for v in trial)


def _unchanged(given, trial):
    return all(callable(t) or _same(g, t) for g, t in zip(given, trial, strict=True))


def _same(given, expected):
    # layers are named tuples in a dict; their activations are compared as what they are
    if isinstance(expected, dict):
        return given.keys() == expected.keys() and all(_same(given[k], expected[k]) for k in given)
    if isinstance(expected, tuple | list):
        return len(given) == len(expected) and all(map(_same, given, expected))
    if isinstance(expected, np.ndarray):
        return np.array_equal(given, expected)
    return callable(expected) or given == expected
