// Frames that were drawn at build: "at" counts them, the last control fastest.
explorers.views.frames = ({ parts, frames, alts }) => ({
  view(state, at) {
    let svg = "";
    for (let runs = frames[at], i = 0; i < runs.length; i += 2) {
      svg += parts.slice(runs[i], runs[i] + runs[i + 1]).join("\n") + "\n";
    }
    return { svg, sentence: alts[at] };
  },
});
