// The playground's loop: the same in a worker and, where none can start, on the main thread.
//
//   const send = playgroundLoop(post);   // send(message) takes a message, post(snapshot) gets what comes of it
//
// Nothing runs between messages. Training and sweeps go on inside { next }, for so many milliseconds or
// epochs; so a page that is hidden, and asks for no frame, pauses.
//
// Messages (one field each, or several at once; they act in this order):
//   { sample: i, neuron: [l, j] }   what snapshots look at; either may stand beside any other message
//   { cells: n }                    the side of the field; 0 for none
//   { begin: settings }             a new run
//   { change: { rate: 0.3 } }       the fields that change and no others, see playground.merged
//   { edit: [l, "w"|"b", j, k, v] } one weight of the running network
//   { asStart: true }               these weights become the start
//   { rewind: true }                back to the first weights
//   { train: true|false }
//   { after: { epochs | steps | sample } }               a sample kept for validation is refused
//   { sweep: { over, values, seeds, epochs } | null }    pauses training; null ends it
//   { check: true }                 a gradient check with the next snapshot
//   { next: { ms: 10, epochs: 5, field: true } }   goes on for so long, at most so many epochs, and posts a snapshot
// Every message that has no next is answered too, but for { sample, neuron }, { cells } and { train }.
//
// A snapshot: { settings, epochs, steps, back (the epoch of the weights after early stopping, else null), stopped,
// training, mixed, reworked, ran, planted (the fault's sentence), fresh, sample and neuron (those that are
// shown: the nearest there are to those wanted), trail (new entries; all of them where fresh), network:
// [null, { w, b, name }…] (rows of w, list b), seen, field?, check? (agrees is true, false, or null where
// nothing could be judged), sweep?: { rows: new ones, running, note }, error? }, and where fresh { task,
// kinds, points, learn, judge }. An error is a sentence about what was refused; the run stays as it was.
var playgroundLoop = (post) => {
  "use strict";
  let run = playground.begin({ ...playground.START });
  let [training, fresh, told, cells] = [false, true, 0, 40];
  let [sample, neuron] = [0, [1, 0]];
  let [sweeping, rows] = [null, []];
  const clock = () => globalThis.performance?.now() ?? Date.now();
  const within = (i, low, high) => Math.max(low, Math.min(Number.isInteger(i) ? i : low, high));

  function take(now, anew) {
    run = now;
    if (anew || run.trail.length < told) [fresh, told] = [true, 0];
    if (run.stopped) training = false;
  }

  function goOn({ ms = 10, epochs = Infinity }) {
    const end = clock() + ms;
    for (let done = 0; training && done < epochs && (!done || clock() < end); ) {
      const some = Math.min(epochs - done, 1 + (run.trail.length >> 11)); // each time the trail is copied
      take(playground.after(run, { epochs: some }));
      done += some;
    }
    while (sweeping && clock() < end) {
      const { value, done } = sweeping.next();
      if (value) rows.push(value);
      if (done) sweeping = null;
    }
  }

  function snapshot({ check, withField, error, swept }) {
    const { settings, data, epochs, steps, back, stopped, mixed, reworked, ran, trail, network } = run;
    const { task, kinds, points, learn, judge } = data;
    sample = within(sample, 0, points.length - 1);
    const l = within(neuron[0], 1, network.length - 1);
    neuron = [l, within(neuron[1], 0, network[l].w.rows - 1)];
    const shot = {
      settings, epochs, steps, back, stopped, mixed, reworked, ran, training, fresh, sample, neuron,
      planted: playground.planted(run), trail: trail.slice(told),
      network: [null, ...playground.weightsOf(network).map(([w, b], i) => ({ w, b, name: network[i + 1].name }))],
      seen: points.length ? playground.seen(run, sample) : null,
    };
    if (fresh) Object.assign(shot, { task, kinds, points, learn, judge });
    if (cells && withField) shot.field = { cells, ...playground.field(run, task === "curve" ? 121 : cells) };
    if (check && learn.length) shot.check = playground.gradientCheck(run);
    if (swept) shot.sweep = { rows, running: sweeping !== null, note: playground.sweepNote(settings) };
    if (error) shot.error = error;
    [fresh, told, rows] = [false, trail.length, []];
    post(shot);
  }

  return (message) => {
    let error = "";
    const swept = sweeping !== null || "sweep" in message;
    if ("sample" in message) sample = message.sample;
    if (message.neuron) neuron = message.neuron;
    if ("cells" in message) cells = message.cells;
    try {
      if (message.begin) take(playground.begin(message.begin), true);
      if (message.change) {
        const now = playground.changed(run, message.change);
        take(now, now.data !== run.data);
      }
      if (message.edit) {
        const now = playground.edited(run, message.edit);
        take(now, now.data !== run.data);
      }
      if (message.asStart) take(playground.asStart(run), true);
      if (message.rewind) take(playground.begin(run.settings), true);
      if ("train" in message) {
        training = message.train && run.data.learn.length > 0;
        const { stop, stopAt } = run.settings;
        if (training && stop === "epochs" && run.epochs >= stopAt) {
          training = false;
          throw new RangeError(`The ${stopAt} epochs of the stop rule are done. Rewind to train anew; a larger number goes on from here.`);
        }
      }
      if (message.after) take(playground.after(run, message.after));
      if ("sweep" in message) {
        sweeping = message.sweep && playground.sweep(run.settings, message.sweep);
        if (sweeping) training = false;
      }
      if (message.next) goOn(message.next);
    } catch (failure) {
      if (!(failure instanceof RangeError)) throw failure;
      error = failure.message;
      sweeping = null;
    }
    const quiet = Object.keys(message).every((name) => ["train", "sample", "neuron", "cells"].includes(name));
    if (quiet && !error) return;
    snapshot({ check: message.check, withField: message.next?.field !== false, error, swept });
  };
};
if (typeof module === "object") module.exports = playgroundLoop;
else if (typeof document === "undefined" && typeof postMessage === "function") {
  const take = playgroundLoop((shot) => postMessage(shot));
  onmessage = ({ data }) => take(data);
}
