// A card's picture, on which the subject and the picture behind it are put into place. While that is
// done, both are shown here as layers; afterwards the server makes the picture, and the layers stay
// until it's there.

const LONGEST = 8000; // milliseconds that a picture of the server's is waited for
const CORNER = 7; // CSS pixels of a corner's square that lie beyond it

class Placer {
  constructor(root) {
    this.root = root;
    for (const name of ["subject", "grip", "ground", "layer", "behind", "around", "status"]) {
      this[name] = root.querySelector(`.${name}`);
    }
    this.guides = [...root.querySelectorAll(".guide")];
    this.isSnapped = false;
    listen(this);
    const seen = new ResizeObserver(() => this.lay());
    this.watch = (image) => {
      if (image === this.image) return;
      seen.disconnect();
      this.image = image;
      seen.observe(image);
      image.addEventListener("load", () => this.lay());
    };
  }

  // What the app gives

  update(data, send) {
    [this.data, this.send] = [data, send];
    const card = this.root.getRootNode().host.closest('[class*="st-key-card_"]');
    const image = card?.querySelector("img");
    if (!image) return;
    this.watch(image);
    if (!this.busy && this.answered) {
      this.placed = { ...data.placed };
      if (this.sent) this.leave();
      this.sent = null;
    }
    put(this.layer, data.layer);
    put(this.behind, data.picture?.src ?? data.behind);
    put(this.around, data.picture?.src ?? "");
    this.around.hidden = !data.picture;
    this.grip.hidden = !data.picture;
    this.ground.toggleAttribute("data-movable", Boolean(data.picture));
    this.subject.setAttribute("aria-label", `Subject of ${data.label}: arrow keys move it, plus and minus scale it`);
    this.grip.setAttribute("aria-label", `Picture behind ${data.label}: arrow keys move it, plus and minus zoom it`);
    this.lay();
  }

  /** Whether what the app gives holds what was sent last; if that is lost, it counts after a while. */
  get answered() {
    const same = !this.sent || JSON.stringify(this.sent) === JSON.stringify(this.data.placed);
    return same || performance.now() - this.sentAt > LONGEST;
  }

  /** The server's picture takes the layers' place as soon as it is there. */
  async leave() {
    const [before, until] = [this.before, performance.now() + LONGEST];
    while (performance.now() < until && !this.busy && this.shown) {
      if (this.image.src !== before && this.image.complete) {
        await this.image.decode().catch(() => {});
        break;
      }
      await new Promise(requestAnimationFrame);
    }
    if (!this.busy) this.show(false);
  }

  // What is being tried out

  tryOut(target, placed, { snap = true, hold = true } = {}) {
    this.busy = true;
    clearTimeout(this.timer);
    let [there, lines] = [allowed(this.data, placed, hold), [null, null]];
    this.tellHeld(target, allowed(this.data, placed, false), there);
    if (snap && target === "subject") ({ placed: there, lines } = snapped(this.data, there, this.view));
    else if (snap) ({ placed: there, lines } = centred(this.data.picture, there, this.view));
    this.placed = allowed(this.data, there, hold);
    this.isSnapped = lines.some((line) => line !== null);
    this.guide(lines);
    this.show(true);
    this.paint();
    this.say(target);
  }

  /** Whether the photo's edge keeps the subject from where it's wanted: else nothing would tell why it stays. */
  tellHeld(target, wanted, there) {
    const { photo } = this.data;
    const [across, down] = [wanted.across - there.across, wanted.down - there.down];
    const away = Math.hypot(across * photo[2] * this.view.width, down * photo[3] * this.view.height);
    this.isHeld = target === "subject" && away > SNAP;
    this.root.toggleAttribute("data-held", this.isHeld);
  }

  cancel() {
    clearTimeout(this.timer);
    this.placed = { ...this.data.placed };
    this.rest();
    this.show(false);
    this.paint();
  }

