// What is in view of the canvas, and where things of the screen are on the photo.

const SMALLEST_VIEW = 0.55; // of the tallest
const ABOVE = 160; // pixels of the window for the pages' names, the photos and the tools
const BETWEEN = 10; // pixels above the brush's bar and below it
const LOWEST = 200; // pixels of the tallest view, however low the window is

class CanvasView extends Zoomable {
  constructor(root) {
    super(root.querySelector(".view"));
    this.find = (selector) => root.querySelector(selector);
    this.findAll = (selector) => [...root.querySelectorAll(selector)];
    this.stage = this.find(".stage");
    this.size = { width: 1, height: 1 };
    new ResizeObserver(() => this.data && this.lay()).observe(this.view);
  }

  /** The view is as wide as its column, and as high as the photo then is, within limits: a strip of a
   * photo is moved in a view that is no strip, and all of it is seen at once in a low window. */
  lay() {
    const { clientWidth } = this.view;
    if (!clientWidth) return;
    const height = (clientWidth * this.size.height) / this.size.width;
    const tallest = this.room;
    const least = Math.min(SMALLEST_VIEW * tallest, clientWidth);
    this.view.style.height = `${Math.round(clamp(height, least, tallest))}px`;
    this.stage.style.width = `${100 * this.fitted.width}%`;
    this.maxZoom = this.closest;
    this.show(this.zoom, this.left, this.top);
  }

  /** How high the view may be. It gives way to the brush's bar: to all of it as long as the photo stays
   * high enough, and always to its first row. */
  get room() {
    const bar = this.find(".brush");
    if (bar.hidden) return clamp(innerHeight - ABOVE, LOWEST, this.tallest);
    const scrolled = document.querySelector("[data-testid=stMain]")?.scrollTop ?? 0;
    const left = innerHeight - this.view.getBoundingClientRect().top - scrolled - 2 * BETWEEN;
    const least = Math.min(LOWEST, left - bar.firstElementChild.offsetHeight);
    return clamp(left - bar.offsetHeight, Math.max(least, SMALLEST_VIEW * LOWEST), this.tallest);
  }

  get fitted() {
    return fitInto(this.view, this.size);
  }

  /** The zoom at which a pixel of the photo is one of the screen, which may have several in each of CSS's. */
  get natural() {
    return this.size.width / (this.fitted.width * this.view.clientWidth * devicePixelRatio || 1);
  }

  /** However large the photo is, its pixels can be seen one by one. */
  get closest() {
    return Math.max(MAX_ZOOM, 2 * devicePixelRatio * this.natural);
  }

  /** The photo's pixels in one CSS pixel of the screen. */
  get unit() {
    return this.size.width / (this.stage.getBoundingClientRect().width || 1);
  }

  /** The place of an event on the photo. The stage's rectangle holds size, zoom and scroll alike. */
  at(event) {
    const { x, y } = this.placeOf(event);
    return { x: clamp(x, 0, this.size.width), y: clamp(y, 0, this.size.height) };
  }

  /** The same, on the photo or beside it. */
  placeOf(event) {
    const shown = this.stage.getBoundingClientRect();
    return {
      x: ((event.clientX - shown.left) / shown.width) * this.size.width,
      y: ((event.clientY - shown.top) / shown.height) * this.size.height,
    };
  }

  keepInView({ x, y }) {
    const across = (this.zoom * this.fitted.width * x) / this.size.width;
    const down = (this.zoom * this.fitted.height * y) / this.size.height;
    const inside = (part) => part >= 0 && part <= 1;
    if (inside(this.left + across) && inside(this.top + down)) return;
    this.show(this.zoom, 0.5 - across, 0.5 - down);
  }

  /** The part of the photo in view, and a little around it: [x0, y0, x1, y1] in whole pixels. Null
   * where the preview of the whole photo is as fine as the screen. */
  get close() {
    if (this.unit * devicePixelRatio >= this.size.width / this.previewWidth) return null;
    const { width, height } = this.size;
    const side = (start, length, most) => {
      const [from, part] = [-start / length, 1 / length];
      const low = clamp(Math.floor((from - 0.1 * part) * most), 0, most - 1);
      return [low, clamp(Math.ceil((from + 1.1 * part) * most), low + 1, most)];
    };
    const [x0, x1] = side(this.left, this.zoom * this.fitted.width, width);
    const [y0, y1] = side(this.top, this.zoom * this.fitted.height, height);
    return [x0, y0, x1, y1];
  }
}
