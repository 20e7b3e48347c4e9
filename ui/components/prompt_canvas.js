// The canvas: what is drawn and its history, the objects, the part of the photo in view, the tools.
// Everything is kept in the photo's own pixels; the screen's come in only at `at` and `unit`.

const SMALLEST_VIEW = 0.55; // of the tallest
const NOTHING = { boxes: [], points: [] };
const HINTS = {
  box: "Drag a box around the subject. Several small ones beat a big one.",
  include: "Press what belongs to the subject. Drag a point to move it.",
  exclude: "Press what doesn't belong to the subject.",
  pick: "Press an object to choose it, again to leave it out.",
  pan: "Drag to move. The wheel zooms with every tool, and so do two fingers.",
};

class PromptCanvas extends Zoomable {
  constructor(root) {
    super(root.querySelector(".view"));
    this.find = (selector) => root.querySelector(selector);
    this.findAll = (selector) => [...root.querySelectorAll(selector)];
    this.stage = this.find(".stage");

    this.size = { width: 1, height: 1 };
    this.tools = [];
    this.objects = [];
    this.selected = [];
    this.restart(NOTHING);

    listenToPointers(this);
    listenToKeys(this);
    for (const button of this.findAll("button[data-tool]")) {
      button.addEventListener("click", () => this.setTool(button.dataset.tool));
    }
    for (const button of this.findAll("[data-action]")) {
      button.addEventListener("click", () => this[button.dataset.action]());
    }
    new ResizeObserver(() => this.data && this.lay()).observe(this.view);
  }

  // What the app gives

  update(data, setStateValue, setTriggerValue) {
    const before = this.data;
    this.data = data;
    this.sendDrawn = (drawn) => setStateValue("drawn", { ...this.stamp(), ...drawn });
    this.sendPicked = (names) => setTriggerValue("picked", names);

    this.size = { width: data.width, height: data.height };
    this.objects = data.objects;
    this.showPhoto(data);
    if (before?.image_id !== data.image_id || before.nonce !== data.nonce) this.restart(data.drawn);
    // What the person picked or chose since is kept until the app says something new.
    const told = JSON.stringify(data.selected);
    if (JSON.stringify(before?.selected) !== told) this.selected = data.selected;
    this.offer([
      ...(data.drawing ? ["box", "include", "exclude"] : []),
      ...(data.objects.length ? ["pick"] : []),
      "pan",
    ]);
  }

  /** The first tool is what the photo is there for now. */
  offer(tools) {
    const stays = tools.includes(this.tool) && tools[0] === this.tools[0];
    this.tools = tools;
    for (const button of this.findAll("button[data-tool]")) {
      button.hidden = !tools.includes(button.dataset.tool);
    }
    this.find(".changes").hidden = !this.data.drawing;
    this.setTool(stays ? this.tool : tools[0]);
  }

  stamp() {
    return { image_id: this.data.image_id, nonce: this.data.nonce };
  }

  /** The view is as wide as its column, and as high as the photo then is, within limits: a strip of a
   * photo is moved in a view that is no strip. */
  lay() {
    const { clientWidth } = this.view;
    if (!clientWidth) return;
    const height = (clientWidth * this.size.height) / this.size.width;
    const least = Math.min(SMALLEST_VIEW * this.tallest, clientWidth);
    this.view.style.height = `${Math.round(clamp(height, least, this.tallest))}px`;
    this.stage.style.width = `${100 * this.fitted.width}%`;
    this.show(this.zoom, this.left, this.top);
  }

  get fitted() {
    return fitInto(this.view, this.size);
  }

  get natural() {
    return this.size.width / (this.fitted.width * this.view.clientWidth || 1);
  }

  showPhoto({ src, overlay, tint, width, height, max_height, alt, drawing }) {
    this.stage.style.aspectRatio = `${width} / ${height}`;
    this.tallest = max_height;
    this.lay();
    const image = this.find("img");
    if (image.getAttribute("src") !== src) image.src = src;
    image.alt = alt;
    this.stage.setAttribute("aria-label", drawing ? `${alt}: draw boxes and points on it` : alt);
    const matte = this.find(".matte");
    matte.hidden = !overlay;
    matte.style.background = tint;
    matte.style.maskImage = overlay ? `url("${overlay}")` : "";
  }

  // What is drawn

  restart(drawn) {
    [this.drawn, this.past, this.future] = [drawn, [], []];
    [this.trial, this.draft, this.chosen] = [null, null, null];
    [this.cursor, this.corner, this.hovered] = [null, null, null];
    this.fit();
  }

