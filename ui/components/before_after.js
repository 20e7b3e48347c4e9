// The range input does mouse, touch and keyboard; the style sheet moves with one custom property.
// While the whole photo is in view the range takes every press; zoomed in, only its thumb does, and
// the rest of the frame moves both pictures.

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const KEY = { bubbles: true, cancelable: true, composed: true };
const ZOOM_KEYS = { "+": "zoomIn", "=": "zoomIn", "-": "zoomOut", 0: "fit", 1: "actual" };

class BeforeAfter extends Zoomable {
  constructor(root) {
    super(root.querySelector(".frame"));
    this.root = root;
    this.figures = [".before", ".after"].map((name) => root.querySelector(name));
    this.range = root.querySelector("input");
    this.fingers = new Map();
    this.listen();
    this.sought = false;
    new ResizeObserver(() => this.data && this.fitIn()).observe(this.view);
  }

  async update(data, ask) {
    [this.data, this.ask] = [data, ask];
    this.view.style.aspectRatio = `${data.width} / ${data.height}`;
    this.view.style.maxWidth = `${Math.round((data.max_height * data.width) / data.height)}px`;
    const [before, after] = data.labels;
    this.range.setAttribute("aria-label", `${before} or ${after}: how much of each is shown`);
    this.slide();
    this.fitIn();

    const pictures = await Promise.all([decoded(data.before), decoded(data.after)]);
    if (this.data !== data) return; // newer ones are under way
    this.figures.forEach((figure, each) => exchange(figure, pictures[each], data.labels[each]));
    this.paint();
  }

  /** The place to begin with is gone to once, when the view has its size. */
  fitIn() {
    const { at, width, height } = this.data;
    if (!at || this.sought || !this.view.clientWidth) return this.show(this.zoom, this.left, this.top);
    this.sought = true;
    const zoom = this.natural > 1 ? this.natural : 2;
    this.show(zoom, 0.5 - (zoom * at[0]) / width, 0.5 - (zoom * at[1]) / height);
  }

  listen() {
    const { root, view, range, fingers } = this;
    for (const button of root.querySelectorAll("[data-action]")) {
      button.addEventListener("click", () => this[button.dataset.action]());
    }
    range.addEventListener("input", () => this.slide());
    root.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("keydown", this);
    view.addEventListener("dblclick", (event) => this.toggle(placeOf(event)));
    const wheel = (event) => {
      if (event.ctrlKey || this.zoom > 1) this.zoomByWheel(event); // else the page scrolls
    };
    view.addEventListener("wheel", wheel, { passive: false });

    let gesture = null;
    view.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.target.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, placeOf(event));
      if (fingers.size > 1) gesture = pinch(this, fingers);
      else gesture = event.target === range ? null : pan(this, event);
    });
    view.addEventListener("pointermove", (event) => {
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, placeOf(event));
      gesture?.move(event);
    });
    const finish = (event) => {
      fingers.delete(event.pointerId);
      gesture = null;
    };
    view.addEventListener("pointerup", finish);
    view.addEventListener("pointercancel", finish);
  }

  /** A key that nobody has the focus for, as after a press of a button that was disabled by it:
   * it's meant for the dialog that this lies in. */
  handleEvent(event) {
    if (!this.root.isConnected) return document.removeEventListener("keydown", this);
    const dialog = this.root.getRootNode().host?.closest("[role=dialog]");
    if (event.target !== document.body || !dialog) return;
    this.range.focus();
    if (event.key === "Escape") this.range.dispatchEvent(new KeyboardEvent(event.type, { ...KEY, key: event.key }));
    else this.press(event);
  }

  press(event) {
    const arrow = event.shiftKey && this.zoom > 1 && ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || !(arrow || event.key in ZOOM_KEYS)) return;
    const STEP = 40; // CSS pixels
    if (arrow) this.moveBy(arrow[0] * STEP, arrow[1] * STEP);
    else this[ZOOM_KEYS[event.key]]();
    event.preventDefault();
    event.stopPropagation(); // the page has shortcuts of its own
  }

  /** The divider goes where the range is; two fingers on the range mean the photo. */
  slide() {
    if (this.fingers.size > 1) this.range.value = this.divider;
    this.divider = this.range.value;
    this.view.style.setProperty("--divider", `${this.divider}%`);
    const shown = `${Math.round(this.divider)}% ${this.data.labels[0]}`;
    this.range.setAttribute("aria-valuetext", shown);
  }

  /** The zoom at which a pixel of the photo is one of the screen's, in CSS pixels. */
  get natural() {
    return this.data.width / (this.view.clientWidth || 1);
  }

  actual() {
    this.zoomBy(this.natural / this.zoom);
  }

  /** The whole photo or 100%; 2× where 100% isn't larger. */
  toggle(place) {
    if (this.zoom > 1) this.fit();
    else this.zoomAt(place, this.natural > 1 ? this.natural : 2);
  }

  show(zoom, left, top) {
    this.maxZoom = Math.max(MAX_ZOOM, 2 * this.natural);
    super.show(zoom, left, top);
    const { preview } = this.data;
    if (this.zoom === 1 || !preview || this.asked === preview) return;
    this.asked = preview;
    this.ask(preview);
  }

  paint() {
    const { clientWidth, clientHeight } = this.view;
    // Between two pixels of the screen, those of the photo would be blurred.
    const [x, y] = [Math.round(this.left * clientWidth), Math.round(this.top * clientHeight)];
    for (const figure of this.figures) {
      figure.querySelector("img").style.transform = `translate(${x}px, ${y}px) scale(${this.zoom})`;
    }
    this.view.toggleAttribute("data-zoomed", this.zoom > 1);
    this.paintZoom(this.root);
    const actual = this.root.querySelector("[data-action=actual]");
    actual.disabled = this.natural <= 1;
    actual.setAttribute("aria-pressed", this.zoom > 1 && Math.abs(this.zoom / this.natural - 1) < 0.001);
    const waiting = this.zoom > 1 && this.data.preview;
    this.root.querySelector(".status").textContent = waiting ? "Loading full size…" : "";
  }
}

/** Decoded first, a picture takes another's place without a blank moment between. */
function exchange(figure, picture, label) {
  picture.alt = label;
  figure.querySelector("img").replaceWith(picture);
  figure.querySelector("figcaption").textContent = label;
}

// One for each piece of page. Streamlit calls again with new data; zoom and divider stay.
const comparisons = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".comparison");
  if (!comparisons.has(root)) comparisons.set(root, new BeforeAfter(root));
  comparisons.get(root).update(data, (preview) => setStateValue("asked", preview));
}
