"""Formulas as HTML: valid for every browser, and never dead by chance."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from katex_starts import katex_html, left_over, start

# how many children MathML wants; a browser shows an element with more as an error, or drops it
ARITY = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}
MATH = re.compile(r"<math.*?</math>", re.S)


def malformed(html):
    """Return the elements of a page's MathML that have too few or too many children."""
    return [
        ElementTree.tostring(element, "unicode")
        for math in MATH.findall(html.replace("&nbsp;", " "))
        for element in ElementTree.fromstring(math).iter()
        if len(element) != ARITY.get(element.tag.rpartition("}")[2], len(element))
    ]


@pytest.mark.parametrize(
    "latex",
    [
        r"\lambda_{\min}",
        r"\lambda_{\max}^{\log}",
        r"\frac{\log}{\sin}",
        r"x^{\operatorname{sign}}",
        r"\hat{\log}",
        r"\sum_{\min}^{\max} x",
        r"\sqrt[\log]{\min}",
        r"\underset{\min}{\to}",
        r"\overbrace{\min}^{\max}",
        r"\begin{aligned} a_{\min} &= b_{\max} \end{aligned}",
    ],
)
def test_a_function_in_an_index_is_one_element(latex):
    assert malformed(katex_html.render(latex, display=True)) == []


def test_every_formula_of_the_site_is_valid(site):
    pages = [page.read_text("utf8") for page in sorted(site.glob("book/*.html"))]
    assert any(MATH.search(page) for page in pages)
    assert [found for page in pages for found in malformed(page)] == []


def test_a_formula_is_inline_or_displayed():
    assert 'class="katex-display"' in katex_html.render(r"x^2", display=True)
    assert 'class="katex-display"' not in katex_html.render(r"x^2")


def test_an_unreadable_formula_spoils_no_other():
    results = katex_html.run([("x", False), (r"\nosuchcommand", False), ("y", True)])
    assert [list(result) for result in results] == [["html"], ["error"], ["html"]]
    with pytest.raises(katex_html.FormulaError, match="nosuchcommand"):
        katex_html.render(r"\nosuchcommand")


def test_known_formulas_start_nothing(monkeypatch):
    formulas = [("a+b", False), ("a+b", True), ("a+b", False)]
    katex_html.prepare(formulas)
    monkeypatch.setattr(katex_html, "run", None)
    katex_html.prepare(formulas)
    assert katex_html.render("a+b", display=True)


def test_the_renderer_starts_every_time_and_ends():
    assert start(10) == []
    assert left_over() == []


def test_a_renderer_that_gives_no_answer_is_ended_and_named(monkeypatch, tmp_path):
    script = tmp_path / "endless.js"
    script.write_text("setInterval(() => {}, 1000)", "utf8")
    monkeypatch.setattr(katex_html, "SCRIPT", script)
    monkeypatch.setattr(katex_html, "SECONDS", 0.2)
    with pytest.raises(katex_html.RendererError, match=r"no answer for 1 formulas in 0\.2 seconds"):
        katex_html.run([("x", False)])
    assert left_over() == []


def test_a_renderer_that_fails_is_told_with_its_reason(monkeypatch, tmp_path):
    monkeypatch.setattr(katex_html, "KATEX", tmp_path / "lost.js")
    with pytest.raises(katex_html.RendererError, match=r"(?s)status 1: .*lost\.js"):
        katex_html.run([("x", False)])
