// book.css leaves code and figures that are far from the screen undrawn, so that a long page
// appears at once. When the browser is idle it draws them too, a few in each frame: a picture of
// the whole page shall not show empty boxes. Closed cells wait until they are opened.
const undrawn = [...document.querySelectorAll(".highlight, .figure-svg")].filter(
  (box) => !box.closest("details"),
);
const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 50));

function drawSome() {
  for (const box of undrawn.splice(0, 3)) box.style.contentVisibility = "visible";
  if (undrawn.length) requestAnimationFrame(() => whenIdle(drawSome));
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
