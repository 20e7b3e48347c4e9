// The canvas: what the app gives and gets, the tools, the objects, and how all of it is shown.
// Everything is kept in the photo's own pixels; the screen's come in only at `at` and `unit`.

const HINTS = {
  box: "Drag a box around the subject. Several small ones beat a big one.",
  include: "Press what belongs to the subject. Drag a point to move it.",
  exclude: "Press what doesn't belong to the subject.",
  brush: "Paint what the matte has wrong. Alt paints over edges, too; Space and a drag moves the photo.",
  pick: "Press an object to choose it, again to leave it out.",
  pan: "Drag to move. The wheel zooms with every tool, and so do two fingers.",
};
const KEYS = {
  box: "Arrow keys move a cursor, Enter sets two corners of a box. Shift is slow; Tab, Delete removes.",
  include: "Arrow keys move a cursor, Enter sets a point. Shift is slow; Tab, Delete removes.",
  exclude: "Arrow keys move a cursor, Enter sets a point. Shift is slow; Tab, Delete removes.",
  brush: "Arrow keys move the brush, Space puts it down and lifts it. Shift is slow; [ and ] change its size.",
  pick: "Arrow keys move a cursor, Enter picks what is there. Tab goes from object to object.",
  pan: "+ and − zoom, 0 shows the whole photo; arrow keys move a cursor.",
};
const FINGERS = "Paint what the matte has wrong. Two fingers zoom and move the photo.";
const PAUSE = 250; // milliseconds without a move after which the part in view is asked for

class PromptCanvas extends CanvasHistory {
  constructor(root) {
    super(root);
    this.tools = [];
    this.objects = [];
    this.selected = [];
    this.brush = new Brush(this);
    this.brush.fitTo(this.size);
    this.restart(NOTHING);

    listenToPointers(this);
    listenToKeys(this);
    for (const button of this.findAll("button[data-tool]")) {
      button.addEventListener("click", () => this.setTool(button.dataset.tool));
    }
    for (const button of this.findAll("[data-action]")) {
      button.addEventListener("click", () => this[button.dataset.action]());
    }
  }

  // What the app gives

  update(data, setStateValue, setTriggerValue) {
    const before = this.data;
    this.data = data;
    this.sendDrawn = (drawn) => setStateValue("drawn", { ...this.stamp(), ...drawn });
    this.sendPicked = (names) => setTriggerValue("picked", names);
    this.sendClose = (box) => setStateValue("close", { ...this.stamp(), box });

    this.size = { width: data.width, height: data.height };
    this.objects = data.objects;
    this.showPhoto(data);
    if (before?.image_id !== data.image_id) this.brush.fitTo(this.size);
    if (before?.image_id !== data.image_id || before.nonce !== data.nonce) this.restart(data.drawn);
    // What the person picked or chose since is kept until the app says something new.
    const told = JSON.stringify(data.selected);
    if (JSON.stringify(before?.selected) !== told) this.selected = data.selected;
    this.offer([
      ...(data.drawing ? ["box", "include", "exclude"] : []),
      ...(data.objects.length ? ["pick"] : []),
      ...(data.overlay ? ["brush"] : []),
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
    this.find(".changes").hidden = !this.data.drawing && !tools.includes("brush");
    this.setTool(stays ? this.tool : tools[0]);
  }

  stamp() {
    return { image_id: this.data.image_id, nonce: this.data.nonce };
  }

  showPhoto({ src, tint, halo, width, height, max_height, alt, drawing, preview, close }) {
    this.previewWidth = preview;
    this.stage.style.setProperty("--tint", tint);
    this.stage.style.setProperty("--halo", halo);
    this.stage.style.aspectRatio = `${width} / ${height}`;
    this.tallest = max_height;
    this.lay();
    const image = this.find("img.photo");
    if (image.getAttribute("src") !== src) image.src = src;
    image.alt = alt;
    this.stage.setAttribute("aria-label", drawing ? `${alt}: draw boxes and points on it` : alt);
    this.showMatte(this.data);
    this.showClose(close);
  }

  /** What was painted is in the matte once that can be seen; what was painted since is not. */
  async showMatte(data) {
    const { overlay, outline, close, strokes } = data;
    await Promise.all([overlay, close?.overlay].map((source) => source && decoded(source)));
    if (data !== this.data) return;
    this.find(".matte").style.maskImage = overlay ? `url("${overlay}")` : "";
    this.find(".fine").style.maskImage = close ? `url("${close.overlay}")` : "";
    showOutline(this.find(".matte + .edge"), [0, 0, data.width, data.height], outline);
    if (close) showOutline(this.find(".close .edge"), close.box, close.outline);
    if (strokes === this.drawn.strokes.length && !this.brush.stroke) this.brush.forget();
  }

  /** The part that was asked for, in the photo's own pixels: over the rest, where it is still seen. */
  showClose(close) {
    const part = this.find(".close");
    part.hidden = !close;
    if (!close) return;
    const [x0, y0, x1, y1] = close.box;
    const percent = (value, of) => `${(100 * value) / of}%`;
    const { width, height } = this.size;
    part.style.left = percent(x0, width);
    part.style.top = percent(y0, height);
    part.style.width = percent(x1 - x0, width);
    part.style.height = percent(y1 - y0, height);
    part.querySelector("img").src = close.src;
  }

  askForClose() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => {
      if (!this.view.isConnected || !this.data) return;
      const wanted = this.tool === "brush" ? this.close : null;
      const told = JSON.stringify(wanted);
      if (told === (this.asked ?? "null")) return;
      this.asked = told;
      this.sendClose(wanted);
    }, PAUSE);
  }

