// Marks: everything drawn over the photo. Sizes on the screen are given in CSS pixels and multiplied
// by `unit`, the photo's pixels in one of them, so that marks keep their size at every zoom.
// What can be pressed carries data-act and what it is about.

const LETTER = 7.3; // the mean width of a letter of a label, in CSS pixels
const CHIP = 24; // the height of a label

function svg(parent, tag, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return parent.appendChild(element);
}

/** Draw the scene anew: size, unit, reach, tool, objects, selected, hovered, boxes, points, chosen,
 * draft, cursor. */
function paintMarks(layer, scene) {
  const focused = layer.querySelector(":focus")?.dataset.mark;
  layer.setAttribute("viewBox", `0 0 ${scene.size.width} ${scene.size.height}`);
  layer.replaceChildren();

  const picking = scene.tool === "pick"; // what the tool is for lies on top
  if (!picking) paintObjects(layer, scene);
  scene.boxes.forEach((box, index) => paintBox(layer, box, index, scene));
  if (scene.draft) paintDraft(layer, scene.draft, scene);
  scene.points.forEach((point, index) => paintPoint(layer, point, index, scene));
  if (picking) paintObjects(layer, scene);
  else paintChips(layer, scene);
  if (scene.cursor) paintCursor(layer, scene.cursor, scene);

  if (focused) {
    const again = layer.querySelector(`[data-mark="${CSS.escape(focused)}"]`);
    (again ?? layer.parentElement).focus({ preventScroll: true }); // or the keys would go nowhere
  }
}

function paintChips(layer, scene) {
  scene.boxes.forEach((box, index) => paintBoxChip(layer, box, index, scene));
  if (scene.points[scene.chosen]) paintPointChip(layer, scene.points[scene.chosen], scene);
}

const frameOf = ([x0, y0, x1, y1]) => ({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 });

function paintBox(layer, box, index, { unit, reach, tool }) {
  svg(layer, "rect", { ...frameOf(box), class: "halo", "stroke-width": 4 * unit });
  svg(layer, "rect", { ...frameOf(box), class: "box", "stroke-width": 2 * unit, "data-box": index });
  if (tool !== "box") return;
  cornersOf(box).forEach(({ x, y }, corner) => {
    const direction = corner === 0 || corner === 3 ? "falling" : "rising";
    svg(layer, "circle", { cx: x, cy: y, r: 5 * unit, class: "handle", "stroke-width": 2 * unit });
    svg(layer, "circle", {
      cx: x,
      cy: y,
      r: reach * unit,
      class: `hit ${direction}`,
      "data-act": "resize",
      "data-index": index,
      "data-corner": corner,
    });
  });
}

function paintDraft(layer, box, { unit }) {
  svg(layer, "rect", { ...frameOf(box), class: "halo", "stroke-width": 3 * unit });
  svg(layer, "rect", {
    ...frameOf(box),
    class: "box",
    "stroke-width": 2 * unit,
    "stroke-dasharray": `${6 * unit} ${4 * unit}`,
  });
}

function paintPoint(layer, [x, y, include], index, { unit, reach }) {
  const [cx, cy, arm] = [x + 0.5, y + 0.5, 4.5 * unit];
  const kind = include ? "include" : "exclude";
  const group = svg(layer, "g", {
    "data-act": "point",
    "data-index": index,
    "data-mark": `point ${index}`,
    tabindex: 0,
    role: "button",
    "aria-label": `Remove the ${kind} point at ${x}, ${y}`,
  });
  svg(group, "circle", { cx, cy, r: reach * unit, class: "hit" });
  svg(group, "circle", { cx, cy, r: 9 * unit, class: `dot ${kind}`, "stroke-width": 2 * unit });
  const upright = include ? `M${cx} ${cy - arm}v${2 * arm}` : "";
  const d = `M${cx - arm} ${cy}h${2 * arm}${upright}`;
  svg(group, "path", { d, class: "sign", "stroke-width": 2.2 * unit });
}

function paintBoxChip(layer, box, index, scene) {
  const title = `Box ${index + 1}`;
  const above = box[1] - (CHIP + 4) * scene.unit;
  const top = above > 0 ? above : box[1] + 8 * scene.unit;
  const mark = { "data-kind": "boxes", "data-index": index, "data-mark": `box ${index}` };
  paintRemovable(layer, title, { x: box[0], y: top }, "", mark, scene);
}

