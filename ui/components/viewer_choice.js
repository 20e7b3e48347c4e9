// Which pictures the viewer shows, and which of them is walked on: the one on the right of the handle,
// or the one that was called up last. Its files lie below the viewer.

/** `shown` and the first of the others, so that there are `count` if that many are known. */
function filled(shown, names, count) {
  return [...shown, ...names.filter((name) => !shown.includes(name))].slice(0, Math.max(1, count));
}

/** Panes are in the list's order. */
function inOrder(shown, names) {
  return names.filter((name) => shown.includes(name));
}

/** The two on the handle, of any that were shown: the one that is walked on keeps its files. */
function pairOf(shown, walked, names) {
  const all = filled(shown, names, 2);
  return [...all.filter((name) => name !== walked).slice(0, 1), walked];
}

/** One more pane. Of four, the last one makes room that isn't walked on. */
function joined(shown, walked, name, most) {
  const leaves = shown.length < most ? null : shown.filter((each) => each !== walked).at(-1);
  return [...shown.filter((each) => each !== leaves), name];
}

/** The next, or with -1 the previous, of those that could be shown in place of `walked`. */
function besides(shown, walked, names, by) {
  const free = names.filter((name) => name === walked || !shown.includes(name));
  return free[(free.indexOf(walked) + by + free.length) % free.length];
}
