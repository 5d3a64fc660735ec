"""A chapter's page as its reader works on it: exercises, predictions, checks, by keyboard."""

import re

import numpy as np
import pytest
from conftest import SITE, first_with, opened, parsed
from playwright.sync_api import expect

from bookkit.exercises import EXERCISES
from bookkit.exercises.quantities import ROUNDED

FORMED = sorted(
    str(p.relative_to(SITE))
    for p in SITE.glob("book/[0-9]*.html")
    if f"{int(p.name[:2])}.1" in EXERCISES
)
every_chapter = pytest.mark.parametrize("page_name", FORMED)

# What the script of the exercises alone decides is tried where each kind of question is met first.
KINDS = "form select", "form fieldset", "form input[inputmode]", ".exercise-code", ".optional"
few_chapters = pytest.mark.parametrize("page_name", first_with(FORMED, *KINDS))


def of_chapter(page_name):
    chapter = str(int(page_name.split("/")[1][:2]))
    return [number for number in EXERCISES if number.split(".")[0] == chapter]


def choose(page, slot, at):
    """Choose an option of a select or a group of radio buttons by keyboard, if it is not chosen."""
    options = "[...e.querySelectorAll('option[value]:not([value=\"\"]), input')]"
    if slot.evaluate(f"e => {options}.findIndex((o) => o.selected || o.checked)") == at:
        return
    if slot.evaluate("e => e.tagName") == "SELECT":
        empty = slot.locator("option[value='']").count()
        slot.focus()
        page.keyboard.press("Home")
        for _ in range(at + empty):
            page.keyboard.press("ArrowDown")
    else:
        radio = slot.locator("input").nth(at)
        radio.focus()
        page.keyboard.press("Space")


def answers(number, face):
    """Return [(options, numbers, verdict)]: the right answer, and one for each known mistake."""
    if face.slots:
        counts = [len(s.options) for s in face.slots]
        right = next(np.unravel_index(i, counts) for i, v in enumerate(face.verdicts) if v.right)
        found = [(right, str(face.verdicts[np.ravel_multi_index(right, counts)]))]
        for i, count in enumerate(counts):
            for at in range(count):
                if at != right[i]:
                    other = (*right[:i], at, *right[i + 1 :])
                    found.append((other, str(face.verdicts[np.ravel_multi_index(other, counts)])))
        typed = [f"{(w[0].low + w[0].high) / 2:.9g}".replace("-", "−") for _, w, _ in face.numbers]
        if face.numbers:
            found[0] = (right, str(face.numbers[-1][1][0].verdict))
        return [(options, typed, said) for options, said in found]
    [(_, windows, other)] = face.numbers
    tried = [
        ((), [f"{(w.low + w.high) / 2:.12g}"], str(w.verdict))
        for w in windows
        if w.verdict.message != ROUNDED  # around the right value too
    ]
    return [*tried, ((), ["12345,5"], str(other))]


# Give answers to an exercise, [options, numbers] each, by its fields, and return its verdicts.
GIVE = """(form, answers) => answers.map(([options, numbers]) => {
  form.querySelectorAll("select, fieldset").forEach((slot, i) => {
    const choices = [...slot.querySelectorAll("option:not([value='']), input")];
    const choice = choices[options[i]];
    if (choice.localName === "option") choice.selected = true;
    else choice.checked = true;
    slot.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.querySelectorAll("input[inputmode]").forEach((field, i) => {
    field.value = numbers[i];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.querySelector("[type=submit]").click();
  return form.querySelector(".verdict").innerText;
})"""