function paintPointChip(layer, [x, y, include], scene) {
  const title = include ? "Include" : "Exclude";
  const at = { x: x + 16 * scene.unit, y: y - (CHIP / 2) * scene.unit };
  const mark = { "data-kind": "points", "data-index": scene.chosen, "data-mark": "chosen point" };
  paintRemovable(layer, title, at, title.toLowerCase(), mark, scene);
}

/** A label with a × that removes what it names; `at` is its top left corner. */
function paintRemovable(layer, title, at, kind, mark, { size, unit, reach }) {
  const [width, height] = [(title.length * LETTER + 34) * unit, CHIP * unit];
  const x = clamp(at.x, 0, Math.max(0, size.width - width));
  const y = clamp(at.y, 0, Math.max(0, size.height - height));
  paintLabel(layer, title, { x, y, width, unit, kind });

  const button = svg(layer, "g", {
    ...mark,
    "data-act": "delete",
    tabindex: 0,
    role: "button",
    "aria-label": `Remove ${title}`,
  });
  const [cx, cy, arm] = [x + width - 13 * unit, y + height / 2, 4 * unit];
  svg(button, "circle", { cx, cy, r: reach * unit, class: "hit" });
  svg(button, "circle", { cx, cy, r: 9 * unit, class: "glow", "stroke-width": 2 * unit });
  const d = `M${cx - arm} ${cy - arm}l${2 * arm} ${2 * arm}m${-2 * arm} 0l${2 * arm} ${-2 * arm}`;
  svg(button, "path", { d, class: "sign", "stroke-width": 2 * unit });
}

function paintLabel(parent, title, { x, y, width, unit, kind = "" }) {
  const label = svg(parent, "g", { class: `label ${kind}` });
  svg(label, "rect", { x, y, width, height: CHIP * unit, rx: 5 * unit });
  svg(label, "text", { x: x + 8 * unit, y: y + 16.5 * unit, "font-size": 12.5 * unit }, title);
}

/** In the pick tool all objects are outlined; with the others only those selected. */
function paintObjects(layer, scene) {
  const { objects, tool, selected } = scene;
  const shown = objects.filter(({ name }) => tool === "pick" || selected.includes(name));
  shown.forEach((object) => paintObject(layer, object, scene));
  shown.forEach((object) => paintObjectLabel(layer, object, scene)); // over every outline
}

const titleOf = ({ label, score }) => `${label} ${Math.round(score * 100)}%`;

function paintObject(layer, object, { unit, tool, selected, hovered }) {
  const [chosen, lit] = [selected.includes(object.name), hovered === object.name];
  const group = svg(layer, "g", {
    class: lit ? "object hovered" : "object",
    "data-act": "pick",
    "data-object": object.name,
    "data-mark": `object ${object.name}`,
    role: "checkbox",
    "aria-checked": chosen,
    "aria-label": titleOf(object),
    ...(tool === "pick" && { tabindex: 0 }),
  });
  const [shape, attributes] = shapeOf(object);
  const width = (chosen || lit ? 3 : 1.6) * unit;
  svg(group, shape, { ...attributes, class: "halo", "stroke-width": width + 1.5 * unit });
  svg(group, shape, { ...attributes, class: "shape", "stroke-width": width });
}

/** The label shows where it fits, and always for what is selected or under the mouse. */
function paintObjectLabel(layer, object, { unit, selected, hovered }) {
  const title = titleOf(object);
  const width = (title.length * LETTER + 16) * unit;
  const [x, y, x1] = object.box;
  const wanted = selected.includes(object.name) || hovered === object.name;
  if (wanted || width < x1 - x) paintLabel(layer, title, { x, y, width, unit, kind: "object" });
}

function shapeOf({ box, outline }) {
  if (!outline.length) return ["rect", frameOf(box)];
  const d = outline.map((polygon) => `M${polygon.map((corner) => corner.join(" ")).join("L")}Z`);
  return ["path", { d: d.join(""), "fill-rule": "evenodd" }];
}

function paintCursor(layer, { x, y }, { unit }) {
  const arm = 14 * unit;
  const d = `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`;
  svg(layer, "path", { d, class: "cursor halo", "stroke-width": 5 * unit });
  svg(layer, "path", { d, class: "cursor", "stroke-width": 2.5 * unit });
}

/** A matte's outline, a path in the photo's pixels, over this part of the photo. */
function showOutline(layer, [x0, y0, x1, y1], path) {
  layer.setAttribute("viewBox", `${x0} ${y0} ${x1 - x0} ${y1 - y0}`);
  for (const each of layer.children) each.setAttribute("d", path);
}
