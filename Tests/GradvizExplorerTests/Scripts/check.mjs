// Compares the explorer's modules with what Swift wrote into a file: node check.mjs MODULES FILE.
import { readFileSync } from "node:fs";

const [modules, file] = process.argv.slice(2);
const { Arrays } = await import(modules + "/computing/arrays.mjs");
const { Engine } = await import(modules + "/computing/engine.mjs");
const { Formulas, plain } = await import(modules + "/computing/formulas.mjs");
const { Optimizer } = await import(modules + "/computing/optimizers.mjs");
const { format } = await import(modules + "/computing/numbers.mjs");
const given = JSON.parse(readFileSync(file, "utf8"));
const number = x => x == null ? NaN : Number(x);
const problems = [];
let count = 0;
let worst = 0;

/** How far two numbers are apart, in parts of what went into them. */
function compare(what, mine, theirs, scale) {
  count += 1;
  const expected = number(theirs);
  if (Object.is(mine, expected) || mine === expected || Number.isNaN(mine) && Number.isNaN(expected)) return;
  const error = Math.abs(mine - expected) / Math.max(scale, Math.abs(expected), 1e-300);
  worst = Math.max(worst, error);
  if (!(error <= 1e-15)) problems.push(`${what}: ${mine}, not ${expected} (${error})`);
}

for (const [bits, precision, text] of given.numbers ?? []) {
  count += 1;
  const x = new DataView(BigInt64Array.of(BigInt(bits)).buffer).getFloat64(0, true);
  if (format(x, precision) !== text) problems.push(`${x} with ${precision} digits: ${format(x, precision)}, not ${text}`);
}

for (const program of given.programs ?? []) {
  const { nodes, loss, precision, operations } = program.graph;
  const engine = new Engine(nodes, loss);
  if (engine.unknown.length > 0) {
    problems.push(`${program.name}: unknown ${engine.unknown}`);
    continue;
  }
  const formulas = new Formulas(engine, precision, operations, ", ");
  for (const [place, run] of program.runs.entries()) {
    const name = `${program.name}, run ${place}`;
    const result = engine.run(run.x.map(number));
    // A sum can be no more accurate than its terms, nor what is computed from it.
    const scale = Math.max(1, ...run.values.map(number).filter(Number.isFinite).map(Math.abs));
    const gradientScale = Math.max(1, ...run.gradients.map(number).filter(Number.isFinite).map(Math.abs)) * scale;
    nodes.forEach((node, i) => {
      compare(`${name}: ${node.i}`, result.values[i], run.values[i], scale);
      compare(`${name}: gradient of ${node.i}`, result.gradients[i], run.gradients[i], gradientScale);
    });
  }
  for (const [i, expected] of program.chains ?? []) {
    count += 1;
    formulas.result = engine.run(program.runs[0].x.map(number));
    const mine = plain(formulas.chain(i, { gradientOf: "{}", times: "times", plus: "plus" }).line);
    if (mine !== expected) problems.push(`${program.name}: ${nodes[i].i}: ${mine}, not ${expected}`);
  }
  if (program.training) {
    const optimizer = new Optimizer(program.graph.optimizer);
    const parameters = program.training.parameters;
    let x = Float64Array.from(program.runs[0].x.map(number));
    program.training.steps.forEach((expected, step) => {
      const { gradients } = engine.run(x);
      x = optimizer.next(parameters, x, gradients, program.graph.lr, true);
      parameters.forEach((i, place) => {
        count += 1;
        const [mine, theirs] = [x[i], number(expected[place])];
        if (!(Math.abs(mine - theirs) <= 1e-10 * Math.max(1, Math.abs(theirs)))) {
          problems.push(`${program.name}, step ${step + 1}: ${nodes[i].i} is ${mine}, not ${theirs}`);
        }
      });
    });
  }
}
for (const program of given.arrays ?? []) {
  const { nodes, loss } = program.graph;
  const { engine, entries } = new Arrays(nodes, loss);
  if (engine.unknown.length > 0) {
    problems.push(`${program.name}: unknown ${engine.unknown}`);
    continue;
  }
  for (const [place, run] of program.runs.entries()) {
    const name = `${program.name}, run ${place}`;
    const x = new Float64Array(engine.nodes.length);
    nodes.forEach((node, i) => {
      if (!node.o) entries[i].forEach((k, place) => { x[k] = number(run.x[i][place]); });
    });
    const all = engine.run(x);
    const by = list => entries.map(own => own.map(k => list[k]));
    const result = { values: by(all.values), gradients: by(all.gradients) };
    const size = lists => Math.max(1, ...lists.flat().map(number).filter(Number.isFinite).map(Math.abs));
    const scale = size(run.values);
    const gradientScale = size(run.gradients) * scale;
    nodes.forEach((node, i) => {
      const [values, gradients] = [run.values[i], run.gradients[i]];
      if (result.values[i].length !== values.length) problems.push(`${name}: ${node.i}: ${result.values[i].length} entries`);
      values.forEach((expected, k) => compare(`${name}: ${node.i}[${k}]`, result.values[i][k], expected, scale));
      gradients.forEach((expected, k) =>
        compare(`${name}: gradient of ${node.i}[${k}]`, result.gradients[i][k], expected, gradientScale));
    });
  }
}
console.log(JSON.stringify({ count, worst, problems: problems.slice(0, 20), failed: problems.length }));