  commit(next, message) {
    this.past.push(this.drawn);
    this.future = [];
    this.become(next, message);
  }

  become(drawn, message) {
    this.drawn = drawn;
    this.chosen = null;
    this.dropTrial();
    this.say(message);
    this.sendDrawn(drawn);
  }

  undo() {
    if (!this.past.length || !this.data.drawing) return;
    this.future.push(this.drawn);
    this.become(this.past.pop(), "Undone");
  }

  redo() {
    if (!this.future.length || !this.data.drawing) return;
    this.past.push(this.drawn);
    this.become(this.future.pop(), "Redone");
  }

  clear() {
    this.commit(NOTHING, "Cleared");
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

  // Objects

  hover(at) {
    const under = at && this.tool === "pick" ? objectAt(this.objects, at)?.name : undefined;
    if (under === this.hovered) return;
    this.hovered = under;
    this.paint();
  }

  pickAt(at) {
    const under = objectAt(this.objects, at);
    if (under) this.toggle(under.name);
    else this.say("Nothing to pick here");
  }

  toggle(name) {
    const { label } = this.objects.find((object) => object.name === name);
    const chosen = this.selected.includes(name);
    this.selected = chosen ? this.selected.filter((other) => other !== name) : [...this.selected, name];
    this.paint();
    this.say(`${label} ${chosen ? "left out" : "chosen"}`);
    this.sendPicked(this.selected);
  }

  // What is in view

  keepInView({ x, y }) {
    const across = (this.zoom * this.fitted.width * x) / this.size.width;
    const down = (this.zoom * this.fitted.height * y) / this.size.height;
    const inside = (part) => part >= 0 && part <= 1;
    if (inside(this.left + across) && inside(this.top + down)) return;
    this.show(this.zoom, 0.5 - across, 0.5 - down);
  }

  /** The place of an event on the photo. The stage's rectangle holds size, zoom and scroll alike. */
  at(event) {
    const shown = this.stage.getBoundingClientRect();
    const { width, height } = this.size;
    return {
      x: clamp(((event.clientX - shown.left) / shown.width) * width, 0, width),
      y: clamp(((event.clientY - shown.top) / shown.height) * height, 0, height),
    };
  }

  // Showing it

  setTool(tool) {
    if (!this.tools.includes(tool)) return;
    this.tool = tool;
    this.stage.dataset.tool = tool;
    this.find(".hint").textContent = HINTS[tool];
    for (const button of this.findAll("button[data-tool]")) {
      button.setAttribute("aria-pressed", button.dataset.tool === tool);
    }
    this.paint();
  }

  say(message) {
    this.find("[aria-live]").textContent = message;
  }

  /** Whether one finger's swipe means something here; if not, it scrolls the page. */
  get takesSwipes() {
    return this.tool === "box" || this.zoom > 1;
  }

  /** The photo's pixels in one CSS pixel of the screen. */
  get unit() {
    return this.size.width / (this.stage.getBoundingClientRect().width || 1);
  }

  paint() {
    const { clientWidth, clientHeight } = this.view;
    const [x, y] = [this.left * clientWidth, this.top * clientHeight];
    this.stage.style.transform = `translate(${x}px, ${y}px) scale(${this.zoom})`;
    this.stage.style.touchAction = this.takesSwipes ? "none" : "pan-y";
    this.stage.toggleAttribute("data-hovered", Boolean(this.hovered));
    const { size, unit, tool, objects, selected, hovered, chosen, draft, cursor } = this;
    const { boxes, points } = this.data?.drawing ? (this.trial ?? this.drawn) : NOTHING;
    const reach = matchMedia("(pointer: coarse)").matches ? 22 : 11;
    paintMarks(this.find(".marks"), {
      ...{ size, unit, reach, tool, objects, selected, hovered },
      ...{ boxes, points, chosen, draft, cursor },
    });
    this.find("[data-action=undo]").disabled = !this.past.length;
    this.find("[data-action=redo]").disabled = !this.future.length;
    this.find("[data-action=clear]").disabled = !this.drawn.boxes.length && !this.drawn.points.length;
    this.paintZoom(this.find(".bar"));
  }
}

// One canvas for each piece of page. Streamlit calls again with new data, even before the first call
// has returned, and only the app's data changes: what is drawn stays.
const canvases = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".canvas");
  if (!canvases.has(root)) canvases.set(root, new PromptCanvas(root));
  canvases.get(root).update(data, setStateValue, setTriggerValue);
}