  // Objects

  hover(at) {
    if (this.tool === "brush") this.brush.hover(at);
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

  // Showing it

  setTool(tool) {
    if (!this.tools.includes(tool)) return;
    this.tool = tool;
    this.stage.dataset.tool = tool;
    const fingers = matchMedia("(pointer: coarse)").matches;
    this.find(".hint").textContent = tool === "brush" && fingers ? FINGERS : HINTS[tool];
    this.find(".hint.keys").textContent = KEYS[tool];
    this.find(".brush").hidden = tool !== "brush";
    if (tool !== "brush") {
      this.brush.drop();
      this.brush.hover(null);
    }
    for (const button of this.findAll("button[data-tool]")) {
      button.setAttribute("aria-pressed", button.dataset.tool === tool);
    }
    this.lay();
  }

  say(message) {
    this.find("[aria-live]").textContent = message;
  }

  /** Whether one finger's swipe means something here; if not, it scrolls the page. */
  get takesSwipes() {
    return this.tool === "box" || this.tool === "brush" || this.zoom > 1;
  }

  paint() {
    const { clientWidth, clientHeight } = this.view;
    const [x, y] = [this.left * clientWidth, this.top * clientHeight];
    this.stage.style.transform = `translate(${x}px, ${y}px) scale(${this.zoom})`;
    this.stage.style.touchAction = this.takesSwipes ? "none" : "pan-y";
    this.stage.toggleAttribute("data-hovered", Boolean(this.hovered));
    const { size, unit, tool, objects, selected, hovered, chosen, draft, cursor } = this;
    const { boxes, points } = this.data?.drawing ? (this.trial ?? this.drawn) : NOTHING;
    this.stage.style.setProperty("--unit", unit);
    const reach = matchMedia("(pointer: coarse)").matches ? 22 : 11;
    paintMarks(this.find(".marks"), {
      ...{ size, unit, reach, tool, objects, selected, hovered },
      ...{ boxes, points, chosen, draft, cursor },
    });
    this.find(".live").setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    this.find(".matte").hidden = !this.data?.overlay || !(this.data.told || tool === "brush");
    this.brush.paint();
    if (tool === "brush" && cursor) this.brush.hover(cursor);
    this.find("[data-action=undo]").disabled = !this.reaches(this.past.at(-1));
    this.find("[data-action=redo]").disabled = !this.reaches(this.future.at(-1));
    this.find("[data-action=clear]").disabled = this.empty;
    const strokes = this.drawn.strokes.length;
    this.find("[data-action=clearStrokes]").disabled = !strokes;
    this.find(".strokes").textContent = strokes || "";
    this.askForClose();
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
