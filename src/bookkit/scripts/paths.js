explorers.views.paths = () => ({ view: () => ({ svg: "", sentence: "…" }) });
