// What pointers do on the photo. A press begins a gesture, { move(event), end(event) }, which depends
// on what lies under it and on the tool; a second finger turns it into a pinch. A gesture that `grabs`
// takes hold of a mark: the finger then moves that mark and never scrolls the page.

const TAP = 8; // CSS pixels that a finger may slip and still tap
const SMALLEST_DRAG = 6; // CSS pixels; anything shorter was not meant as a box

function listenToPointers(canvas) {
  const { stage } = canvas;
  const fingers = new Map();
  let gesture = null;

  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeOf(event));
    // Painting detaches what is pressed. From under a finger it mustn't: the touch events that follow
    // would no longer come by here. A mouse thereby leaves the focus, and so the keys, to the photo.
    const trying = canvas.trial || canvas.draft || canvas.corner;
    if (trying || event.pointerType === "mouse") canvas.dropTrial();
    if (fingers.size > 1) gesture?.cancel?.();
    gesture = fingers.size > 1 ? pinch(canvas, fingers) : gestureFor(canvas, event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, placeOf(event));
    if (gesture) gesture.move(event);
    else if (event.pointerType !== "touch") canvas.hover(canvas.at(event));
  });
  const finish = (event) => {
    fingers.delete(event.pointerId);
    const finished = gesture;
    gesture = null;
    if (event.type === "pointerup") finished?.end(event);
    else {
      finished?.cancel?.();
      canvas.dropTrial();
    }
  };
  stage.addEventListener("pointerup", finish);
  stage.addEventListener("pointercancel", finish);
  stage.addEventListener("pointerleave", () => canvas.hover(null));
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  // No style could say this: it depends on the gesture, which the pointerdown just before has begun.
  const grab = (event) => gesture?.grabs && event.preventDefault();
  stage.addEventListener("touchstart", grab, { passive: false });
  // The browser would see a fling in a quick stroke and swallow the tap that follows.
  const keep = (event) => canvas.takesSwipes && event.preventDefault();
  stage.addEventListener("touchmove", keep, { passive: false });
  // As in the viewer; but where the whole photo is in view, turning back scrolls the page.
  const wheel = (event) => {
    if (event.ctrlKey || event.deltaY < 0 || canvas.zoom > 1) canvas.zoomByWheel(event);
  };
  stage.addEventListener("wheel", wheel, { passive: false });
}

function gestureFor(canvas, event) {
  const [LEFT, MIDDLE, RIGHT] = [0, 1, 2];
  if (canvas.tool === "brush" && event.button === LEFT && !canvas.moving) {
    return paintStroke(canvas, event);
  }
  const mark = event.target.closest("[data-act]")?.dataset ?? {};
  const excluding = event.button === RIGHT || event.shiftKey || event.altKey;

  if (mark.act === "delete" && event.button === LEFT) {
    return tap(canvas, event, () => canvas.remove(mark.kind, Number(mark.index)));
  }
  if (canvas.tool === "pan" || event.button === MIDDLE || canvas.moving) {
    canvas.moving &&= "used";
    return pan(canvas, event);
  }
  if (canvas.tool === "brush") return { move() {}, end() {} };
  if (canvas.tool === "pick") return tap(canvas, event, (at) => canvas.pickAt(at));
  if (mark.act === "point") return dragPoint(canvas, event, Number(mark.index));
  if (excluding) return tap(canvas, event, (at) => canvas.addPoint(at, false));
  if (mark.act === "resize") return dragCorner(canvas, mark);
  if (canvas.tool === "box") return dragBox(canvas, event);
  return tap(canvas, event, (at) => canvas.addPoint(at, canvas.tool === "include"));
}

function tap(canvas, event, then) {
  const [from, at] = [placeOf(event), canvas.at(event)];
  return {
    move() {},
    end: (last) => distance(from, placeOf(last)) < TAP && then(at),
  };
}

function dragBox(canvas, event) {
  const [from, press] = [canvas.at(event), placeOf(event)];
  const large = (event) =>
    Math.min(Math.abs(event.clientX - press.x), Math.abs(event.clientY - press.y)) >= SMALLEST_DRAG;
  const between = (event) => boxBetween(from, canvas.at(event), canvas.size);
  return {
    move: (event) => canvas.sketch(between(event)),
    end(event) {
      canvas.dropTrial();
      if (large(event)) canvas.addBox(between(event));
      else canvas.say("Drag to draw a box");
    },
  };
}

function dragCorner(canvas, { index, corner }) {
  const boxes = canvas.drawn.boxes;
  const anchor = cornersOf(boxes[index])[corner].across;
  return dragTo(canvas, `Box ${Number(index) + 1} changed`, (event) => ({
    ...canvas.drawn,
    boxes: boxes.with(index, boxBetween(anchor, canvas.at(event), canvas.size)),
  }));
}

/** A press on a point selects it; dragging it moves it. */
function dragPoint(canvas, event, index) {
  const from = placeOf(event);
  const points = canvas.drawn.points;
  const drag = dragTo(canvas, "Point moved", (event) => {
    const { x, y } = pixelAt(canvas.at(event), canvas.size);
    return { ...canvas.drawn, points: points.with(index, [x, y, points[index][2]]) };
  });
  let moved = false;
  return {
    ...drag,
    move(event) {
      moved ||= distance(from, placeOf(event)) >= TAP;
      if (moved) drag.move(event);
    },
    end: (event) => (moved ? drag.end(event) : canvas.choosePoint(index)),
  };
}

function dragTo(canvas, message, drawnAt) {
  return {
    grabs: true,
    move: (event) => canvas.tryOut(drawnAt(event)),
    end: (event) => canvas.commit(drawnAt(event), message),
  };
}