  commitSoon(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), time);
  }

  commit() {
    clearTimeout(this.timer);
    const changed = JSON.stringify(this.placed) !== JSON.stringify(this.data.placed);
    this.rest();
    if (!changed) return this.show(false);
    for (const name of Object.keys(this.placed)) this.placed[name] = Math.round(1e4 * this.placed[name]) / 1e4;
    [this.sent, this.sentAt, this.before] = [{ ...this.placed }, performance.now(), this.image.src];
    this.send({ photo: this.data.key, ...this.placed });
  }

  rest() {
    [this.busy, this.isSnapped] = [false, false];
    this.root.removeAttribute("data-held"); // what it tells can still be read for a while
    this.guide([null, null]);
  }

  // How it looks

  get view() {
    return { width: this.root.clientWidth || 1, height: this.root.clientHeight || 1 };
  }

  /** The point about which the subject is scaled. */
  keptOnScreen() {
    const { left, top, width, height } = this.root.getBoundingClientRect();
    const [x] = stretchOf(this.data, this.placed, 0, this.data.kept[0], 1);
    const [y] = stretchOf(this.data, this.placed, 1, this.data.kept[1], 1);
    return { x: left + x * width, y: top + y * height };
  }

  show(shown) {
    this.shown = shown;
    this.root.toggleAttribute("data-shown", shown);
  }

  guide(lines) {
    lines.forEach((line, axis) => {
      const guide = this.guides[axis];
      guide.toggleAttribute("data-on", line !== null);
      if (line !== null) guide.style[axis ? "top" : "left"] = `min(${100 * line}%, calc(100% - 1px))`;
    });
  }

  say(target) {
    const percent = (part) => `${Math.round(100 * part)}%`;
    const { across, down, scale, x, y, zoom } = this.placed;
    const held = this.isHeld ? ", held where the photo's edge cuts it off" : "";
    this.status.textContent =
      target === "subject"
        ? `Subject ${percent(across)} to the right, ${percent(down)} down, ${percent(scale)} in size${held}`
        : `Picture at ${percent(x)} from left to right, ${percent(y)} from top to bottom, ${percent(zoom)} in size`;
  }

  /** Where the card shows its picture: it keeps its proportions within the image's box. */
  lay() {
    if (!this.data || !this.image?.isConnected) return;
    const [box, now] = [this.image.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (!box.width) return;
    const [x, y] = [now.left - parseFloat(this.root.style.left || 0), now.top - parseFloat(this.root.style.top || 0)];
    const [wide, high] = this.data.size;
    const ratio = Math.min(box.width / wide, box.height / high);
    const [width, height] = [wide * ratio, high * ratio];
    const [left, top] = [box.left - x + (box.width - width) / 2, box.top - y + (box.height - height) / 2];
    Object.assign(this.root.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    this.paint();
  }

  paint() {
    const { data, placed, view } = this;
    const box = inside(rectOf(data, placed, data.box), view);
    place(this.subject, box);
    this.subject.toggleAttribute("data-small", Math.min(box[2] * view.width, box[3] * view.height) < 110);
    if (!this.busy) [this.grip.style.left, this.grip.style.top] = gripAt(box, view).map((each) => `${each}px`); // else it stays
    place(this.layer, rectOf(data, placed, data.layer_box));
    const behind = data.picture ? laid(data.picture, placed, view) : [0, 0, view.width, view.height];
    place(this.behind, [behind[0] / view.width, behind[1] / view.height, behind[2] / view.width, behind[3] / view.height]);
    const blur = (data.picture?.blur ?? 0) * data.photo[2] * view.width;
    this.behind.style.filter = blur > 0.3 ? `blur(${blur}px)` : "";
  }
}

/** The part of it that is in the picture, where its corners are seen whole: what is larger can be taken hold
 * of all the same. */
function inside([left, top, width, height], view) {
  const [x, y] = [Math.min(CORNER / view.width, 0.5), Math.min(CORNER / view.height, 0.5)];
  const [x0, y0] = [clamp(left, x, 1 - x), clamp(top, y, 1 - y)];
  return [x0, y0, clamp(left + width, x, 1 - x) - x0, clamp(top + height, y, 1 - y) - y0];
}

function place(element, rect) {
  ["left", "top", "width", "height"].forEach((name, each) => (element.style[name] = `${100 * rect[each]}%`));
}

function put(image, source) {
  if (source && image.getAttribute("src") !== source) image.src = source;
}

// One for each piece of page. Streamlit calls again with new data; what is being tried out stays.
const placers = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".placer");
  if (!placers.has(root)) placers.set(root, new Placer(root));
  placers.get(root).update(data, (placed) => setTriggerValue("placed", placed));
}
