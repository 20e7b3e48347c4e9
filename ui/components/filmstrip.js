// A thumbnail for each photo: a press or an arrow key goes to it, its × removes it. How the models
// get on is told by whoever asks the server for it, in an event, without the page being drawn anew.

const AGAIN = 350; // milliseconds between two questions for thumbnails that are being made
const SIGNS = { done: "✓", empty: "0", failed: "!", running: "▸", waiting: "…" };
const WORDS = { done: "done", empty: "nothing found", failed: "failed", running: "running", waiting: "waiting" };

class Filmstrip {
  constructor(root) {
    this.root = root;
    this.asking = new Asking(root);
    root.addEventListener("keydown", (event) => this.press(event));
    root.addEventListener("scroll", () => this.fade());
    new ResizeObserver(() => this.resized()).observe(root);
    document.addEventListener("photo-states", (event) => root.isConnected && this.tell(event.detail));
  }

  update(data, pick, remove, again) {
    [this.data, this.pick, this.remove] = [data, pick, remove];
    this.draw();
    this.asking.go(data.photos.some(({ src }) => src === null) ? AGAIN : null, again);
  }

  /** What is there stays, and with it the focus. */
  draw() {
    const { photos, current } = this.data;
    const before = new Map([...this.root.children].map((photo) => [photo.dataset.key, photo]));
    const focused = this.root.contains(this.root.getRootNode().activeElement);
    const now = photos.map((photo) => before.get(photo.key) ?? this.made(photo));
    // Moving what has the focus would take it away.
    for (const [key, photo] of before) if (!photos.some((each) => each.key === key)) photo.remove();
    now.forEach((photo, index) => this.root.children[index] !== photo && this.root.insertBefore(photo, this.root.children[index] ?? null));
    photos.forEach((photo, index) => {
      const thumb = now[index].querySelector(".thumb");
      if (photo.src) thumb.style.backgroundImage = `url("${photo.src}")`;
      const pick = now[index].querySelector(".pick");
      pick.setAttribute("aria-current", photo.key === current);
      pick.tabIndex = photo.key === current ? 0 : -1;
      this.mark(now[index], photo);
    });
    const { chosen } = this;
    if (this.shown !== current) this.goTo(chosen);
    this.shown = current;
    this.fade();
    if (focused) chosen?.focus({ preventScroll: true });
  }

  get chosen() {
    return this.root.querySelector("[aria-current=true]");
  }

  /** What comes beside the strip later takes some of its width: the chosen one is in sight still. */
  resized() {
    this.goTo(this.chosen);
    this.fade();
  }

  /** To its middle, where its neighbours are seen as well; the page stays where it is. */
  goTo(pick) {
    const [place, strip] = [pick?.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (place) this.root.scrollLeft += place.left + place.width / 2 - strip.left - strip.width / 2;
  }

  /** Tells the style on which sides there are more. */
  fade() {
    const { scrollLeft, scrollWidth, clientWidth } = this.root;
    this.root.toggleAttribute("data-before", scrollLeft > 1);
    this.root.toggleAttribute("data-behind", scrollLeft + clientWidth < scrollWidth - 1);
  }

  made({ key, name }) {
    const photo = document.createElement("div");
    [photo.className, photo.dataset.key] = ["photo", key];
    photo.innerHTML =
      '<button type="button" class="pick"><span class="thumb"></span><span class="sign" aria-hidden="true"></span></button>' +
      '<button type="button" class="remove"><svg viewBox="0 0 20 20"><path d="M4 4l12 12M16 4L4 16"/></svg></button>';
    const [pick, remove] = photo.children;
    pick.addEventListener("click", () => this.pick(key));
    remove.addEventListener("click", () => this.remove(key));
    remove.setAttribute("aria-label", `Remove ${name}`);
    remove.title = `Remove ${name}`;
    return photo;
  }

  mark(photo, { name, state, told }) {
    photo.dataset.state = state;
    photo.querySelector(".sign").textContent = SIGNS[state] ?? "";
    const words = [name, WORDS[state], told].filter(Boolean).join(", ");
    const pick = photo.querySelector(".pick");
    pick.setAttribute("aria-label", words);
    pick.title = words;
  }

  tell(states) {
    for (const photo of this.data.photos) {
      if (!(photo.key in states)) continue;
      [photo.state, photo.told] = states[photo.key];
      this.mark(this.root.querySelector(`[data-key="${CSS.escape(photo.key)}"]`), photo);
    }
  }

  press(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const keys = this.data.photos.map(({ key }) => key);
    const at = keys.indexOf(event.target.closest(".photo")?.dataset.key);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete") this.remove(keys[at]);
    else if (step && keys[at + step]) {
      this.root.children[at + step].querySelector(".pick").focus();
      this.pick(keys[at + step]);
    } else if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // the page has shortcuts of its own
  }
}

// One for each piece of page. Streamlit calls again with new data.
const strips = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".strip");
  if (!strips.has(root)) strips.set(root, new Filmstrip(root));
  strips.get(root).update(
    data,
    (key) => setTriggerValue("picked", key),
    (key) => setTriggerValue("removed", key),
    () => setTriggerValue("again", Date.now()),
  );
}
