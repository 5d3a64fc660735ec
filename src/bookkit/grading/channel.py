"""Values and calls between two processes, one of which is not to be trusted.

A message is one line of JSON. Nothing that arrives is ever run or unpickled: what comes out of it is
numbers, texts, arrays and the containers of them. A function stays where it is; the other side gets
something to call, and the call travels.
"""

import base64
import builtins
import json
import socket
import time
from collections.abc import Mapping

import numpy as np

from backprop.activations import Activation
from backprop.network import Layer

from ..exercises.running import Changed, Raised, Stopped

LONGEST = 32 * 2**20  # bytes of one message
NAMED = {kind.__name__: kind for kind in (Activation, Layer, Raised, Stopped, Changed)}


class Lost(Exception):
    """The other side has ended, is too late, or says what cannot be understood."""


class Channel:
    """One end of a socket. deadline is what time.monotonic() may reach; None is never."""

    def __init__(self, end: socket.socket, deadline=None):
        self.end, self.deadline = end, deadline
        self.functions, self.waiting = [], b""

    # ---- messages ----

    def send(self, message: Mapping):
        """Send a message; its values must be packed already."""
        self._hurry()
        try:
            self.end.sendall(json.dumps(message, separators=(",", ":")).encode() + b"\n")
        except OSError as error:
            raise Lost(self._why()) from error

    def receive(self) -> dict:
        """Return the next message."""
        while b"\n" not in self.waiting:
            self._hurry()
            try:
                more = self.end.recv(65536)
            except OSError as error:
                raise Lost(self._why()) from error
            if not more:
                raise Lost("it ended")
            self.waiting += more
            if len(self.waiting) > LONGEST:
                raise Lost("it returned more than 32 megabytes")
        line, _, self.waiting = self.waiting.partition(b"\n")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Lost("it said what is no message") from error
        if not isinstance(message, dict):
            raise Lost("it said what is no message")
        return message

    def _hurry(self):
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise Lost("its time is over")
            self.end.settimeout(left)

    def _why(self):
        late = self.deadline is not None and time.monotonic() >= self.deadline
        return "its time is over" if late else "it ended"

    # ---- values ----

    def packed(self, value):
        """Return a value as JSON; what it cannot be is named by its type alone."""
        try:
            return self._packed(value)
        except Exception:  # whatever an answer's own object says when it is looked at
            return {"other": type(value).__name__[:40]}

    def _packed(self, value):
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, np.generic):
            return {"scalar": self._packed(np.asarray(value))}
        if isinstance(value, float):
            return float(value)
        if isinstance(value, int):  # JSON's numbers are floats to others
            return int(value) if abs(value) < 2**53 else {"int": str(int(value))}
        if isinstance(value, str):
            return str(value)
        if isinstance(value, complex):
            return {"complex": [value.real, value.imag]}
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, tuple) and type(value).__name__ in NAMED:
            return {type(value).__name__: [self._packed(one) for one in value]}
        if isinstance(value, list):
            return [self._packed(one) for one in value]
        if isinstance(value, tuple):
            return {"tuple": [self._packed(one) for one in value]}
        if isinstance(value, dict):
            return {"dict": [[self._packed(k), self._packed(v)] for k, v in value.items()]}
        if callable(value):
            if hasattr(value, "_there"):
                return {"yours": value._there}
            self.functions.append(value)
            return {"function": len(self.functions) - 1}
        return {"other": type(value).__name__[:40]}

    def _array(self, array):
        if array.dtype.kind == "O":
            return {
                "objects": [self._packed(one) for one in array.ravel()],
                "shape": list(array.shape),
            }
        if array.dtype.kind not in "biufcU":
            return {"other": "ndarray"}
        data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
        return {"array": data, "type": array.dtype.str, "shape": list(array.shape)}

    def unpacked(self, packed):
        """Return the value of what packed returned on the other side; Lost where it is nothing."""
        try:
            return self._unpacked(packed)
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            RecursionError,
            OverflowError,
        ) as error:
            raise Lost("it returned what is no value") from error

    def _unpacked(self, packed):
        if packed is None or isinstance(packed, bool | int | float | str):
            return packed
        if isinstance(packed, list):
            return [self._unpacked(one) for one in packed]
        kind, inner = next(iter(packed.items()))
        if kind in NAMED:
            return NAMED[kind](*(self._unpacked(one) for one in inner))
        match kind:
            case "scalar":
                return self._unpacked(inner).reshape(())[()]
            case "int":
                return int(inner)
            case "complex":
                return complex(*inner)
            case "array":
                kept = np.dtype(packed["type"])
                if kept.kind not in "biufcU":
                    raise ValueError(kept)
                data = base64.b64decode(inner, validate=True)
                return np.frombuffer(data, kept).reshape(packed["shape"]).copy()
            case "objects":
                array = np.empty(len(inner), object)
                for at, one in enumerate(inner):
                    array[at] = self._unpacked(one)
                return array.reshape(packed["shape"])
            case "tuple":
                return tuple(self._unpacked(one) for one in inner)
            case "dict":
                return {self._unpacked(k): self._unpacked(v) for k, v in inner}
            case "function":
                return self.there(int(inner))
            case "yours":
                return self.functions[inner]
            case "other":
                return type(str(inner)[:40], (), {})()
        raise ValueError(kind)

    # ---- calls ----

    def there(self, which):
        """Return a function that calls the other side's function of this number."""

        def call(*arguments):
            self.send({"call": which, "arguments": self.packed(list(arguments))})
            return self._returned(self.receive())

        call._there = which
        return call

    def _returned(self, message):
        if "raised" in message:
            name, said = message["raised"]
            kind = getattr(builtins, str(name), None)
            known = isinstance(kind, type) and issubclass(kind, Exception)
            raise (kind if known else RuntimeError)(said)
        return self.unpacked(message.get("value"))

    def answer(self, message):
        """Call a function of this side, as the other side asked, and send what it returns."""
        arguments = self.unpacked(message.get("arguments"))
        try:
            function = self.functions[message["call"]]
            with np.errstate(all="ignore"):
                reply = {"value": self.packed(function(*arguments))}
        except Exception as error:
            reply = {"raised": [type(error).__name__, str(error)[:200]]}
        self.send(reply)
