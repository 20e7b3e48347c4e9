// The original and what models made of it: two of them on a handle, or up to four side by side. All
// show the same part of the photo, and keep it when another model or another kind is chosen.
//
// What is chosen here is shown at once if its picture is known, and the server is told of it: its
// answer brings what isn't known yet. A larger picture takes a smaller one's place when it's needed.

const MOST = 4; // panes
const KEPT = 12; // pictures that the browser keeps ready
const AGAIN = 350; // milliseconds between two questions for a picture that is being made

class Viewer extends Zoomable {
  constructor(root) {
    const figures = [...root.querySelectorAll("figure")];
    super(figures[0]);
    [this.root, this.figures] = [root, figures];
    this.asking = new Asking(root);
    this.stage = root.querySelector(".stage");
    this.range = root.querySelector("input");
    this.fingers = new Map();
    this.files = new Map();
    this.kept = new Map();
    this.layout = "handle";
    this.sought = false;
    listenToKeys(this);
    tabThrough(root);
    listenToPointers(this);
    for (const button of root.querySelectorAll("[data-action]")) {
      button.addEventListener("click", () => this[button.dataset.action]());
    }
    for (const button of root.querySelectorAll("button[data-layout]")) {
      button.addEventListener("click", () => this.arrange(button.dataset.layout));
    }
    this.range.addEventListener("input", () => this.slide());
    new ResizeObserver(() => this.data && this.lay()).observe(this.stage);
  }

  // What the app gives

  update(data, send, again) {
    const first = !this.data;
    [this.data, this.send] = [data, send];
    if (first) {
      const { shown, kind, walked } = data.wish;
      Object.assign(this, { shown, kind, walked, told: JSON.stringify(data.wish) });
    }
    this.learn(data);
    const here = this.shown.filter((name) => this.names.includes(name));
    this.change(here.length < this.shown.length ? filled(here, this.names, 2) : here);
    this.asking.go(data.waiting ? AGAIN : null, again);
    if (first) this.root.focus({ preventScroll: true });
  }

  /** Where the pictures lie; full-size ones only for as long as the server shows them. */
  learn({ pictures, files, wish }) {
    const versions = new Map(pictures.map(({ name, version }) => [name, version]));
    for (const [key, file] of this.files) {
      if (versions.get(file.name) !== file.version) this.files.delete(key);
      else file.sharp = null;
    }
    for (const [name, file] of Object.entries(files)) {
      this.files.set(`${wish.kind} ${name}`, { ...file, name, version: versions.get(name) });
    }
  }

  // What is shown

  choose(name, slot) {
    const shown = [...this.shown];
    const other = shown.indexOf(name);
    if (other >= 0) shown[other] = shown[slot]; // they change places
    shown[slot] = name;
    this.change(shown);
  }

  /** In or out of the panes. */
  toggle(name) {
    const others = this.shown.filter((each) => each !== name);
    if (others.length < this.shown.length) return others.length && this.change(others);
    this.change(joined(this.shown, this.walked, name, MOST), name);
  }

  arrange(layout) {
    const { shown, walked, names } = this;
    this.layout = layout;
    this.change(layout === "handle" ? pairOf(shown, walked, names) : filled(shown, names, MOST));
  }

  next(by = 1) {
    const name = besides(this.shown, this.walked, this.names, by);
    this.change(this.shown.map((each) => (each === this.walked ? name : each)), name);
    this.root.querySelector(".heard").textContent = this.labelOf(name);
  }

  previous() {
    this.next(-1);
  }

  setKind(kind) {
    this.kind = kind;
    this.change(this.shown);
  }

  change(shown, walked = this.walked) {
    const panes = this.layout === "panes";
    this.shown = panes ? inOrder(shown, this.names) : shown;
    this.walked = panes && shown.includes(walked) ? walked : shown.at(-1);
    this.lay();
    this.fill();
    listPictures(this);
    paintKinds(this);
    this.tell();
  }

  tell() {
    const wish = { shown: this.shown, kind: this.kind, walked: this.walked, sharp: this.needsSharp };
    const words = JSON.stringify(wish);
    if (words === this.told) return;
    this.told = words;
    this.send(wish);
  }

  get names() {
    return this.data.pictures.map(({ name }) => name);
  }

  labelOf(name) {
    return this.data.pictures.find((picture) => picture.name === name)?.label ?? name;
  }

