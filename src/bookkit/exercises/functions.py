"""Judge a function against the right answer's source and the edits of it that people make."""

import copy
import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from ..notation import minus
from .compare import agrees, difference, numbers, same_outcome, share
from .edits import edited, place, program
from .running import SECONDS, Changed, Raised, Stopped, run
from .verdict import Verdict

DIFFERING = "The results differ: something in it is random, or is kept from call to call."


class FunctionJudge:
    """Tries an answer on trials, tuples of arguments, and names the edit that it agrees with.

    source is the right answer; edits are {edit: what is wrong with it}; forms {edit: what this
    other legitimate form is}; results names the parts of what it returns; check(answer) may return
    a wrong Verdict where the trials find nothing; differing is said of an answer that is not the
    same twice, why of a right one.
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
        differing: str = DIFFERING,
        why: str = "",
    ):
        self.source, self.edits, self.trials = source, dict(edits), list(trials)
        self.names, self.forms, self.results = dict(names), dict(forms), tuple(results)
        self.check, self.differing, self.why = check, differing, why
        self.arguments = list(inspect.signature(self.made(source)).parameters)

    def made(self, source):
        """Return the function that a source makes, with the names that every answer may use."""
        return program(source, self.names)

    def outcomes(self, function):
        """Return what the function comes to on each trial, up to one that does not end."""
        found = []
        for trial in self.trials:
            # a copy, or what the answer goes on to change would change here too
            found.append(_kept(run(function, copies(trial))))
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
        two = [
            (Verdict(False, f"{self.edits[first]} Another mistake follows."), self._of(first, then))
            for first, then in self.pairs()
        ]
        beside = [  # another form, with a mistake in it
            (Verdict(False, self.edits[edit]), self._of(form, edit))
            for form, edit in itertools.product(self.forms, self.edits)
            if self._go_together(form, edit)
        ]
        return one + two + beside

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
            if self._go_together(first, then):
                pairs.append((first, then))
        return pairs

    def _go_together(self, first, then):
        if not all("→" in edit for edit in (first, then)):
            return False
        try:
            both = edited(edited(self.source, first), then)
            return both == edited(edited(self.source, then), first)
        except ValueError:
            return False

    def __call__(self, answer) -> Verdict:
        if not callable(answer):
            return Verdict(False, f"A function of {', '.join(self.arguments)} is needed.")
        found = []
        for trial in self.trials:
            given = copies(trial)
            outcome = run(answer, given)
            if isinstance(outcome, Stopped):
                where = f", line {outcome.line}" if outcome.line else ""
                tried = f"tried with {self.told(trial)}{where}"
                return Verdict(
                    False, f"Stopped after {SECONDS:g} seconds, {tried}: it had not ended."
                )
            if isinstance(outcome, Changed) or not unchanged(given, trial):
                return Verdict(False, "It changes its arguments; return new values instead.")
            found.append(_kept(outcome))
        wrong = [i for i, f in enumerate(found) if not agrees(f, self.right[i])]
        if not wrong:
            return self._praised(answer)
        for verdict, outcomes in self.known:
            if len(outcomes) == len(found) and all(map(same_outcome, found, outcomes)):
                return verdict
        return Verdict(False, self._unknown(answer, found, wrong))

    def _praised(self, answer):
        found = self.check(answer) if self.check else None
        count = len(self.trials)
        return found or Verdict(True, f"Agrees on {count} trials. {self.why}".rstrip())

    def _unknown(self, answer, found, wrong):
        raised = [i for i in wrong if isinstance(found[i], Raised)]
        # what agrees on one trial by chance is not to be praised: the trial that shows most is told
        at = raised[0] if raised else min(wrong, key=lambda i: share(found[i], self.right[i]))
        tried = self.told(self.trials[at])
        # on every trial: two of chance may be equal on one
        for before, trial in zip(found, self.trials, strict=True):
            again = _kept(run(answer, copies(trial)))
            if same_outcome(before, before) and not same_outcome(again, before):
                return f"Tried twice with {self.told(trial)}. {self.differing}"
        if raised:
            name, message, line = found[at]
            where = f", line {line}" if line else ""
            return f"Tried with {tried}, it raises {name}{where}: {message[:120]}"
        if self._shifted(found):
            return "On every trial it is off by the same number: a constant is added."
        # a length explains a factor only if it does so on every trial
        reasons = [{what for _, what in self._sizes(self.trials[i])} for i in wrong]
        reasons = {what for what in set.intersection(*reasons)
                   if all(what in self._said(found, i, {what}) for i in wrong)}  # fmt: skip
        return f"Tried with {tried}. {self._said(found, at, reasons)}"

    def _shifted(self, found):
        """Tell whether every trial's result, a number, is off by the same amount."""
        pairs = [(numbers(f), numbers(r)) for f, r in zip(found, self.right, strict=True)]
        if len(pairs) < 3 or any(n is None or n.ndim for pair in pairs for n in pair):
            return False
        off = np.array([f - r for f, r in pairs])
        if not np.isfinite(off).all():
            return False
        return agrees(off, np.full(len(off), off.mean())) and len({float(r) for _, r in pairs}) > 2

    def _said(self, found, i, reasons):
        sizes = [size for size in self._sizes(self.trials[i]) if size[1] in reasons]
        return difference(found[i], self.right[i], self.results, sizes, self.trials[i])

    def _sizes(self, trial):
        """Return (length, what has it) for the arrays of a trial, columns before rows."""
        return [
            (length, f"the number of {'columns' if axis else 'rows'} of {name}")
            for name, value in zip(self.arguments, trial, strict=False)
            if isinstance(value, np.ndarray) and value.ndim == 2
            for axis, length in reversed(list(enumerate(value.shape)))
        ]

    def told(self, trial):
        """Return a trial in words: numbers by value, networks by their sizes; or arrays by shape."""
        words = [(name, _words(value)) for name, value in zip(self.arguments, trial, strict=False)]
        brief = [f"{n} {said}" for n, said in words if said and not said.startswith(("of", "with"))]
        brief = brief or [f"{name} {said}" for name, said in words if said]
        at = [trial is one for one in self.trials].index(True)
        return ", ".join(brief) if len(brief) < 4 else f"trial {at + 1} of {len(self.trials)}"