@every_chapter
def test_every_exercise_is_answered_right_and_with_each_mistake(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for number in of_chapter(page_name):
            form = page.locator(f"form[data-exercise='{number}']")
            slots, fields = form.locator("select, fieldset"), form.locator("input[inputmode]")
            told = form.locator(".verdict")
            expect(told).to_be_empty()
            tried = answers(number, EXERCISES[number].face())
            options, numbers, said = tried[0]  # by keyboard
            for i, at in enumerate(options):
                choose(page, slots.nth(i), int(at))
            for i, text in enumerate(numbers):
                fields.nth(i).fill(text)
            form.get_by_role("button", name="Check").focus()
            page.keyboard.press("Enter")
            assert told.inner_text() == " ".join(said.split())
            given = [[list(map(int, options)), numbers] for options, numbers, _ in tried]
            found = form.evaluate(GIVE, given)
            for verdict, (options, numbers, said) in zip(found, tried, strict=True):
                assert verdict == " ".join(said.split()), f"{number}: {options}, {numbers}"
        assert page.seen == []


@every_chapter
def test_the_code_of_an_exercise_fits_a_phone(site, browser, page_name):
    with opened(browser, site / page_name, width=390) as page:
        longest = """() => [...document.querySelectorAll(".exercise-code")].map((code) => {
          for (const select of code.querySelectorAll("select")) {
            const long = [...select.options].sort((a, b) => b.text.length - a.text.length);
            long[0].selected = true;
          }
          return code.scrollWidth - code.clientWidth;
        })"""
        assert max(page.evaluate(longest)) <= 0
        cut = """() => [...document.querySelectorAll(".exercise-code select")].flatMap((select) =>
          [...select.options].filter((option) => option.value).map((option) => {
            option.selected = true;
            select.dispatchEvent(new Event("change", { bubbles: true }));
            const [width, beneath] = [select.offsetWidth, select.nextElementSibling.textContent];
            select.style.maxWidth = "none";
            const whole = select.offsetWidth;
            select.style.maxWidth = "";
            return whole <= width || beneath === option.text ? "" : option.text;
          }).filter(Boolean))"""
        assert page.evaluate(cut) == []
        indents = """() => [...document.querySelectorAll(".exercise-code code > span")].map((line) =>
          [line.style.getPropertyValue("--indent"), parseFloat(getComputedStyle(line).paddingLeft)])"""
        left = {int(indent): at for indent, at in page.evaluate(indents)}
        steps = [left[i] for i in sorted(left)]
        assert steps == sorted({*steps})  # every indentation is to be seen


@every_chapter
def test_an_open_answer_is_asked_for_and_no_number_is_a_sentence(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for number in of_chapter(page_name):
            form = page.locator(f"form[data-exercise='{number}']")
            form.get_by_role("button", name="Check").press("Enter")
            # a planted mistake that stands as it stood is no attempt either
            expect(form.locator(".verdict")).to_have_text(re.compile(r"^… "))
            expect(form.get_by_role("button", name="Give up")).to_be_visible()
            solution = page.locator(
                f".cell:has(form[data-exercise='{number}']) + .cell details.hidden-cell"
            )
            expect(solution).to_be_hidden()
            if form.locator("input[inputmode]").count() == 1 and not form.locator("select").count():
                for text in ("a half", "1/0"):
                    form.locator("input").fill(text)
                    form.locator("input").press("Enter")
                    expect(form.locator(".verdict")).to_contain_text("this is no number")


@few_chapters
def test_a_solution_opens_after_an_attempt_or_on_giving_up(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        for number in of_chapter(page_name):
            form = page.locator(f"form[data-exercise='{number}']")
            solution = page.locator(
                f".cell:has(form[data-exercise='{number}']) + .cell details.hidden-cell"
            )
            expect(solution).to_be_hidden()
            form.get_by_role("button", name="Give up").press("Enter")
            expect(solution.locator(".cell_input").first).to_be_visible()
            expect(form.get_by_role("button", name="Give up")).to_be_hidden()
            if not form.locator("input[inputmode]").count():  # the right choices are made
                form.get_by_role("button", name="Check").press("Enter")
                expect(form.locator(".verdict")).to_have_text(re.compile("^✓ right"))


@few_chapters
def test_an_answer_is_remembered(site, browser, page_name):
    number = next(n for n in of_chapter(page_name) if EXERCISES[n].face().numbers)
    with opened(browser, site / page_name) as page:
        field = page.locator(f"form[data-exercise='{number}'] input[inputmode]").first
        field.fill("1/3")
        field.press("Enter")
        page.reload()
        expect(field).to_have_value("1/3")


@few_chapters
def test_a_prediction_hides_what_answers_it_until_it_is_made(site, browser, page_name):
    with opened(browser, site / page_name, skip=False) as page:
        count = page.locator(".prediction").count()
        assert count > 0
        for i in range(count):
            box = page.locator(".prediction").nth(i)
            answer = page.locator(".answer").nth(i)
            assert answer.get_attribute("hidden") is not None
            if i % 2:
                box.get_by_role("button", name="Skip").press("Enter")
            else:
                box.locator("input").first.focus()
                page.keyboard.press("Space")
            assert answer.get_attribute("hidden") is None
        page.reload()
        assert page.locator(".answer[hidden]").count() == 0
        assert page.seen == []


@few_chapters
def test_a_link_into_an_answer_opens_it(site, browser, page_name):
    with opened(browser, site / page_name, skip=False) as page:
        anchor = page.locator(".answer [id]:not(svg *)").first.get_attribute("id")
        page.evaluate("id => { location.hash = id }", anchor)
        expect(page.locator(f"#{anchor}")).to_be_in_viewport()


@every_chapter
def test_a_check_opens_below_its_equation_which_stays_in_view(site, browser, page_name):
    with opened(browser, site / page_name) as page:
        page.evaluate("document.querySelectorAll('.optional').forEach((d) => (d.open = true))")
        for check in page.locator("details.check").all():
            equation = check.locator("xpath=..").locator(".equation")
            badge = check.locator("summary")
            badge.focus()
            page.keyboard.press("Enter")
            expect(check.locator(".cell_input").last).to_be_visible()
            expect(equation).to_be_in_viewport()
            above, below = equation.bounding_box(), check.locator(".cell").first.bounding_box()
            assert below["y"] >= above["y"] + above["height"] - 1
            page.keyboard.press("Enter")


@few_chapters
def test_without_scripts_everything_is_open(site, browser, page_name):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / page_name).as_uri())
    assert page.locator(".answer[hidden]").count() == 0
    assert page.locator("form[data-exercise] noscript").count() > 0
    expect(page.locator("details.hidden-cell").last).to_be_visible()
    context.close()


@every_chapter
def test_figures_are_numbered_and_say_what_they_claim(site, page_name):
    page, chapter = parsed(site / page_name), int(page_name.split("/")[1][:2])
    captions = [c.get_text() for c in page.select(".cell figcaption:has(> strong)")]
    pictures = [
        f for f in page.select(".cell_output .figure-svg") if not f.find_parent(class_="explorer")
    ]
    assert len(captions) == len(pictures), "a figure without a caption"
    for count, caption in enumerate(captions, 1):
        assert caption.startswith(f"Figure {chapter}.{count}. ")
        assert len(caption) > 40
