"""The face of an exercise on the published page: fields, and the verdict on every answer.

The verdicts are computed when the page is built, by the grader that judges in a notebook. A small
script (book/_assets/exercise.js) looks them up.
"""

import html
import itertools
import json
import math
import operator
from typing import NamedTuple

from ..notation import minus
from .derivations import shown
from .edits import ARROW, edited
from .verdict import Verdict

MORE = {2: "Another mistake follows."} | {n: f"{n - 1} more mistakes follow." for n in range(3, 20)}
UNCHANGED = "Nothing is changed yet."
MOST = 600  # combinations of one exercise; each is run at build


class Slot(NamedTuple):
    """A field to choose in: where it stands, what it offers, and what is chosen at the start."""

    label: str
    options: list[str]
    start: int | None = None


class Face(NamedTuple):
    """What the page shows: pieces of text around the slots, the verdict on each combination
    (the last slot fastest), and then numbers to type: (label, windows, verdict on all else)."""

    pieces: list[str]
    slots: list[Slot]
    verdicts: list[Verdict]
    numbers: list[tuple]
    code: bool = False
    solution: int | None = None  # the combination that the solution has; else the first right one


# ---- faces ----


def slots_of(judge, planted=()):
    """Return (pieces, slots, said) of a FunctionJudge's source: a slot wherever an edit changes it.

    said holds, for each slot, {option: what is wrong with it}.
    """
    source, spans = judge.source, []  # (start, end, edits), those that overlap made one
    for edit in {**judge.edits, **judge.forms}:
        if ARROW not in edit or "\n" in edit:
            continue
        old = edit.partition(ARROW)[0]
        start = source.index(old)
        span = (start, start + len(old), [edit])
        for other in [s for s in spans if s[0] < span[1] and span[0] < s[1]]:
            spans.remove(other)
            span = (min(span[0], other[0]), max(span[1], other[1]), other[2] + span[2])
        spans.append(span)
    pieces, slots, said, at = [], [], [], 0
    for count, (start, end, edits) in enumerate(sorted(spans), 1):
        text = source[start:end]
        made = {edited(text, edit): edit for edit in edits}
        options = sorted({text, *made})
        chosen = [option for option, edit in made.items() if edit in planted]
        begin = options.index(chosen[0] if chosen else text) if planted else None
        slots.append(Slot(f"part {count} of {len(spans)}", options, begin))
        said.append({o: judge.edits[edit] for o, edit in made.items() if edit in judge.edits})
        pieces.append(source[at:start])
        at = end
    return [*pieces, source[at:]], slots, said


def code_face(judge, planted=()):
    """The source with its slots; every combination is made into a function and judged."""
    pieces, slots, said = slots_of(judge, planted)
    beginning = tuple(slot.start is not None and slot.options[slot.start] for slot in slots)
    judged = {c: judge(judge.made(_joined(pieces, c))) for c in _combinations(slots)}
    own = next(chosen for chosen in judged if _joined(pieces, chosen) == judge.source)
    rights = [own, *(chosen for chosen, verdict in judged.items() if verdict.right)]
    verdicts = []
    for chosen, verdict in judged.items():
        if chosen == beginning:  # the mistake is to be found, not to be told
            verdicts.append(Verdict(None, UNCHANGED))
            continue
        # two turned signs may be as right as none: mistakes are counted from the nearest right one
        near = min(rights, key=lambda right: sum(map(operator.ne, chosen, right)))
        wrong = [
            of[option]
            for of, option, right in zip(said, chosen, near, strict=True)
            if option != right and option in of
        ]
        named = verdict.message.removesuffix(" Another mistake follows.")
        # what was chosen is known here: the grader sees a function alone, and pairs at the most;
        # but where two mistakes come to a single other one, that is what the code does
        single = verdict.form or verdict.message in judge.edits.values()
        unnamed = not single and named not in wrong
        if verdict.right is False and wrong and (unnamed or len(wrong) > 2):
            verdict = Verdict(False, f"{wrong[0]} {MORE.get(len(wrong), '')}".rstrip())
        verdicts.append(verdict)
    return Face(pieces, slots, verdicts, [], code=True, solution=list(judged).index(own))


def _combinations(slots):
    count = math.prod(len(s.options) for s in slots)
    if count > MOST:
        raise ValueError(
            f"{' x '.join(str(len(s.options)) for s in slots)} = {count} combinations; at most "
            f"{MOST} are run: fewer edits of one line are needed"
        )
    return itertools.product(*(s.options for s in slots))


def _joined(pieces, chosen):
    return "".join(a + b for a, b in itertools.zip_longest(pieces, chosen, fillvalue=""))


def number_face(judge, label="Your answer"):
    return Face([""], [], [], [_typing(label, judge)])


