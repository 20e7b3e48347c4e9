// What keys do on the photo. A cursor stands in for the mouse; `canvas.corner` is where a box begun
// with Enter starts.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const BRUSH_STEP = 1.25;
const TOOL_KEYS = { b: "box", i: "include", e: "exclude", p: "pick", m: "pan" };

function listenToKeys(canvas) {
  canvas.view.parentElement.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    // On a button or a slider, only what means nothing there.
    const plain = canvas.stage.contains(event.target) ? onPlainKey : onShortcut;
    const handled = command ? onCommand(canvas, event) : plain(canvas, event);
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation(); // the page has shortcuts of its own
  });
  // A space that moved no photo is pressed for what it does at the cursor.
  canvas.stage.addEventListener("keyup", ({ key }) => {
    const { moving } = canvas;
    if (key !== " " || !moving) return;
    canvas.moving = false;
    if (moving !== "used") pressCursor(canvas);
  });
  canvas.stage.addEventListener("blur", () => (canvas.moving = false));
}

function onCommand(canvas, { key, shiftKey }) {
  const pressed = key.toLowerCase();
  if (pressed === "z") shiftKey ? canvas.redo() : canvas.undo();
  else if (pressed === "y") canvas.redo();
  else return false;
  return true;
}

function onPlainKey(canvas, event) {
  const { key, shiftKey, target } = event;
  const mark = target.closest("[data-act]")?.dataset;
  if (mark && ["Enter", " ", "Delete", "Backspace"].includes(key)) press(canvas, mark, key);
  else if (key in ARROWS) moveCursor(canvas, ARROWS[key], shiftKey);
  else if (key === "Enter") pressCursor(canvas);
  else if (key === " ") canvas.moving ||= true;
  else if (key === "Escape") escape(canvas);
  else return onShortcut(canvas, event);
  return true;
}

function onShortcut(canvas, { key }) {
  const letter = key.toLowerCase();
  if (key === "+" || key === "=") canvas.zoomIn();
  else if (key === "-") canvas.zoomOut();
  else if (key === "0") canvas.fit();
  else if (key === "[") canvas.brush.grow(1 / BRUSH_STEP);
  else if (key === "]") canvas.brush.grow(BRUSH_STEP);
  else if (letter === "r" || (letter === "e" && canvas.tool === "brush")) chooseMode(canvas, letter);
  else if (letter in TOOL_KEYS) canvas.setTool(TOOL_KEYS[letter]);
  else return false;
  return true;
}

/** A key on a mark that has the focus. */
function press(canvas, { act, kind, index, object }, key) {
  if (act === "delete") canvas.remove(kind, Number(index));
  else if (act === "point") canvas.remove("points", Number(index));
  else if (key === "Enter" || key === " ") canvas.toggle(object);
}

/** R takes the brush to hand, too; E is for exclude points as long as it isn't. */
function chooseMode(canvas, letter) {
  if (!canvas.tools.includes("brush")) return canvas.say("The brush comes with a model's matte");
  canvas.setTool("brush");
  canvas.brush.set({ mode: letter === "r" ? "restore" : "erase" });
}

function moveCursor(canvas, [dx, dy], slowly) {
  const { width, height } = canvas.size;
  const step = slowly ? 1 : Math.max(1, Math.round(10 * canvas.unit));
  const { x, y } = canvas.cursor ?? middleOf(canvas);
  const cursor = { x: clamp(x + dx * step, 0, width), y: clamp(y + dy * step, 0, height) };
  canvas.cursor = cursor;
  if (canvas.corner) canvas.draft = boxBetween(canvas.corner, cursor, canvas.size);
  if (canvas.brush.stroke) canvas.brush.extend(cursor, 1, true);
  canvas.keepInView(cursor);
  canvas.paint();
  canvas.say(`${cursor.x}, ${cursor.y}`);
}

/** The middle of what is in view. */
function middleOf({ left, top, zoom, size, fitted }) {
  return {
    x: Math.round(((0.5 - left) / (zoom * fitted.width)) * size.width),
    y: Math.round(((0.5 - top) / (zoom * fitted.height)) * size.height),
  };
}

function pressCursor(canvas) {
  const at = (canvas.cursor ??= middleOf(canvas));
  const { tool, corner } = canvas;
  if (tool === "pick") canvas.pickAt(at);
  else if (tool === "brush") pressBrush(canvas, at);
  else if (tool === "include" || tool === "exclude") canvas.addPoint(at, tool === "include");
  else if (tool === "box" && corner) canvas.addBox(boxBetween(corner, at, canvas.size));
  else if (tool === "box") {
    canvas.corner = at;
    canvas.say("Corner set. Move to the opposite one and press Enter.");
  }
  canvas.paint();
}

/** The brush goes down at the cursor, follows it, and is lifted by the next press. */
function pressBrush(canvas, at) {
  if (canvas.brush.stroke) canvas.addStroke(canvas.brush.finish());
  else {
    canvas.brush.begin(at);
    canvas.say("Brush down. Move it by the arrow keys; Space lifts it.");
  }
}

function escape(canvas) {
  canvas.brush.drop();
  [canvas.cursor, canvas.chosen] = [null, null];
  canvas.dropTrial();
}
