// The original and what models made of it: two of them on a handle, or up to four side by side. All
// show the same part of the photo, and keep it when another model or another kind is chosen.
//
// What is chosen here is shown at once if its picture is known, and the server is told of it: its
// answer brings what isn't known yet. A larger picture takes a smaller one's place when it's needed.
// All of it stays as it is when the next photo comes.

const MOST = 4; // panes
const KEPT = 12; // pictures that the browser keeps ready
const AGAIN = 350; // milliseconds between two questions for a picture that is being made

let latest = null; // the viewer that was told something last

class Viewer extends ComparedPhoto {
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
    root.addEventListener("focusin", ({ target }) => (this.had = target.dataset.action));
    listenToKeys(this);
    tabThrough(root);
    listenToPointers(this);
    for (const button of root.querySelectorAll("[data-action]")) {
      button.addEventListener("click", () => this[button.dataset.action]());
    }
    for (const button of root.querySelectorAll("button[data-layout]")) {
      button.addEventListener("click", () => this.arrange(button.dataset.layout));
    }
    figures.forEach((figure, slot) => figure.querySelector("button").addEventListener("click", () => this.mean(slot)));
    this.range.addEventListener("input", () => this.slide());
    new ResizeObserver(() => this.data && this.lay()).observe(this.stage);
  }

  // What the app gives

  update(data, send, again) {
    const first = !this.data;
    const before = first ? latest?.data.key === data.key && latest : this;
    const moved = before && before.data.photo !== data.photo;
    [this.data, this.send] = [data, send];
    this.dialog = this.root.getRootNode().host?.closest("[role=dialog]");
    if (first) {
      this.told = JSON.stringify({ ...data.wish, photo: data.photo });
      before ? this.goOnFrom(before) : this.begin(data);
    }
    if (this.nth < 0) this.photo = data.photo;
    if (moved) this.figures.forEach(clear);
    if (moved) this.findEdge();
    latest = this;
    this.learn(data);
    const here = this.shown.filter((name) => this.names.includes(name));
    this.change(here.length < this.shown.length ? filled(here, this.names, 2) : here);
    this.asking.go(data.waiting ? AGAIN : null, again);
    if (first) this.focus(before?.had);
  }

  begin({ photo, wish: { shown, kind, walked } }) {
    Object.assign(this, { photo, shown, kind, walked });
  }

  /** The page draws its dialog anew for another photo, and at times for the same one. */
  goOnFrom({ photo, shown, kind, walked, layout, seen, sought, edge, range }) {
    Object.assign(this, { photo, shown, kind, walked, layout, seen, sought, edge });
    this.range.value = range.value;
  }

  /** The button that had the focus before the dialog was drawn anew, or all of this. */
  focus(action) {
    const button = action && this.root.querySelector(`[data-action=${action}]`);
    (button || this.root).focus({ preventScroll: true });
  }

  /** Whether its dialog is gone, or another viewer goes on from this one. */
  get isOver() {
    return (latest && latest !== this) || !(this.root.isConnected || this.dialog?.isConnected);
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
    this.change(shown, this.shown[slot] === this.walked ? name : this.walked);
  }

  /** The files below are about this one, and the arrows walk on it. */
  mean(slot) {
    this.change(this.shown, this.shown[slot]);
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

  nextPhoto(by = 1) {
    const { photos } = this.data;
    if (photos.length < 2) return;
    this.photo = photos[(this.nth + by + photos.length) % photos.length].key;
    this.tell();
    for (const figure of this.figures) figure.setAttribute("aria-busy", true);
    paintPhotos(this);
    paintStatus(this);
  }

  previousPhoto() {
    this.nextPhoto(-1);
  }

  setKind(kind) {
    this.kind = kind;
    this.change(this.shown);
  }

  change(shown, walked = this.walked) {
    const panes = this.layout === "panes";
    this.shown = panes ? inOrder(shown, this.names) : shown;
    const made = this.shown.filter((name) => this.pictureOf(name)?.files);
    this.walked = made.includes(walked) ? walked : (made.at(-1) ?? this.shown.at(-1));
    this.lay();
    this.fill();
    listPictures(this);
    paintKinds(this);
    paintPhotos(this);
    paintNames(this);
    this.tell();
  }

  tell() {
    const { shown, kind, walked, needsSharp: sharp, photo } = this;
    const wish = { shown, kind, walked, sharp, photo }; // an answer to an earlier one takes nothing back
    const words = JSON.stringify(wish);
    if (words === this.told) return;
    this.told = words;
    this.send(wish);
  }

  /** Which of all photos is wished for, from 0; below, if it was taken away. */
  get nth() {
    return this.data.photos.findIndex(({ key }) => key === this.photo);
  }

  get names() {
    return this.data.pictures.map(({ name }) => name);
  }

  pictureOf(name) {
    return this.data.pictures.find((picture) => picture.name === name);
  }

  labelOf(name) {
    return this.pictureOf(name)?.label ?? name;
  }

  // The pictures

  fill() {
    this.shown.forEach((name, slot) => this.fillOne(this.figures[slot], name));
  }

  async fillOne(figure, name) {
    const { label, missing } = this.pictureOf(name);
    figure.querySelector(".missing").textContent = missing;
    figure.querySelector("figcaption span").textContent = label;
    if (missing) return clear(figure);
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
    [figure.showing, figure.of, figure.version] = [source, wanted, file.version];
    this.paint();
  }

  /** Pictures that somebody refers to stay in the browser's memory. */
  keep(source, image) {
    this.kept.delete(source);
    this.kept.set(source, image);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  slide() {
    if (this.fingers.size > 1) this.range.value = this.divider; // two fingers mean the photo
    this.divider = this.range.value;
    this.stage.style.setProperty("--divider", `${this.divider}%`);
    const shown = `${Math.round(this.divider)}% ${this.labelOf(this.shown[0])}`;
    this.range.setAttribute("aria-valuetext", shown);
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
