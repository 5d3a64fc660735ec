"""What the playground's page says of what was asked, and what it keeps: nothing is lost unsaid."""

import re

import pytest
from conftest import PAGES
from playwright.sync_api import expect
from test_playground import PAGE, costs, idle, named, open_all, playing, press, state, train, typed

pytestmark = pytest.mark.skipif(PAGE not in PAGES, reason="the site is not built: run make book")
KEPT_BACK = "Sample 101 is kept for validation"
OWN = "data=own&own=-1,0,0;1,0,1;0.5,0.5,1"


def settled(page):
    """Wait until the gradient check has come too, after all that was asked."""
    page.wait_for_timeout(300)
    return idle(page)


def trained_until(page, said):
    """Train until the status line says so, and it has come to rest."""
    page.locator("[data-do=train]").press("Enter")
    expect(page.locator(".pg-status")).to_contain_text(said)
    settled(page)


# ---- refusals ----


def test_a_refusal_stands_until_something_else_is_asked(site, browser):
    with playing(browser) as page:
        typed(page, "sample", "101")
        press(page, "sample")
        settled(page)
        expect(page.locator(".pg-status")).to_contain_text(KEPT_BACK)
        press(page, "batch")
        expect(page.locator(".pg-status")).not_to_contain_text(KEPT_BACK)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_refusal_is_seen_while_it_trains(site, browser, width):
    with playing(browser, width=width) as page:
        typed(page, "sample", "101")
        page.locator("[data-do=train]").press("Enter")
        expect(page.locator(".pg-status")).to_have_text("Training.")
        page.locator("[data-do=sample]").press("Enter")
        expect(page.locator(".pg-status")).to_contain_text(KEPT_BACK)
        expect(page.locator(".pg-status")).to_be_visible()
        assert page.locator(".pg-status").get_attribute("aria-live") == "polite"
        named(page, "rate").fill("0.2")
        named(page, "rate").press("Enter")
        expect(page.locator(".pg-status")).to_have_text("Training.")
        page.locator("[data-do=train]").press("Enter")
        idle(page)


def test_a_sweep_that_cannot_be_is_refused_beside_its_button(site, browser):
    with playing(browser, OWN) as page:
        open_all(page)
        named(page, "over").select_option("noise")
        press(page, "sweep")
        settled(page)
        expect(page.locator(".pg-progress")).to_contain_text("Points of your own are taken")


def test_a_sweep_names_what_it_was_run_on(site, browser):
    with playing(browser, "data=moons&hidden=3") as page:
        open_all(page)
        typed(page, "length", "2")
        page.locator("[data-do=sweep]").press("Enter")
        expect(page.locator(".pg-progress")).to_contain_text("done")
        named(page, "data").select_option("blobs")
        settled(page)
        expect(page.locator(".pg-swept caption")).to_contain_text(
            "2-3-2 on two moons after 2 epochs"
        )


def test_after_the_last_epoch_of_its_rule_it_says_how_to_go_on(site, browser):
    with playing(browser, "stop=epochs&stopAt=2") as page:
        trained_until(page, "2 epochs are done.")
        before = costs(page)
        page.locator("[data-do=train]").press("Enter")
        settled(page)
        expect(page.locator(".pg-status")).to_contain_text("Rewind to train anew")
        assert costs(page) == before
        typed(page, "stopAt", "4")
        page.locator("[data-do=train]").press("Enter")
        expect(page.locator(".pg-status")).to_contain_text("4 epochs are done.")


def test_what_is_no_number_is_said_to_be_none(site, browser):
    with playing(browser) as page:
        field = page.locator(".pg-layer [name=hidden]").first
        field.fill("two")
        field.press("Enter")
        idle(page)
        expect(page.locator(".pg-layer").first).to_contain_text("Hidden layer 1 is no number")


