// What keys, mouse and fingers do in the viewer.

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ZOOM_KEYS = { "+": "zoomIn", "=": "zoomIn", "-": "zoomOut", 0: "fit", 1: "actual", e: "nextEdge", E: "nextEdge" };
const WALK = { ArrowLeft: "previous", ArrowRight: "next" };
const PHOTOS = { PageUp: "previousPhoto", PageDown: "nextPhoto" };
const HAS_KEYS = "input, textarea, select, [contenteditable], [role=radiogroup], [role=listbox]"; // of its own
const STEP = 40; // CSS pixels
const TAP = 6; // CSS pixels that a press may slip
const SWIPE = 56; // CSS pixels

function listenToKeys(viewer) {
  const { root } = viewer;
  root.addEventListener("keydown", (event) => pressKey(viewer, event));
  // All keys in the dialog that this lies in are meant for it: also those for which nobody has the focus, as
  // while the page draws anew what had it, and those beside it, as on a button that saves a file.
  document.addEventListener("keydown", function beside(event) {
    if (viewer.isOver) return document.removeEventListener("keydown", beside, true);
    const { dialog } = viewer;
    const nobody = event.target === document.body;
    if (!dialog || root.getRootNode().host?.contains(event.target)) return;
    if (!nobody && (!dialog.contains(event.target) || event.target.closest(HAS_KEYS))) return;
    if (nobody) root.focus({ preventScroll: true });
    if (!nobody || event.key !== "Escape") return pressKey(viewer, event);
    root.dispatchEvent(new KeyboardEvent(event.type, { key: event.key, bubbles: true, cancelable: true, composed: true }));
  }, true);
}

/** Arrows go to the next model; on the handle they move it, and with Shift the photo. Page Down goes to
 * the next photo. */
function pressKey(viewer, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, shiftKey, target } = event;
  if (shiftKey && key in ARROWS) viewer.moveBy(ARROWS[key][0] * STEP, ARROWS[key][1] * STEP);
  else if (key in WALK && target !== viewer.range) viewer[WALK[key]]();
  else if (key in PHOTOS && viewer.data.photos.length > 1) viewer[PHOTOS[key]]();
  else if (key in ZOOM_KEYS) viewer[ZOOM_KEYS[key]]();
  else return;
  event.preventDefault();
  event.stopPropagation(); // the page has shortcuts of its own
}

function listenToPointers(viewer) {
  const { stage, figures, range, fingers } = viewer;
  let gesture = null;
  const figureOf = (event) => figures.find((figure) => figure.contains(event.target)) ?? figures[0];
  stage.addEventListener("wheel", (event) => {
    viewer.view = figureOf(event); // all are alike: places are parts of the one under the mouse
    viewer.zoomByWheel(event);
  }, { passive: false });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button")) return;
    viewer.view = figureOf(event);
    event.target.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeOf(event));
    if (fingers.size > 1) gesture = pinch(viewer, fingers);
    else if (event.target === range) gesture = null;
    else gesture = stroke(viewer, event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, placeOf(event));
    gesture?.move(event);
  });
  const finish = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (event.type === "pointerup") gesture?.end(event);
    gesture = null;
  };
  stage.addEventListener("pointerup", finish);
  stage.addEventListener("pointercancel", finish);
}

/** A press on a place zooms in there, or out again; a stroke moves the photo, or goes to the next
 * model where all of the photo is in view. */
function stroke(viewer, event) {
  const start = placeOf(event);
  const panning = viewer.zoom > 1 ? pan(viewer, event) : null;
  const second = performance.now() - (viewer.pressed ?? -1000) < 350; // of a double click
  let slipped = false;
  return {
    move(event) {
      slipped ||= distance(start, placeOf(event)) >= TAP;
      if (slipped) panning?.move(event);
    },
    end(event) {
      const drawn = placeOf(event).x - start.x;
      if (!slipped) {
        if (!second) viewer.press(start);
        viewer.pressed = performance.now();
      } else if (!panning && event.pointerType === "touch" && Math.abs(drawn) > SWIPE) viewer.next(drawn < 0 ? 1 : -1);
    },
  };
}