  // The pictures

  fill() {
    this.shown.forEach((name, slot) => this.fillOne(this.figures[slot], name));
  }

  async fillOne(figure, name) {
    const wanted = `${this.kind} ${name}`;
    const file = this.files.get(wanted);
    figure.setAttribute("aria-busy", !file || (this.needsSharp && this.data.larger && !file.sharp && this.data.waiting));
    figure.wanted = wanted;
    if (!file) return;
    const best = file.sharp ?? file.src;
    if (figure.showing === best || (figure.of === wanted && !file.sharp && figure.version === file.version)) return;
    if (file.sharp && (figure.of !== wanted || figure.version !== file.version) && !this.kept.has(best)) await this.put(figure, file, file.src, wanted);
    await this.put(figure, file, best, wanted);
  }

  async put(figure, file, source, wanted) {
    const image = await decoded(source);
    if (figure.wanted !== wanted || !image.naturalWidth || this.files.get(wanted) !== file) return;
    this.keep(source, image.cloneNode());
    image.alt = this.labelOf(file.name);
    figure.querySelector("img").replaceWith(image);
    figure.querySelector("figcaption").textContent = image.alt;
    [figure.showing, figure.of, figure.version] = [source, wanted, file.version];
    this.paint();
  }

  /** Pictures that somebody refers to stay in the browser's memory. */
  keep(source, image) {
    this.kept.delete(source);
    this.kept.set(source, image);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  // What is in view

  get fitted() {
    return fitInto(this.view, this.data);
  }

  /** The zoom at which a pixel of the photo is one of the screen's, in CSS pixels. */
  get natural() {
    return this.data.width / (this.fitted.width * this.view.clientWidth || 1);
  }

  get needsSharp() {
    const across = this.zoom * this.fitted.width * this.view.clientWidth * devicePixelRatio;
    return this.data.larger && across > 1.02 * this.data.preview;
  }

  /** From the whole photo to where the subject's edge is, and otherwise where it is. */
  actual() {
    if (this.zoom > 1) this.zoomBy(this.natural / this.zoom);
    else this.center(this.natural, this.data.edge);
  }

  /** The whole photo or 100%; 2× where 100% isn't larger. */
  press(place) {
    if (this.zoom > 1) this.fit();
    else this.zoomAt(place, this.natural > 1 ? this.natural : 2);
  }

  /** Give the pictures their places. What was in the middle, and how large, stays: the sizes of
   * panes change with their number. The place to begin with is gone to once. */
  lay() {
    const before = this.natural && { scale: this.zoom / this.natural, ...this.middle };
    const whole = this.zoom === 1;
    layOut(this);
    if (!this.view.clientWidth) return;
    const { at, width, height } = this.data;
    if (at && !this.sought) {
      this.sought = true;
      this.center(this.natural > 1 ? this.natural : 2, { x: at[0] / width, y: at[1] / height });
    } else if (whole) this.fit();
    else this.center(before.scale * this.natural, before);
  }

  /** What of the photo lies in the middle of the view, as parts of the photo. */
  get middle() {
    const { width, height } = this.fitted;
    return { x: (0.5 - this.left) / (this.zoom * width), y: (0.5 - this.top) / (this.zoom * height) };
  }

  center(zoom, { x, y }) {
    const { width, height } = this.fitted;
    this.show(zoom, 0.5 - zoom * width * x, 0.5 - zoom * height * y);
  }

  show(zoom, left, top) {
    this.maxZoom = Math.max(MAX_ZOOM, 4 * this.natural);
    super.show(zoom, left, top);
    if (this.needsSharp) this.tell();
  }

  slide() {
    if (this.fingers.size > 1) this.range.value = this.divider; // two fingers mean the photo
    this.divider = this.range.value;
    this.stage.style.setProperty("--divider", `${this.divider}%`);
    const shown = `${Math.round(this.divider)}% ${this.labelOf(this.shown[0])}`;
    this.range.setAttribute("aria-valuetext", shown);
  }

  paint() {
    paintView(this);
  }
}

// One for each piece of page. Streamlit calls again with new data; all that was chosen stays.
const viewers = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".viewer");
  if (!viewers.has(root)) viewers.set(root, new Viewer(root));
  viewers.get(root).update(
    data,
    (wish) => setStateValue("wish", wish),
    () => setTriggerValue("again", Date.now()),
  );
}
