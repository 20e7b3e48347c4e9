// Two results of one photo, of which the person says which is better.
//
// The next ballot's pictures are here before this one's verdict: it's shown at once. What the person
// says is numbered and sent until the server has heard it, so that nothing is lost or counted twice,
// however fast the votes come.

const VERDICTS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "both good", ArrowDown: "both bad" };
const PANS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ZOOMS = { "+": "zoomIn", "=": "zoomIn", "-": "zoomOut", 0: "fit" };
const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=radiogroup], [role=dialog]";
const HOLD = "o";
const GAP = 8; // CSS pixels, as in the style sheet
const STEP = 40; // CSS pixels
const LEAST = 260; // CSS pixels of height in which two results can be compared

class BallotBox extends Zoomable {
  constructor(root) {
    super(root.querySelector("figure"));
    this.root = root;
    this.pair = root.querySelector(".pair");
    this.figures = [...root.querySelectorAll("figure")];
    this.fingers = new Map();
    this.pictures = new Map();
    [this.said, this.last, this.shown, this.held] = [[], 0, null, false];
    this.listen();
    new ResizeObserver(() => this.lay()).observe(root);
    addEventListener("resize", () => this.lay());
  }

  update(data, send, ask) {
    [this.data, this.send, this.ask] = [data, send, ask];
    this.said = this.said.filter((each) => each.number > data.heard);
    this.last = Math.max(this.last, data.heard);
    const known = new Map();
    for (const ballot of data.ballots) {
      const key = `${ballot.id} ${ballot.look}`;
      const files = [ballot.left, ballot.right, ballot.photo, ballot.photo];
      known.set(key, this.pictures.get(key) ?? Promise.all(files.map(decoded)));
    }
    this.pictures = known;
    this.root.querySelector(".count").textContent = data.count;
    if (!this.said.length && data.last) this.root.querySelector(".last").textContent = data.last;
    this.next();
  }

  /** Show the first ballot that nothing was said about; wait if there is none yet. */
  async next() {
    const done = new Set(this.said.map((each) => each.ballot));
    const undoing = this.said.some((each) => each.verdict === null);
    this.ballot = undoing ? undefined : this.data.ballots.find((each) => !done.has(each.id));
    const voted = this.data.undoable || this.said.length > 0;
    this.root.querySelector("[data-action=undo]").disabled = undoing || !voted;
    for (const button of this.root.querySelectorAll("[data-verdict]")) button.disabled = !this.ballot;
    this.pair.toggleAttribute("data-waiting", !this.ballot);
    if (!this.ballot) return;

    const key = `${this.ballot.id} ${this.ballot.look}`;
    if (this.shown === key) return;
    const pictures = await this.pictures.get(key);
    if (!this.ballot || key !== `${this.ballot.id} ${this.ballot.look}` || this.shown === key) return;
    const another = !this.shown?.startsWith(this.ballot.id);
    this.shown = key;
    [this.results, this.photos] = [pictures.slice(0, 2), pictures.slice(2)];
    this.pair.toggleAttribute("data-new", another);
    if (another) [this.zoom, this.left, this.top] = [1, 0, 0];
    // Whoever has chosen another backdrop from the list goes on voting by keys.
    else if (document.activeElement?.matches("[role=combobox]")) this.root.focus({ preventScroll: true });
    this.lay();
  }

  /** Side by side or one above the other, whichever shows more, in the room that the window has. In a
   *  low one all that is above makes way, so that pictures and buttons are in sight together. */
  lay() {
    if (!this.ballot || !this.shown) return;
    const [place, frame] = [this.root.getBoundingClientRect(), this.pair.getBoundingClientRect()];
    const scrolled = document.querySelector("[data-testid=stMain]")?.scrollTop ?? 0;
    const header = document.querySelector("[data-testid=stHeader]")?.clientHeight ?? 0;
    const [above, below] = [place.top + scrolled, place.height - frame.height + 16];
    const low = innerHeight - above - below < LEAST;
    const room = Math.max(LEAST / 2, innerHeight - (low ? header : above) - below);
    const shape = this.ballot.width / this.ballot.height;
    const beside = Math.min((frame.width - GAP) / 2, room * shape);
    const stacked = Math.min(frame.width, ((room - GAP) / 2) * shape);
    const width = Math.floor(Math.max(beside, stacked));
    this.stacked = stacked > beside;
    this.pair.toggleAttribute("data-stacked", this.stacked);
    this.pair.style.height = `${room}px`;
    for (const figure of this.figures) {
      figure.style.width = `${width}px`;
      figure.style.height = `${Math.round(width / shape)}px`;
      const name = this.named(figure.dataset.side);
      this.root.querySelector(`[data-verdict=${figure.dataset.side}] span`).textContent = name;
    }
    this.face();
    this.show(this.zoom, this.left, this.top);
    if (low && !this.low) this.root.scrollIntoView({ block: "end" });
    this.low = low;
  }

  /** Each figure's result or, in both while that is held, the photo: no side tells of its model. */
  face() {
    this.figures.forEach((figure, side) => {
      const picture = (this.held ? this.photos : this.results)[side];
      picture.alt = this.held ? "The photo itself" : `${this.named(figure.dataset.side)} result`;
      const shown = figure.querySelector("img");
      if (shown !== picture) shown.replaceWith(picture);
    });
  }