# ---- links ----


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("data=moons", "data=moons&rate=99999", "rate is 99999"), ("", "foo=1", "no setting “foo”")],
)
def test_a_link_that_changes_nothing_says_what_it_left_out(site, browser, first, second, said):
    with playing(browser, first) as page:
        page.evaluate("hash => { location.hash = hash }", f"#playground:{second}")
        expect(page.locator(".pg-notice")).to_contain_text(said)
        assert state(page) == first


# ---- curves ----


def test_a_fifth_curve_is_refused_and_each_can_be_forgotten(site, browser):
    with playing(browser) as page:
        for rate in ("0.01", "0.03", "0.1", "0.3", "1"):
            typed(page, "rate", rate)
            press(page, "rewind")
            press(page, "keep")
        expect(page.locator(".pg-status")).to_contain_text("forget one of them first")
        runs = page.locator(".pg-runs li")
        rates = [re.search(r"rate (\d\.?\d*)", text)[1] for text in runs.all_text_contents()]
        assert [float(rate.rstrip(".")) for rate in rates] == [0.01, 0.03, 0.1, 0.3, 1]
        button = page.get_by_role("button", name="forget curve 2")
        button.press("Enter")
        expect(page.locator(".pg-status")).to_have_text("Curve 2 is forgotten.")
        assert runs.count() == 4
        assert "rate 0.03" not in "".join(runs.all_text_contents())
        expect(page.get_by_role("button", name="forget curve 1")).to_be_focused()
        press(page, "keep")
        assert runs.count() == 5
        expect(runs.last.locator("button")).to_be_hidden()


def test_a_curve_kept_after_going_back_has_the_costs_of_the_weights_that_came_back(site, browser):
    address = "data=moons&points=40&noise=0.35&hidden=8,8&optimizer=adam&rate=0.03&batch=20"
    with playing(browser, f"{address}&stop=patience&stopAt=20") as page:
        trained_until(page, "back to the weights")
        press(page, "keep")
        kept, shown = page.locator(".pg-runs li").all_text_contents()
        assert "Back to epoch 11. Cost 0.258, validation 0.34." in kept
        assert "Back to epoch 11. Cost 0.258, validation 0.34." in shown
        press(page, "epoch")
        expect(page.locator(".pg-status")).to_contain_text("the address does not lead here")


def test_a_curve_is_named_by_what_its_steps_were_made_with(site, browser):
    with playing(browser) as page:
        press(page, "epoch")
        press(page, "keep")
        typed(page, "rate", "0.5")  # no step yet
        texts = page.locator(".pg-runs li").all_text_contents()
        assert not any("rate" in text or "changed" in text for text in texts)
        press(page, "epoch")
        named(page, "optimizer").select_option("adam")
        typed(page, "rate", "0.03")
        press(page, "epoch")
        last = page.locator(".pg-runs li span").last
        expect(last).to_contain_text(
            "2: run 2; from epoch 1 on rate 0.5; from epoch 2 on optimizer Adam, rate 0.03. Cost"
        )
        press(page, "rewind")
        expect(last).to_contain_text("2: optimizer Adam, rate 0.03. Cost")


def test_a_cost_beyond_all_digits_keeps_its_exponent(site, browser):
    state_ = "data=curve&pair=identityQuadratic&hidden=8&sigma=relu&rate=3"
    with playing(browser, f"{state_}&stop=epochs&stopAt=50") as page:
        trained_until(page, "50 epochs are done.")
        press(page, "batch")
        exact = page.locator("[data-exact=cost]").text_content()
        assert exact.endswith("e+300")
        shown = page.locator("[data-short=cost]").text_content()
        assert float(shown) == pytest.approx(float(exact), rel=1e-3)


def test_a_sweeps_table_says_when_the_settings_are_others(site, browser):
    with playing(browser) as page:
        open_all(page)
        typed(page, "length", "1")
        named(page, "over").select_option("optimizer")
        page.locator("[data-do=sweep]").press("Enter")
        expect(page.locator(".pg-progress")).to_contain_text("All run at the rate 0.1")
        expect(page.locator(".pg-since")).to_be_hidden()
        typed(page, "rate", "0.5")
        expect(page.locator(".pg-since")).to_be_visible()


