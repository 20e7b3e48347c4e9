// What is drawn on the photo, and its history: boxes, points and strokes in one.

const NOTHING = { boxes: [], points: [], strokes: [] };

// By photo: what is drawn on it, and the ways back and forth. A photo that comes back has its own.
const histories = new Map();

/** Whether the same is drawn; what the app tells of a stroke may be in another order. */
function same(drawn, other) {
  const told = ({ boxes, points, strokes }) => JSON.stringify([boxes, points, strokes.map((each) => Object.entries(each).sort())]);
  return told(drawn) === told(other);
}

/** The ways back from what the app brings along, mark by mark: after the page was loaded anew the browser
 * knows none, and the last mark is what one wants back first. */
function waysBack({ boxes, points, strokes }) {
  return [
    ...boxes.map((_, count) => ({ ...NOTHING, boxes: boxes.slice(0, count) })),
    ...points.map((_, count) => ({ ...NOTHING, boxes, points: points.slice(0, count) })),
    ...strokes.map((_, count) => ({ boxes, points, strokes: strokes.slice(0, count) })),
  ];
}

class CanvasHistory extends CanvasView {
  restart(drawn) {
    const kept = this.data && histories.get(JSON.stringify(this.stamp()));
    const known = kept && same(kept.drawn, drawn) ? kept : { drawn, past: waysBack(drawn), future: [] };
    [this.drawn, this.past, this.future] = [known.drawn, known.past, known.future];
    [this.trial, this.draft, this.chosen] = [null, null, null];
    [this.cursor, this.corner, this.hovered] = [null, null, null];
    this.brush.drop();
    this.fit();
  }

  commit(next, message) {
    this.past.push(this.drawn);
    this.future = [];
    this.become(next, message);
  }

  become(drawn, message) {
    this.drawn = drawn;
    histories.set(JSON.stringify(this.stamp()), { drawn, past: this.past, future: this.future });
    this.chosen = null;
    this.dropTrial();
    this.say(message);
    this.sendDrawn(drawn);
  }

  /** Whether a change of the history may be made: not one of boxes and points that aren't shown. */
  reaches(drawn) {
    const same = drawn && drawn.boxes === this.drawn.boxes && drawn.points === this.drawn.points;
    return Boolean(drawn) && (this.data?.drawing || same);
  }

  undo() {
    if (!this.reaches(this.past.at(-1))) return;
    this.future.push(this.drawn);
    this.brush.forget();
    this.become(this.past.pop(), "Undone");
  }

  redo() {
    if (!this.reaches(this.future.at(-1))) return;
    this.past.push(this.drawn);
    this.brush.forget();
    this.become(this.future.pop(), "Redone");
  }

  get empty() {
    const { boxes, points, strokes } = this.drawn;
    return !strokes.length && !(this.data?.drawing && (boxes.length || points.length));
  }

  clear() {
    this.brush.forget();
    this.commit(this.data.drawing ? NOTHING : { ...this.drawn, strokes: [] }, "Cleared");
  }

  clearStrokes() {
    this.brush.forget();
    this.commit({ ...this.drawn, strokes: [] }, "Strokes cleared");
  }

  addBox(box) {
    const boxes = [...this.drawn.boxes, box];
    this.commit({ ...this.drawn, boxes }, `Box ${boxes.length}: ${box.join(", ")}`);
  }

  addPoint(at, include) {
    const { x, y } = pixelAt(at, this.size);
    const points = [...this.drawn.points, [x, y, include]];
    this.commit({ ...this.drawn, points }, `${include ? "Include" : "Exclude"} point at ${x}, ${y}`);
  }

  addStroke(stroke) {
    if (this.drawn.strokes.length >= MOST_STROKES) {
      this.brush.drop();
      this.say(`A photo takes ${MOST_STROKES} strokes: undo or clear some`);
      return;
    }
    const strokes = [...this.drawn.strokes, stroke];
    const done = stroke.mode === "erase" ? "Erased" : "Restored";
    this.commit({ ...this.drawn, strokes }, `${done}; strokes: ${strokes.length}`);
  }

  remove(kind, index) {
    const removed = kind === "boxes" ? "Box removed" : "Point removed";
    this.commit({ ...this.drawn, [kind]: this.drawn[kind].toSpliced(index, 1) }, removed);
  }

  choosePoint(index) {
    this.chosen = this.chosen === index ? null : index;
    this.paint();
  }

  sketch(box) {
    this.draft = box;
    this.paint();
  }

  tryOut(drawn) {
    this.trial = drawn;
    this.paint();
  }

  dropTrial() {
    [this.trial, this.draft, this.corner] = [null, null, null];
    this.paint();
  }
}
