// Two lines across a photo, the horizon and the feet of a floor, and a ring where the focus is. They follow the pointer here; the server hears of them once they are let go.

const APART = 0.01; // parts of the height between the lines, at least
const STEPS = { ArrowUp: -0.01, ArrowDown: 0.01, PageUp: -0.05, PageDown: 0.05 };
const WALKS = { ArrowLeft: [-0.01, 0], ArrowRight: [0.01, 0], ArrowUp: [0, -0.01], ArrowDown: [0, 0.01] };
const SLIP = 8; // CSS pixels that a finger may slip and still press
const PAUSE = 300; // milliseconds after the last key

const within = (value, low, high) => Math.min(high, Math.max(low, value));
const percent = (part) => `${Math.round(100 * part)}%`;

class DepthLines {
  constructor(root) {
    this.root = root;
    this.photo = root.querySelector(".photo");
    this.ring = root.querySelector(".focus");
    this.rows = Object.fromEntries([...root.querySelectorAll(".line")].map((line) => [line.dataset.line, line]));
    [this.held, this.waiting] = [null, 0];
    for (const [name, line] of Object.entries(this.rows)) this.listenToLine(name, line);
    this.listenToPhoto();
    this.ring.addEventListener("keydown", (event) => this.walk(event));
    new ResizeObserver(() => this.data && this.lay()).observe(root);
  }

  update(data, send) {
    [this.data, this.send] = [data, send];
    this.lay();
    if (this.held || this.waiting) return; // what the person moves now is newer
    this.at = data.lines && { horizon: data.lines[0], feet: data.lines[1] };
    this.focus = data.focus;
    this.photo.toggleAttribute("data-by-hand", data.byHand);
    this.paint();
  }

  /** All of the photo is seen, in the middle of the picture's place. */
  lay() {
    const { width, height } = this.data;
    const scale = Math.min(this.root.clientWidth / width, this.root.clientHeight / height);
    [this.photo.style.width, this.photo.style.height] = [`${scale * width}px`, `${scale * height}px`];
  }

  paint() {
    for (const [name, line] of Object.entries(this.rows)) {
      line.hidden = !this.at;
      if (!this.at) continue;
      const place = this.at[name];
      line.style.top = percent1(place);
      line.toggleAttribute("data-low", place < 0.15);
      // Of a slider that stands upright, more is higher.
      line.setAttribute("aria-valuenow", Math.round(100 * (1 - place)));
      line.setAttribute("aria-valuetext", `${percent(place)} from the top`);
    }
    const [x, y] = this.focus ?? this.data.subject;
    [this.ring.style.left, this.ring.style.top] = [percent1(x), percent1(y)];
    this.ring.toggleAttribute("data-subject", !this.focus);
    const where = this.focus ? `${percent(x)} from the left, ${percent(y)} from the top` : "the subject";
    this.ring.setAttribute("aria-label", `Focus: ${where}. Arrow keys move it, Escape gives it back to the subject.`);
  }

  move(name, place) {
    const { horizon, feet } = this.at;
    this.at = name === "feet"
      ? { horizon: Math.min(horizon, within(place, APART, 1) - APART), feet: within(place, APART, 1) }
      : { horizon: within(place, 0, 1 - APART), feet: Math.max(feet, within(place, 0, 1 - APART) + APART) };
    this.photo.toggleAttribute("data-by-hand", true);
    this.paint();
  }

  tell(name, at) {
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.send(name, { photo: this.data.photo, at });
  }

  tellFloor() {
    this.tell("floor", [this.at.horizon, this.at.feet]);
  }

  /** Keys that follow each other are told together. */
  later(then) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(then, PAUSE);
  }

  listenToLine(name, line) {
    line.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      const frame = this.photo.getBoundingClientRect();
      this.held = { name, slip: event.clientY - frame.top - this.at[name] * frame.height, moved: false };
      line.setPointerCapture(event.pointerId);
      line.focus({ preventScroll: true });
      event.preventDefault();
    });
    line.addEventListener("pointermove", (event) => {
      if (this.held?.name !== name) return;
      const frame = this.photo.getBoundingClientRect();
      this.held.moved = true;
      this.move(name, (event.clientY - frame.top - this.held.slip) / frame.height);
    });
    const finish = (event) => {
      if (this.held?.name !== name) return;
      const { moved } = this.held;
      this.held = null;
      if (moved) this.tellFloor();
      event.preventDefault();
    };
    line.addEventListener("pointerup", finish);
    line.addEventListener("pointercancel", finish);
    line.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (step) this.move(name, Math.round(100 * (this.at[name] + step)) / 100);
      else if (event.key === "Home" || event.key === "End") this.move(name, event.key === "End" ? 0 : 1);
      else return;
      event.preventDefault();
      event.stopPropagation(); // the page has shortcuts of its own
      this.later(() => this.tellFloor());
    });
  }

  listenToPhoto() {
    let from = null;
    this.photo.addEventListener("pointerdown", (event) => {
      if (event.target.closest(".line")) return; // which is dragged
      from = event.isPrimary && event.button === 0 ? event : null;
    });
    this.photo.addEventListener("pointercancel", () => (from = null)); // the page was scrolled
    this.photo.addEventListener("pointerup", (event) => {
      const slipped = from && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > SLIP;
      if (!from || slipped) return;
      from = null;
      const frame = this.photo.getBoundingClientRect();
      const x = within((event.clientX - frame.left) / frame.width, 0, 1);
      const y = within((event.clientY - frame.top) / frame.height, 0, 1);
      this.focus = [x, y];
      this.paint();
      this.tell("focus", this.focus);
    });
  }

  walk(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const back = event.key === "Escape" && this.focus;
    const way = WALKS[event.key];
    if (!way && !back) return;
    const from = this.focus ?? this.data.subject;
    this.focus = back ? null : from.map((place, axis) => within(place + way[axis], 0, 1));
    this.paint();
    event.preventDefault();
    event.stopPropagation();
    this.later(() => this.tell("focus", this.focus));
  }
}

/** As finely as the pointer says it. */
const percent1 = (part) => `${(100 * part).toFixed(2)}%`;

// One for each piece of page. Streamlit calls again with new data.
const all = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".over");
  if (!all.has(root)) all.set(root, new DepthLines(root));
  all.get(root).update(data, setTriggerValue);
}
