// Which part of the photo the viewer shows, and how large: the same of all its pictures.

const CLOSER = 1.25; // times the whole photo: a step closer is at least so large
const NEAREST = 8; // pixels of the screen for one of the photo's, at least, before it ends

class ComparedPhoto extends Zoomable {
  constructor(view) {
    super(view);
    [this.seen, this.sought, this.edge] = [null, false, -1];
  }

  get fitted() {
    return fitInto(this.view, this.data);
  }

  /** The zoom at which a pixel of the photo is one of the screen, which may have several in each of CSS's. */
  get natural() {
    return this.data.width / (this.fitted.width * this.view.clientWidth * devicePixelRatio || 1);
  }

  get isActual() {
    return Math.abs(this.zoom / this.natural - 1) < 0.001;
  }

  get needsSharp() {
    const across = this.zoom * this.fitted.width * this.view.clientWidth * devicePixelRatio;
    return this.data.larger && across > 1.02 * this.data.preview;
  }

  /** 100%, or of a small photo 200% or 400%: the first that is larger than where all of it is in view. */
  get near() {
    let zoom = this.natural;
    while (zoom < CLOSER) zoom *= 2;
    return zoom;
  }

  /** From the whole photo to where the subject has the most of an edge, and otherwise where it is. */
  actual() {
    if (this.zoom !== 1) return this.zoomBy(this.natural / this.zoom);
    this.edge = 0;
    this.center(this.natural, this.data.edges[0] ?? { x: 0.5, y: 0.5 });
  }

  /** From one edge to the next, near. */
  nextEdge() {
    const { edges } = this.data;
    if (!edges.length) return;
    this.edge = (this.edge + 1) % edges.length;
    this.center(Math.max(this.near, this.zoom), edges[this.edge]);
  }

  /** Another photo has other edges: who looks at one that near wants to see the new photo's. */
  findEdge() {
    this.edge = -1;
    if (!(this.seen?.scale > 0.99) || !this.data.edges.length) return;
    this.edge = 0;
    this.seen = { ...this.seen, ...this.data.edges[0] };
  }

  /** The whole photo, or near at this place. */
  press(place) {
    if (this.zoom > 1) this.fit();
    else this.zoomAt(place, this.near / this.zoom);
  }

  /** To 25%, 50%, 100%, 200% and so on, and where it lies between them, to the whole photo. */
  zoomIn() {
    const next = this.natural * 2 ** Math.floor(Math.log2(this.zoom / this.natural) + 1.01);
    if (this.zoom < 0.99 && next > 1) this.fit();
    else this.zoomBy(next / this.zoom);
  }

  zoomOut() {
    const next = this.natural * 2 ** Math.ceil(Math.log2(this.zoom / this.natural) - 1.01);
    if (this.zoom > 1.01 && next < 1) this.fit();
    else this.zoomBy(next / this.zoom);
  }

  /** Give the pictures their places. What was seen stays: the sizes of panes change with their number, and
   * the next photo has another. The place to begin with is gone to once. */
  lay() {
    layOut(this);
    if (!this.view.clientWidth) return;
    const { at, width, height } = this.data;
    if (at && !this.sought) this.center(this.near, { x: at[0] / width, y: at[1] / height });
    else this.see(this.seen);
    this.sought = true;
  }

  /** seen: what is in the middle of the view, as parts of the photo, and how large; null for all of it. So it
   * is where less than all would be seen of another photo. */
  see(seen) {
    const zoom = seen ? seen.scale * this.natural : 1;
    if (seen && zoom > 0.999 * this.zooms[0]) this.center(zoom, seen);
    else this.fit();
  }

  center(zoom, { x, y }) {
    const { width, height } = this.fitted;
    const shown = clamp(zoom, ...this.zooms);
    this.show(shown, 0.5 - shown * width * x, 0.5 - shown * height * y);
  }

  get zooms() {
    return [Math.min(1, this.natural), Math.max(MAX_ZOOM, NEAREST * this.natural)];
  }

  show(zoom, left, top) {
    [this.minZoom, this.maxZoom] = this.zooms;
    super.show(zoom, left, top);
    const { width, height } = this.fitted;
    const [x, y] = [(0.5 - this.left) / (this.zoom * width), (0.5 - this.top) / (this.zoom * height)];
    this.seen = this.zoom === 1 ? null : { scale: this.zoom / this.natural, x, y };
    if (this.needsSharp) this.tell();
  }

  paint() {
    paintView(this);
  }
}
