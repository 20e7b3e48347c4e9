// The brush: its settings, the stroke that is being painted, and those the app hasn't shown yet.
// All of it is in the photo's pixels.

const MOST_STROKES = 1000;
const MOST_POINTS = 1000; // of a stroke
const SPACING = 0.06; // of the brush's size, between two points of a stroke
const SMALLEST_BRUSH = 1;
const FAINTEST = 0.05; // of a pen's pressure

const tenth = (value) => Math.round(10 * value) / 10;

class Brush {
  constructor(canvas) {
    this.canvas = canvas;
    [this.mode, this.size, this.hardness, this.opacity, this.aware] = ["restore", 40, 0.8, 1, true];
    this.stroke = null;
    const find = canvas.find;
    [this.panel, this.layer, this.ring] = [find(".brush"), find(".live g"), find(".live circle")];
    for (const button of this.panel.querySelectorAll("[data-mode]")) {
      button.addEventListener("click", () => this.set({ mode: button.dataset.mode }));
    }
    for (const slider of this.panel.querySelectorAll("input[type=range]")) {
      slider.addEventListener("input", () => this.slide(slider));
    }
    const aware = this.panel.querySelector("input[type=checkbox]");
    aware.addEventListener("change", () => this.set({ aware: aware.checked }));
  }

  // Settings

  /** A brush that suits a photo of this size. */
  fitTo({ width, height }) {
    this.largest = Math.max(40, Math.max(width, height) / 3);
    this.set({ size: Math.max(4, Math.round(Math.max(width, height) / 40)) });
  }

  set(settings) {
    Object.assign(this, settings);
    this.size = clamp(this.size, SMALLEST_BRUSH, this.largest);
    this.paint();
    if (settings.mode) this.canvas.say(settings.mode === "erase" ? "Erase" : "Restore");
  }

  grow(factor) {
    const size = Math.round(this.size * factor);
    this.set({ size: size === this.size ? size + Math.sign(factor - 1) : size });
    this.canvas.say(`Brush of ${this.size} pixels`);
  }

  /** Sizes are felt by their ratios. */
  slide({ name, value }) {
    const part = value / 100;
    if (name === "size") this.set({ size: Math.round(this.largest ** part) });
    else this.set({ [name]: part });
  }

  paint() {
    for (const button of this.panel.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", button.dataset.mode === this.mode);
    }
    const shown = { size: 100 * (Math.log(this.size) / Math.log(this.largest)) };
    shown.hardness = 100 * this.hardness;
    shown.opacity = 100 * this.opacity;
    for (const slider of this.panel.querySelectorAll("input[type=range]")) {
      const { name } = slider;
      if (document.activeElement !== slider) slider.value = shown[name];
      const told = name === "size" ? `${this.size} px` : `${Math.round(shown[name])} %`;
      slider.nextElementSibling.textContent = told;
      slider.setAttribute("aria-valuetext", told);
    }
    this.panel.querySelector("input[type=checkbox]").checked = this.aware;
    this.ring.setAttribute("r", this.size / 2);
    this.ring.setAttribute("stroke-width", 1.5 * this.canvas.unit);
  }

  // Strokes

  /** plain: whether it is to do the other thing about edges than the switch says. */
  begin(at, pressure = 1, plain = false) {
    const { mode, size, hardness, opacity } = this;
    this.stroke = { mode, size, hardness, opacity, aware: this.aware !== plain, points: [] };
    this.shape = svg(this.layer, "g", { class: mode });
    this.extend(at, pressure);
  }

  extend({ x, y }, pressure = 1, last = false) {
    const { points, size } = this.stroke;
    const before = points.at(-1);
    const way = before ? Math.hypot(x - before[0], y - before[1]) : Infinity;
    if (way < Math.max(0.5, SPACING * size) && !(last && way > 0.1)) return;
    const point = [tenth(x), tenth(y), Math.round(100 * pressure) / 100];
    points.push(point);
    const [x1, y1] = before ?? point;
    const [x2, y2, width] = [point[0], point[1], size * point[2]];
    svg(this.shape, "line", { x1, y1, x2, y2, "stroke-width": width });
    if (points.length > MOST_POINTS) this.thin();
  }

  /** Every second point is enough of a stroke as long as that. */
  thin() {
    const { points } = this.stroke;
    this.stroke.points = points.filter((_, index) => index % 2 === 0 || index === points.length - 1);
  }

  /** The stroke that is complete now. It stays to be seen until the app shows what came of it. */
  finish() {
    const { stroke } = this;
    this.stroke = null;
    return stroke;
  }

  /** Give the stroke up that is being painted. */
  drop() {
    if (this.stroke) this.shape.remove();
    this.stroke = null;
  }

  /** The app has shown what came of the strokes, or will show that they are undone. */
  forget() {
    this.drop();
    this.layer.replaceChildren();
  }

  /** Where the brush is; null where it isn't seen. */
  hover(at) {
    this.ring.style.display = at ? "" : "none";
    if (!at) return;
    this.ring.setAttribute("cx", at.x);
    this.ring.setAttribute("cy", at.y);
  }
}

const pressureOf = ({ pointerType, pressure }) =>
  pointerType === "pen" ? Math.max(FAINTEST, pressure) : 1;

/** A drag of the mouse, a pen or a finger. */
function paintStroke(canvas, event) {
  const { brush } = canvas;
  const follow = (event, last) => brush.extend(canvas.placeOf(event), pressureOf(event), last);
  brush.begin(canvas.placeOf(event), pressureOf(event), event.altKey);
  return {
    grabs: true,
    move(event) {
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length ? all : [event]) follow(each);
      brush.hover(event.pointerType === "touch" ? null : canvas.placeOf(event));
    },
    end(event) {
      // A pen that is lifted presses no more: its last place is known already.
      if (event.pointerType !== "pen") follow(event, true);
      canvas.addStroke(brush.finish());
    },
    cancel: () => brush.drop(),
  };
}