def _typing(label, judge):
    return label, judge.windows(), judge("1e300")


def choice_face(judge):
    slots = [Slot("Choice", list(judge.choices)), Slot("Reason", list(judge.reasons))]
    verdicts = [judge.of(*chosen) for chosen in _combinations(slots)]
    return Face(["", "", ""], slots, verdicts, [])


def claim_face(judge):
    slots = [Slot(n, list(map(_text, values))) for n, values in judge.fields.items()]
    list(_combinations(slots))
    verdicts = [judge(values) for values in itertools.product(*judge.fields.values())]
    return Face([""] * (len(slots) + 1), slots, verdicts, [])


def _text(value):
    """Return what a field offers as the text writes it: a count in full, as 14,745,600."""
    if isinstance(value, str):
        return value
    return minus(f"{value:,}" if isinstance(value, int) else f"{value:g}")


def lines_face(start, lines, quantities):
    """Choose each line of a derivation, then type its result at two points."""
    slots = [Slot(line.reason, sorted(map(shown, [line.right, *line.wrong]))) for line in lines]
    verdicts = []
    for chosen in _combinations(slots):
        wrong = [
            f"Line {count}: {said}"
            for count, (line, text) in enumerate(zip(lines, chosen, strict=True), 1)
            for other, said in line.wrong.items()
            if shown(other) == text
        ]
        verdicts.append(
            Verdict(not wrong, wrong[0] if wrong else "Every line equals the one before.")
        )
    numbers = [_typing(label, judge) for label, judge in quantities]
    return Face([f"{shown(start)}\n", *["\n"] * len(slots)], slots, verdicts, numbers)


# ---- HTML ----


def page(number, face: Face):
    """Return the form of an exercise, with its verdicts as data."""
    texts = list(dict.fromkeys(
        str(v) for v in [*face.verdicts, *(v for _, windows, other in face.numbers
                                           for v in [*(w.verdict for w in windows), other])]
    ))  # fmt: skip
    at = {text: i for i, text in enumerate(texts)}
    data = {
        "verdicts": texts,
        "table": [at[str(v)] for v in face.verdicts],
        "numbers": [
            [[[w.low, w.high, at[str(w.verdict)]] for w in windows], at[str(other)]]
            for _, windows, other in face.numbers
        ],
    }
    if face.slots:
        first = next((i for i, v in enumerate(face.verdicts) if v.right), 0)
        data["solution"] = first if face.solution is None else face.solution
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    uid = f"exercise-{number.replace('.', '-')}"
    fields = [_field(f"{uid}-{i}", slot, face.code) for i, slot in enumerate(face.slots)]
    body = _joined([html.escape(piece) for piece in face.pieces], fields)
    if face.code:
        lines = "".join(map(_line, body.rstrip().split("\n")))
        body = f'<pre class="exercise-code"><code>{lines}</code></pre>'
    typing = "".join(
        f'<p><label for="{uid}-n{i}">{html.escape(label)}</label> '
        f'<input id="{uid}-n{i}" inputmode="text" autocomplete="off" size="14"></p>'
        for i, (label, _, _) in enumerate(face.numbers)
    )
    return (
        f'<form class="exercise" data-exercise="{number}" aria-label="Exercise {number}">\n'
        f"{body}{typing}\n"
        f'<p class="exercise-actions"><button type="submit">Check</button> '
        f'<button type="button" class="give-up">Give up</button></p>\n'
        f'<p class="verdict" role="status"></p>\n'
        f"<noscript><p>Without JavaScript this page cannot check an answer; the notebook can.</p>"
        f"</noscript>\n"
        f'<script type="application/json">{packed}</script>\n</form>'
    )


def _line(body):
    """Return a line of code that goes on, where it must, further in than it began."""
    code = body.lstrip(" ")
    return f'<span style="--indent: {len(body) - len(code)}">{code}</span>'


def _field(uid, slot, code):
    label = html.escape(slot.label)
    if not code and max(map(len, slot.options)) > 24:  # sentences: all in view
        radios = "".join(
            f'<label><input type="radio" name="{uid}" value="{i}"> {html.escape(text)}</label>'
            for i, text in enumerate(slot.options)
        )
        return f"<fieldset><legend>{label}</legend>{radios}</fieldset>"
    empty = "" if slot.start is not None else '<option value="" selected>choose …</option>'
    options = "".join(
        f'<option value="{i}"{" selected" if i == slot.start else ""}>'
        f"{html.escape(text.strip()) or '(nothing)'}</option>"
        for i, text in enumerate(slot.options)
    )
    field = f'<select name="{uid}" aria-label="{label}">{empty}{options}</select>'
    return field if code else f"<p><label>{label} {field}</label></p>"
