"""stored: what takes long is computed once for a state of the code, while the site is built.

The build has a cache for each state of the packages and of Python (book/_ext/execution.py). What a
function has given lies there too, under a hash of all that it depends on: its arguments, its code,
and the values and the code that the names in it stand for, wherever in the notebook they do. So an
edit computes anew what depends on it, and nothing else. Where no site is built, nothing is stored.
"""

import functools
import hashlib
import io
import os
import pickle
from pathlib import Path
from types import CodeType

import cloudpickle
import numpy as np

from . import BUILDING
from .files import write_whole


def stored(function):
    """Return function such that a build stores what it gives.

    It must give the same for the same arguments, and do nothing else. Raises TypeError where it is
    given a generator of random numbers or uses one from outside: stored, it would not draw from it.
    """

    @functools.wraps(function)
    def found(*given, **named):
        folder = os.environ.get(BUILDING)
        if not folder:
            return function(*given, **named)
        file = Path(folder) / "stored" / state((function, given, named))
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, cloudpickle.dumps(function(*given, **named)))
        return pickle.loads(file.read_bytes())  # the first time too: always the same

    return found


def state(value):
    """Return a hash of a value; what is defined in a notebook counts with all that it uses."""
    whole = io.BytesIO()
    _Whole(whole).dump(value)
    return hashlib.sha256(whole.getvalue()).hexdigest()[:24]


class _Whole(cloudpickle.Pickler):
    """Pickles a notebook's functions and classes with the code and the values that they use."""

    def __init__(self, file):
        super().__init__(file)
        self.classes = []

    def reducer_override(self, value):
        if isinstance(value, np.random.Generator):
            raise TypeError("a stored function draws from a generator that it makes itself")
        if isinstance(value, functools._lru_cache_wrapper):
            return tuple, ([value.__wrapped__],)
        if isinstance(value, CodeType):  # without the place where it stands
            code = value.co_code, value.co_consts, value.co_names, value.co_varnames
            return tuple, ([*code, value.co_freevars, value.co_flags, value.co_exceptiontable],)
        if isinstance(value, type) and value.__module__ == "__main__":
            if value in self.classes:
                return str, (value.__qualname__,)
            self.classes.append(value)
            held = {k: v for k, v in vars(value).items() if k not in ("__dict__", "__weakref__")}
            return tuple, ([value.__qualname__, value.__bases__, held],)
        return super().reducer_override(value)
