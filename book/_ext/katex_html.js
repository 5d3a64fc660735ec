// Reads [[latex, display], …] from standard input, writes [{html} or {error}, …].
const katex = require(process.argv[2]);
const ARITY = new Set(
  ["mfrac", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"],
);

// KaTeX gives \min in an index as two elements, name and function application, where MathML
// allows one: <mrow> makes them one.
function group(node) {
  (node.children || []).forEach((child, i) => {
    group(child);
    if (ARITY.has(node.type) && child.children && !child.type) {
      const row = { type: "mrow", attributes: {}, classes: [], children: child.children };
      node.children[i] = Object.assign(Object.create(Object.getPrototypeOf(node)), row);
    }
  });
}

function render([latex, displayMode]) {
  try {
    const tree = katex.__renderToDomTree(latex, { displayMode, throwOnError: true });
    group(tree);
    return { html: tree.toMarkup() };
  } catch (error) {
    if (error instanceof katex.ParseError) return { error: error.message };
    throw error;
  }
}

const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(formulas.map(render)));
