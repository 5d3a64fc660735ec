// book.css leaves what is far from the screen undrawn, so that a long page appears at once and takes
// an input while it loads. When the browser is idle all of it is drawn, a few boxes in each frame: a
// picture of the whole page shall not show empty boxes, and no box is cut where it is wider than the
// text. Closed cells wait until they are opened.
const waiting = [
  ...document.querySelectorAll("section > section, section > section > :not(section, h2, h3), .highlight, .figure-svg"),
].filter((box) => !box.parentElement.closest("details:not([open])"));
const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 20));
let read = false;
for (const sign of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  addEventListener(sign, () => { read = true; }, { once: true, passive: true });
}
const share = 8; // milliseconds of a frame: a phone that is four times slower still answers within 50

// What is read stays where it is, whatever the boxes above it turn out to need.
function inView() {
  for (let y = innerHeight / 3; y < innerHeight; y += 16) {
    const boxes = document.elementsFromPoint(innerWidth / 2, y);
    const box = boxes.find((one) => one.closest("article") && !one.closest(".explorer-controls"));
    if (box?.getBoundingClientRect().height < innerHeight / 4) return box;
  }
}

function drawSome() {
  const held = inView();
  const top = held?.getBoundingClientRect().top;
  const until = performance.now() + share;
  do {
    // some at once: to lay them out costs a walk through the page, whether one or ten
    for (const box of waiting.splice(0, 10)) box.style.contentVisibility = "visible";
    document.documentElement.getBoundingClientRect(); // now, so that the clock counts it
  } while (waiting.length && performance.now() < until);
  const moved = held ? held.getBoundingClientRect().top - top : 0;
  if (moved) scrollBy({ top: moved, behavior: "instant" });
  if (waiting.length) return requestAnimationFrame(() => whenIdle(drawSome, { timeout: 200 }));
  document.documentElement.dataset.drawn = "";
  if (!read) document.getElementById(location.hash.slice(1).split(":")[0])?.scrollIntoView();
}
addEventListener("load", () => whenIdle(drawSome));

// Paper has nothing to open: browsers whose style sheets cannot say so yet get it from here.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
