// A photo of which a part is in view, and the gestures that choose the part.

const MAX_ZOOM = 16;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

const placeOf = (event) => ({ x: event.clientX, y: event.clientY });

/** Where a photo of this length begins in a view of length 1: in the middle if it's shorter. */
const begin = (start, length) => (length <= 1 ? (1 - length) / 2 : clamp(start, 1 - length, 0));

/** The photo is `zoom` times as large as it fits, its top left corner at (left, top), as parts of the
 * view; so a resized view of the photo's shape needs nothing. `paint` shows it. */
class Zoomable {
  constructor(view) {
    this.view = view;
    [this.minZoom, this.maxZoom] = [1, MAX_ZOOM];
    [this.zoom, this.left, this.top] = [1, 0, 0];
  }

  /** The size of the whole photo where it fits, as parts of the view. */
  get fitted() {
    return { width: 1, height: 1 };
  }

  /** The zoom at which a pixel of the photo is one of the screen's, in CSS pixels. */
  get natural() {
    return 1;
  }

  show(zoom, left, top) {
    this.zoom = clamp(zoom, this.minZoom, this.maxZoom);
    this.left = begin(left, this.zoom * this.fitted.width);
    this.top = begin(top, this.zoom * this.fitted.height);
    this.paint();
  }

  moveBy(dx, dy) {
    const { width, height } = this.view.getBoundingClientRect();
    this.show(this.zoom, this.left + dx / width, this.top + dy / height);
  }

  /** Zoom by `factor`, keeping what is at this place of the screen where it is. */
  zoomAt(place, factor) {
    const frame = this.view.getBoundingClientRect();
    const x = (place.x - frame.left) / frame.width;
    const y = (place.y - frame.top) / frame.height;
    const zoom = clamp(this.zoom * factor, this.minZoom, this.maxZoom);
    const grown = zoom / this.zoom;
    this.show(zoom, x - (x - this.left) * grown, y - (y - this.top) * grown);
  }

  zoomBy(factor) {
    const { left, top, width, height } = this.view.getBoundingClientRect();
    this.zoomAt({ x: left + width / 2, y: top + height / 2 }, factor);
  }

  zoomIn() {
    this.zoomBy(2);
  }

  zoomOut() {
    this.zoomBy(1 / 2);
  }

  fit() {
    this.show(1, 0, 0);
  }

  zoomByWheel(event) {
    event.preventDefault();
    const LINE = 16; // CSS pixels; some browsers count lines
    const turned = event.deltaY * (event.deltaMode ? LINE : 1);
    this.zoomAt(placeOf(event), Math.exp(-clamp(turned, -50, 50) / 200));
  }

  /** The buttons of the group "Zoom". */
  paintZoom(root) {
    const [zoomOut, fit, zoomIn] = ["zoomOut", "fit", "zoomIn"].map((action) =>
      root.querySelector(`[data-action=${action}]`),
    );
    const readout = root.querySelector(".readout");
    readout.textContent = `${Math.round((100 * this.zoom) / this.natural)}%`;
    readout.title = `${Math.round(10 * this.zoom) / 10}× as large as the whole photo in view`;
    fit.disabled = this.zoom === 1;
    zoomOut.disabled = this.zoom === this.minZoom;
    zoomIn.disabled = this.zoom === this.maxZoom;
  }
}

function pan(photo, event) {
  let before = placeOf(event);
  return {
    move(event) {
      const now = placeOf(event);
      photo.moveBy(now.x - before.x, now.y - before.y);
      before = now;
    },
    end() {},
  };
}

function pinch(photo, fingers) {
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: Math.max(1, distance(a, b)) };
  };
  let before = spread();
  return {
    move() {
      const now = spread();
      photo.zoomAt(before, now.width / before.width);
      photo.moveBy(now.x - before.x, now.y - before.y);
      before = now;
    },
    end() {},
  };
}

/** Where the whole photo fits into a view of another shape, as parts of the view. */
function fitInto(view, { width, height }) {
  const { clientWidth, clientHeight } = view;
  const scale = Math.min(clientWidth / width, clientHeight / height) || 1;
  return { width: (scale * width) / (clientWidth || 1), height: (scale * height) / (clientHeight || 1) };
}

async function decoded(source) {
  const image = new Image();
  image.src = source;
  // A picture that can't be decoded shows as a broken one.
  await image.decode().catch(() => {});
  return image;
}
