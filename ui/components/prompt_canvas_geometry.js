// Geometry in the photo's own pixels. A position {x, y} is continuous: pixel i covers i to i + 1.

/** [x0, y0, x1, y1] in whole pixels between two corners in any order, at least one pixel each way. */
function boxBetween(a, b, { width, height }) {
  const [x0, x1] = spanBetween(a.x, b.x, width);
  const [y0, y1] = spanBetween(a.y, b.y, height);
  return [x0, y0, x1, y1];
}

function spanBetween(a, b, length) {
  const low = clamp(Math.round(Math.min(a, b)), 0, length - 1);
  return [low, clamp(Math.round(Math.max(a, b)), low + 1, length)];
}

/** The corners of a box, each with the one across from it. */
function cornersOf([x0, y0, x1, y1]) {
  return [
    { x: x0, y: y0, across: { x: x1, y: y1 } },
    { x: x1, y: y0, across: { x: x0, y: y1 } },
    { x: x0, y: y1, across: { x: x1, y: y0 } },
    { x: x1, y: y1, across: { x: x0, y: y0 } },
  ];
}

/** The pixel that holds a position. */
function pixelAt({ x, y }, { width, height }) {
  return { x: clamp(Math.floor(x), 0, width - 1), y: clamp(Math.floor(y), 0, height - 1) };
}

/** The smallest object under a position, if any. */
function objectAt(objects, at) {
  const under = objects.filter((object) => covers(object, at));
  return under.sort((a, b) => areaOf(a.box) - areaOf(b.box))[0];
}

function covers({ box: [x0, y0, x1, y1], outline }, { x, y }) {
  if (outline.length) return insideOutline(outline, x, y);
  return x0 <= x && x < x1 && y0 <= y && y < y1;
}

/** Even-odd rule: a ray to the right crosses the edges of all polygons an odd number of times. */
function insideOutline(outline, x, y) {
  let inside = false;
  for (const polygon of outline) {
    let [ax, ay] = polygon.at(-1);
    for (const [bx, by] of polygon) {
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      [ax, ay] = [bx, by];
    }
  }
  return inside;
}

const areaOf = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);
