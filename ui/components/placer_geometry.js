// Where a subject and a picture lie: geometry alone. Places are parts of the finished picture, whose
// width and height are 1; `view` is its size on the screen, in CSS pixels.

const SCALES = [0.1, 4];
const ZOOMS = [1, 8];
const SNAP = 8; // CSS pixels
const IN_SIGHT = 0.06; // of the picture's side: so much of the subject stays in it, at least
const GRIP = 44; // CSS pixels of its side, and of a corner's
const GRIPS = [[1, 1], [1, 0.5], [0.5, 1], [0, 1], [1, 0], [0, 0.5], [0.5, 0]]; // parts of the room; the first that's free
const ORIGINAL = 0.03; // how near to its own size a subject snaps to it

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
const placeOf = (event) => ({ x: event.clientX, y: event.clientY });

/** [start, end] of a stretch of the photo, once the subject is scaled about what is kept and moved.
 * axis: 0 across, 1 down. from, to: parts of the photo. */
function stretchOf(scene, placed, axis, from, to) {
  const by = axis ? placed.down : placed.across;
  const kept = scene.kept[axis];
  const at = (part) => scene.photo[axis] + (kept + (part - kept) * placed.scale + by) * scene.photo[axis + 2];
  return [at(from), at(to)];
}

/** Left, top, width and height of a box of the photo [x0, y0, x1, y1]. */
function rectOf(scene, placed, box) {
  const [left, right] = stretchOf(scene, placed, 0, box[0], box[2]);
  const [top, bottom] = stretchOf(scene, placed, 1, box[1], box[3]);
  return [left, top, right - left, bottom - top];
}

/** The nearest placement that can be: something of the subject stays in sight. hold: what the photo's
 * edges cut off stays at the picture's edge, where it doesn't seem sawn off. */
function allowed(scene, placed, hold) {
  const there = { ...placed, scale: clamp(placed.scale, ...SCALES), zoom: clamp(placed.zoom, ...ZOOMS) };
  [there.x, there.y] = [clamp(placed.x, 0, 1), clamp(placed.y, 0, 1)];
  ["across", "down"].forEach((name, axis) => {
    const unit = scene.photo[axis + 2];
    const [start, end] = stretchOf(scene, there, axis, scene.box[axis], scene.box[axis + 2]);
    let by = 0;
    if (end < IN_SIGHT) by = IN_SIGHT - end;
    else if (start > 1 - IN_SIGHT) by = 1 - IN_SIGHT - start;
    if (hold) by = held(scene, there, axis, by);
    there[name] = clamp(there[name] + by / unit, -1, 1);
  });
  return there;
}

/** By how much to move, at least, so that no edge that cuts the subject off gets into the picture. */
function held(scene, placed, axis, by) {
  const [first, last] = axis ? [scene.cut[0], scene.cut[2]] : [scene.cut[3], scene.cut[1]];
  if (first && last && placed.scale < 1) return by; // one of them shows in any case
  const [start, end] = stretchOf(scene, placed, axis, 0, 1);
  const [low, high] = [Math.max(0, scene.photo[axis]), Math.min(1, scene.photo[axis] + scene.photo[axis + 2])];
  if (first && start + by > low) return low - start;
  if (last && end + by < high) return high - end;
  return by;
}

/** The placement with the subject on the nearest line, and the lines it's on. */
function snapped(scene, placed, view) {
  const there = { ...placed };
  if (Math.abs(there.scale - 1) < ORIGINAL) there.scale = 1;
  const still = { ...there, across: 0, down: 0 };
  const lines = ["across", "down"].map((name, axis) => {
    const of = (place) => stretchOf(scene, place, axis, scene.box[axis], scene.box[axis + 2]);
    const ends = (place) => ({ middle: (of(place)[0] + of(place)[1]) / 2, foot: of(place)[1] });
    const [now, before] = [ends(there), ends(still)];
    const targets = [[now.middle, 0.5]];
    if (axis) targets.push([now.foot, before.foot], ...(scene.cut[2] ? [] : [[now.foot, 1]]));
    else targets.push([now.middle, before.middle]);
    const near = ([from, to]) => Math.abs(to - from) * (axis ? view.height : view.width);
    const best = targets.reduce((one, other) => (near(other) < near(one) ? other : one));
    if (near(best) >= SNAP) return null;
    there[name] += (best[1] - best[0]) / scene.photo[axis + 2];
    return best[1];
  });
  return { placed: there, lines };
}

/** Where the picture's grip lies, [left, top] in CSS pixels: it covers no corner of the subject's box, or where
 * all places do, that which is farthest from one. */
function gripAt([left, top, width, height], view) {
  const corners = [left, left + width].flatMap((x) => [top, top + height].map((y) => [x * view.width, y * view.height]));
  const places = GRIPS.map(([x, y]) => [x * (view.width - GRIP), y * (view.height - GRIP)]);
  const apart = ([x, y]) => Math.min(...corners.map((at) => Math.max(Math.abs(at[0] - x - GRIP / 2), Math.abs(at[1] - y - GRIP / 2))));
  return places.find((each) => apart(each) >= GRIP) ?? places.reduce((one, other) => (apart(other) > apart(one) ? other : one));
}

/** How a background picture lies: [left, top, width, height] in CSS pixels. */
function laid({ width, height, fit }, { x, y, zoom }, view) {
  const ratios = [view.width / width, view.height / height];
  const both = fit === "stretch" ? ratios : Array(2).fill((fit === "cover" ? Math.max : Math.min)(...ratios));
  const [wide, high] = [width * both[0] * zoom, height * both[1] * zoom];
  return [x * (view.width - wide), y * (view.height - high), wide, high];
}

/** The placement with the picture moved by so many CSS pixels; where it has no play it stays. */
function shifted(picture, placed, dx, dy, view) {
  const [, , wide, high] = laid(picture, placed, view);
  const part = (place, by, spare) => (Math.abs(spare) < 1 ? place : clamp(place + by / spare, 0, 1));
  return { ...placed, x: part(placed.x, dx, view.width - wide), y: part(placed.y, dy, view.height - high) };
}

/** The same with the picture in the middle if it nearly is, and the lines it's on. */
function centred(picture, placed, view) {
  const [, , wide, high] = laid(picture, placed, view);
  const near = (place, spare) => Math.abs(spare) >= 1 && Math.abs((place - 0.5) * spare) < SNAP;
  const [x, y] = [near(placed.x, view.width - wide), near(placed.y, view.height - high)];
  return { placed: { ...placed, x: x ? 0.5 : placed.x, y: y ? 0.5 : placed.y }, lines: [x ? 0.5 : null, y ? 0.5 : null] };
}
