// Runs pieces of code on the playground's model: { pieces: [{ code, given }…] } in, what each returns out, as
// JSON. A piece sees playground, engine, playgroundLoop and given; one that throws gives { error }. What is
// no finite number comes as text.
const vm = require("node:vm");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const { pieces, sources = {} } = JSON.parse(readFileSync(0, "utf8"));
const folder = join(__dirname, "../src/bookkit/scripts");
for (const name of ["engine", "playground_model", "playground_worker", "playground_python"]) {
  vm.runInThisContext(sources[name] ?? readFileSync(join(folder, `${name}.js`), "utf8"), name);
}
const plain = (key, value) => {
  if (ArrayBuffer.isView(value)) return [...value];
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
};
const results = pieces.map(({ code, given }) => {
  try {
    return vm.runInThisContext(`(given) => { ${code} }`)(given) ?? null;
  } catch (error) {
    return { error: `${error}` };
  }
});
process.stdout.write(JSON.stringify(results, plain));