def _words(value):
    if isinstance(value, np.ndarray) and value.ndim:
        return f"of shape {value.shape}"
    if isinstance(value, dict) and all(hasattr(layer, "w") for layer in value.values()):
        sizes = [value[min(value)].w.shape[1], *(layer.w.shape[0] for layer in value.values())]
        return "-".join(map(str, sizes))
    if isinstance(value, int | float | np.number):
        return minus(f"= {value:.4g}")
    if isinstance(value, dict) and 0 < len(value) <= 8 and all(map(_plain, value.values())):
        return f"= {{{', '.join(f'{key}: {v:.4g}' for key, v in value.items())}}}"
    if isinstance(value, dict):
        return f"with the keys {', '.join(map(str, value))}"
    return getattr(value, "name", "")


def _plain(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kept(outcome):
    try:
        return copy.deepcopy(outcome)
    except Exception:  # a generator cannot be copied, and is no result either
        return outcome


def copies(trial):
    # functions, wherever they are, remain themselves: what is copied is what holds them
    return tuple(copy.deepcopy(v, {id(f): f for f in _callables(v)}) for v in trial)


def _callables(value):
    if callable(value):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [f for v in value for f in _callables(v)] if isinstance(value, tuple | list) else []


def unchanged(given, trial):
    return all(map(_same, given, trial))


def _same(given, expected):
    # layers are named tuples in a dict; whatever an answer put there may not know how to be equal
    if callable(expected) or type(given) is not type(expected):
        return given is expected
    if isinstance(expected, dict):
        return given.keys() == expected.keys() and all(_same(given[k], expected[k]) for k in given)
    if isinstance(expected, tuple | list):
        return len(given) == len(expected) and all(map(_same, given, expected))
    if isinstance(expected, np.ndarray):
        return given.dtype == expected.dtype and np.array_equal(given, expected)
    return given == expected