  hold(held) {
    if (held === this.held || !this.shown) return;
    this.held = held;
    this.root.querySelector(".hold").setAttribute("aria-pressed", held);
    this.pair.removeAttribute("data-new"); // nothing fades in that was there before
    this.face();
    this.paint();
  }

  named(verdict) {
    const names = this.stacked ? { left: "Upper", right: "Lower" } : { left: "Left", right: "Right" };
    return names[verdict] ?? verdict[0].toUpperCase() + verdict.slice(1);
  }

  vote(verdict) {
    if (!this.ballot || !this.shown?.startsWith(this.ballot.id)) return;
    this.root.querySelector(".last").textContent = `Last vote: ${this.named(verdict).toLowerCase()}.`;
    this.say(this.ballot.id, verdict);
  }

  undo() {
    if (this.root.querySelector("[data-action=undo]").disabled) return;
    this.root.querySelector(".last").textContent = "Taken back.";
    this.say("", null);
  }

  say(ballot, verdict) {
    this.last += 1;
    this.said.push({ number: this.last, ballot, verdict });
    this.send([...this.said]);
    this.next();
  }

  listen() {
    const { root, figures, fingers } = this;
    for (const button of root.querySelectorAll("[data-action]")) {
      button.addEventListener("click", () => this[button.dataset.action]());
    }
    for (const button of root.querySelectorAll("[data-verdict]")) {
      button.addEventListener("click", () => this.vote(button.dataset.verdict));
    }
    listenToHold(this, root.querySelector(".hold"));
    for (const type of ["keydown", "keyup"]) document.addEventListener(type, this);
    let gesture = null;
    for (const figure of figures) {
      const here = (then) => (event) => {
        this.view = figure; // both are alike: places are parts of the one under the mouse
        then(event);
      };
      figure.addEventListener("dblclick", here((event) => this.toggle(placeOf(event))));
      figure.addEventListener("wheel", here((event) => this.zoomByWheel(event)), { passive: false });
      figure.addEventListener(
        "pointerdown",
        here((event) => {
          if (event.button !== 0) return;
          root.focus({ preventScroll: true });
          figure.setPointerCapture(event.pointerId);
          fingers.set(event.pointerId, placeOf(event));
          gesture?.cancel?.();
          if (fingers.size > 1) gesture = pinch(this, fingers);
          else if (this.zoom > 1) gesture = pan(this, event);
          else gesture = event.pointerType === "touch" ? swipe(this, figure, event) : null;
        }),
      );
      figure.addEventListener("pointermove", (event) => {
        if (!fingers.has(event.pointerId)) return;
        fingers.set(event.pointerId, placeOf(event));
        gesture?.move(event);
      });
      const finish = (end) => (event) => {
        if (!fingers.delete(event.pointerId)) return;
        gesture?.[end]?.(event);
        gesture = null;
      };
      figure.addEventListener("pointerup", finish("end"));
      figure.addEventListener("pointercancel", finish("cancel"));
    }
  }

  /** Keys are meant for the ballot wherever the focus is, but where it types or chooses. */
  handleEvent(event) {
    if (!this.root.isConnected) return document.removeEventListener(event.type, this);
    if (event.type === "keyup") return event.key.toLowerCase() === HOLD && this.hold(false);
    const own = event.composedPath().includes(this.root);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!own && (event.target.closest?.(TYPED) || document.querySelector("[role=dialog]"))) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.shiftKey && key in PANS) {
      this.moveBy(PANS[key][0] * STEP, PANS[key][1] * STEP);
    } else if (key in ZOOMS) {
      this[ZOOMS[key]]();
    } else if (key in VERDICTS || key === "z") {
      if (!event.repeat) key === "z" ? this.undo() : this.vote(VERDICTS[key]); // a held key is one vote
    } else if (key === HOLD) {
      this.hold(true);
    } else return;
    event.preventDefault();
    event.stopPropagation(); // the page has shortcuts of its own
  }

  get natural() {
    return (this.ballot?.width ?? 1) / (this.view.clientWidth || 1);
  }

  toggle(place) {
    if (this.zoom > 1) this.fit();
    else this.zoomAt(place, Math.max(2, this.natural));
  }

  show(zoom, left, top) {
    this.maxZoom = Math.max(MAX_ZOOM, 2 * this.natural);
    super.show(zoom, left, top);
    const sharper = this.zoom > 1 && this.ballot?.sharper;
    if (!sharper || this.asked === this.ballot.id) return;
    this.asked = this.ballot.id;
    this.ask(this.asked);
  }

  paint() {
    for (const figure of this.figures) {
      // Between two pixels of the screen, those of the photo would be blurred.
      const x = Math.round(this.left * figure.clientWidth);
      const y = Math.round(this.top * figure.clientHeight);
      figure.querySelector("img").style.transform = `translate(${x}px, ${y}px) scale(${this.zoom})`;
    }
    this.pair.toggleAttribute("data-zoomed", this.zoom > 1);
    this.paintZoom(this.root);
  }
}

// One for each piece of page. Streamlit calls again with new data.
const boxes = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".box");
  if (!boxes.has(root)) {
    boxes.set(root, new BallotBox(root));
    const focused = document.activeElement;
    if (!focused?.matches("input, textarea")) root.focus({ preventScroll: true });
  }
  boxes.get(root).update(
    data,
    (said) => setStateValue("said", said),
    (ballot) => setStateValue("asked", ballot),
  );
}
