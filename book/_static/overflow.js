// A formula, table, figure or cell that is wider than the page scrolls within itself, and to be scrolled
// by keyboard it takes the focus. Every such box is built to take it; this script takes it back
// from those with nothing to scroll. It looks only at boxes near the screen: to measure the others
// the browser would have to lay out what book.css lets it leave for later.
const boxes = document.querySelectorAll(".formula, .table-wrapper, .figure-svg, .highlight pre");
const names = { formula: "Formula", "table-wrapper": "Table", "figure-svg": "Figure" };

// What is not laid out yet has no width to measure and keeps the focus.
const drawn = (box) => box.firstElementChild?.checkVisibility?.({ contentVisibilityAuto: true }) ?? true;

const observer = new IntersectionObserver(
  (entries) => {
    const near = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target).filter(drawn);
    // All is measured before anything is changed: a change in between would lay the page out anew.
    const wide = near.map((box) => box.scrollWidth > box.clientWidth + 1);
    near.forEach((box, i) => {
      if (wide[i]) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", `${names[box.classList[0]] ?? "Code"}, scrolls sideways`);
      } else {
        for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
      }
    });
  },
  { rootMargin: "50% 0px" },
);

function look() {
  observer.disconnect();
  boxes.forEach((box) => observer.observe(box));
}
addEventListener("load", look);
addEventListener("resize", () => {
  boxes.forEach((box) => (box.tabIndex = 0)); // until it is near the screen and measured again
  look();
});
