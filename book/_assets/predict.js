// Hides what answers a prediction until the reader has chosen or skipped. A link or a search of the
// browser that leads into it opens it too.
for (const box of document.querySelectorAll(".prediction")) {
  const answer = box.nextElementSibling;
  const skip = box.querySelector(".skip");
  const choices = [...box.querySelectorAll("input")];
  const name = `${location.pathname.split("/").pop()} ${box.id}`;

  const open = () => {
    answer.hidden = false;
    skip.hidden = true;
  };
  const remember = (value) => {
    try { localStorage.setItem(name, value); } catch { /* not allowed here */ }
  };
  const aimed = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* no address */ }
    if (target && answer.contains(target)) {
      open();
      target.scrollIntoView();
    }
  };

  answer.hidden = "until-found";
  answer.addEventListener("beforematch", open);
  addEventListener("hashchange", aimed);
  skip.addEventListener("click", () => { open(); remember("skipped"); });
  for (const choice of choices) {
    choice.addEventListener("change", () => { open(); remember(choice.value); });
  }
  let before = null;
  try { before = localStorage.getItem(name); } catch { /* not allowed here */ }
  if (before !== null) {
    open();
    if (choices[before]) choices[before].checked = true;
  }
  aimed();
}