# ---- what is set ----


def test_the_card_of_a_recipe_says_when_the_settings_are_others(site, browser):
    with playing(browser) as page:
        page.get_by_role("link", name="A dead ReLU").press("Enter")
        idle(page)
        expect(page.locator(".pg-changed")).to_be_hidden()
        named(page, "data").select_option("xor")
        idle(page)
        expect(page.locator(".pg-changed")).to_be_visible()
        named(page, "data").select_option("circle")
        idle(page)
        page.get_by_role("link", name="A dead ReLU").last.press("Enter")
        idle(page)
        expect(page.locator(".pg-changed")).to_be_hidden()


def test_the_output_stays_frozen_when_a_layer_comes_or_goes(site, browser):
    with playing(browser, "frozen=3") as page:
        press(page, "deeper")
        assert "frozen=4" in state(page)
        expect(page.get_by_role("checkbox", name="output: frozen")).to_be_checked()
        press(page, "shallower")
        press(page, "shallower")
        assert "frozen=2" in state(page)


@pytest.mark.parametrize("asked", ["edit", "keepWeights"])
def test_weights_of_ones_own_are_told_and_can_be_taken_back(site, browser, asked):
    with playing(browser) as page:
        open_all(page)
        before = costs(page)
        expect(page.locator(".pg-mine")).to_be_hidden()
        if asked == "edit":
            page.locator("[data-edit='0']").fill("3")
            page.locator("[data-edit='0']").press("Enter")
            idle(page)
            said = "1 weight is set by hand."
        else:
            press(page, "epoch")
            press(page, "keepWeights")
            said = "The starting weights are your own."
        expect(page.locator(".pg-mine span")).to_have_text(said)
        assert costs(page) != before
        press(page, "undo")
        assert costs(page) == before
        assert state(page) == ""
        expect(named(page, "neuron")).to_be_focused()


def test_a_neuron_that_is_picked_as_it_goes_does_no_harm(site, browser):
    with playing(browser, "hidden=8,8&sigma=tanh,tanh") as page:
        page.evaluate(
            """() => { const size = document.querySelector(".pg-layer [name=hidden]");
              const neuron = document.querySelector("[data-neuron='1,7']");
              size.value = "2";
              size.dispatchEvent(new Event("change", { bubbles: true }));
              neuron.dispatchEvent(new MouseEvent("click", { bubbles: true })); }"""
        )
        settled(page)
        expect(page.locator("#pg-neuron")).to_have_text("Neuron 2 of layer 1")
        train(page)


def test_points_from_before_are_one_step_back(site, browser):
    with playing(browser, OWN) as page:
        named(page, "data").select_option("circle")
        idle(page)
        open_all(page)
        typed(page, "x", "0.1")
        typed(page, "y", "0.2")
        press(page, "add")
        expect(page.locator(".pg-notice")).to_contain_text("one step back")
        assert state(page).count(";") == 200
        page.go_back()
        page.wait_for_function("!location.hash.includes('data=own')")
        idle(page)
        named(page, "data").select_option("own")
        idle(page)
        assert state(page) == OWN


def test_the_program_follows_what_is_changed_while_it_trains(site, browser):
    with playing(browser) as page:
        open_all(page)
        page.locator("[data-do=train]").press("Enter")
        expect(page.locator(".pg-status")).to_have_text("Training.")
        named(page, "rate").fill("0.7")
        named(page, "rate").press("Enter")
        expect(page.locator(".pg-code")).to_contain_text("rate=0.7")
        expect(page.locator(".pg-homesaid")).to_contain_text("changed on the way")
        page.locator("[data-do=train]").press("Enter")
        idle(page)
        typed(page, "homeEpochs", "2000")
        expect(page.locator(".pg-code")).to_be_empty()
        expect(page.locator("[data-do=download]")).to_be_disabled()
        typed(page, "homeEpochs", "3")
        expect(page.locator(".pg-code")).to_contain_text("range(1, 4)")
        expect(page.locator("[data-do=download]")).to_be_enabled()
