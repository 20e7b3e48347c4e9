// How the viewer looks: where its pictures lie, which buttons are pressed, and the list beside them.

const GAP = 4; // CSS pixels, as in the style sheet

/** Columns and rows for `count` pictures of this shape, so that they are as large as can be. */
function bestGrid(count, { clientWidth, clientHeight }, { width, height }) {
  const grids = Array.from({ length: count }, (_, each) => {
    const [columns, rows] = [each + 1, Math.ceil(count / (each + 1))];
    const across = (clientWidth - (columns - 1) * GAP) / columns;
    const down = (clientHeight - (rows - 1) * GAP) / rows;
    return { columns, rows, scale: Math.min(across / width, down / height) };
  });
  return grids.reduce((best, grid) => (grid.scale > best.scale ? grid : best));
}

function layOut(viewer) {
  const { stage, figures, shown, layout, data } = viewer;
  const panes = layout === "handle" ? 1 : shown.length;
  const { columns, rows } = bestGrid(panes, stage, data);
  stage.dataset.layout = layout;
  stage.style.gridTemplate = `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`;
  figures.forEach((figure, slot) => (figure.hidden = slot >= shown.length));
  viewer.view = figures[0]; // all are alike
  const [left, right] = shown.map((name) => viewer.labelOf(name));
  viewer.range.setAttribute("aria-label", `${left} or ${right}: how much of each is shown`);
  viewer.slide();
}

function paintView(viewer) {
  const { root, stage, figures, view, zoom, natural, data } = viewer;
  const { width, height } = viewer.fitted;
  // Between two pixels of the screen, those of the photo would be blurred.
  const whole = (length) => Math.round(length * devicePixelRatio) / devicePixelRatio;
  const [x, y] = [whole(viewer.left * view.clientWidth), whole(viewer.top * view.clientHeight)];
  for (const figure of figures) {
    const { style } = figure.querySelector("img");
    [style.width, style.height] = [`${width * view.clientWidth}px`, `${height * view.clientHeight}px`];
    style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
  }
  stage.toggleAttribute("data-zoomed", zoom > 1);
  stage.toggleAttribute("data-pixels", zoom > 1.9 * natural);
  viewer.paintZoom(root);
  const actual = root.querySelector("[data-action=actual]");
  actual.setAttribute("aria-pressed", viewer.isActual);
  root.querySelector("[data-action=nextEdge]").disabled = !data.edges.length;
  paintStatus(viewer);
}

/** What isn't to be seen yet. While the pictures are the photo's before, the name is the next one's. */
function paintStatus({ root, data, photo, needsSharp }) {
  const { waiting, refused } = needsSharp ? data : {};
  const sharp = waiting ? "Loading full size…" : (refused ?? "");
  const words = photo === data.photo ? sharp : "Loading this photo…";
  const status = root.querySelector(".status");
  if (status.textContent !== words) status.textContent = words; // the same words would be read out again
}

function paintKinds(viewer) {
  const kinds = viewer.root.querySelector(".kinds");
  if (!kinds.children.length) {
    for (const kind of viewer.data.kinds) {
      const button = document.createElement("button");
      [button.type, button.textContent] = ["button", kind];
      button.addEventListener("click", () => viewer.setKind(kind));
      kinds.append(button);
    }
  }
  for (const button of kinds.children) button.setAttribute("aria-pressed", button.textContent === viewer.kind);
  for (const button of viewer.root.querySelectorAll("button[data-layout]")) {
    button.setAttribute("aria-pressed", button.dataset.layout === viewer.layout);
  }
  const nothingElse = viewer.data.pictures.length <= viewer.shown.length;
  for (const action of ["previous", "next"]) {
    viewer.root.querySelector(`[data-action=${action}]`).disabled = nothingElse;
  }
}

/** Which photo it is, and where among all of them. */
function paintPhotos({ root, data: { photos }, nth }) {
  const [title, { name }] = [root.querySelector("h3"), photos[nth]];
  if (title.textContent !== name) title.textContent = name;
  root.querySelector(".photos").hidden = photos.length < 2;
  root.querySelector(".photos .count").textContent = `${nth + 1} / ${photos.length}`;
}

/** Of which picture the files below are. Where they could be of another, a press on its name chooses that. */
function paintNames(viewer) {
  const made = viewer.shown.filter((name) => viewer.pictureOf(name).files);
  viewer.figures.forEach((figure, slot) => {
    const [name, button] = [viewer.shown[slot], figure.querySelector("figcaption button")];
    button.disabled = made.length < 2 || !made.includes(name);
    const meant = !button.disabled && name === viewer.walked;
    figure.toggleAttribute("data-meant", meant);
    button.setAttribute("aria-pressed", meant);
    button.title = meant ? "The files below are of this one" : "Choose it for the files below";
  });
}

/** Nothing of the photo before, nor of a result that isn't there. */
function clear(figure) {
  figure.querySelector("img").replaceWith(new Image());
  figure.setAttribute("aria-busy", false);
  [figure.wanted, figure.showing, figure.of, figure.version] = [null, null, null, null];
}

/** The list: what was pressed keeps the focus, for it is drawn anew only when it has other entries. */
function listPictures(viewer) {
  const list = viewer.root.querySelector(".list");
  const slots = viewer.layout === "handle" ? ["left", "right"] : ["panes"];
  const words = JSON.stringify([viewer.data.pictures, slots]);
  if (list.words !== words) {
    list.words = words;
    list.replaceChildren(...viewer.data.pictures.map((picture) => entry(viewer, picture, slots)));
  }
  for (const button of list.querySelectorAll("button")) {
    const at = viewer.shown.indexOf(button.dataset.name);
    const pressed = button.dataset.slot === "panes" ? at >= 0 : slots[at] === button.dataset.slot;
    button.setAttribute("aria-pressed", pressed);
  }
}

const SIGNS = {
  left: '<svg viewBox="0 0 20 20"><path d="M3 4h14v12H3z"/><path d="M3 4h7v12H3z" fill="currentcolor"/></svg>',
  right: '<svg viewBox="0 0 20 20"><path d="M3 4h14v12H3z"/><path d="M10 4h7v12h-7z" fill="currentcolor"/></svg>',
  panes: '<svg viewBox="0 0 20 20"><path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5z"/><circle cx="10" cy="10" r="2.4"/></svg>',
};

function entry(viewer, { name, label, note }, slots) {
  const row = document.createElement("div");
  row.className = "entry";
  const what = document.createElement("div");
  what.className = "what";
  const [title, told] = [document.createElement("b"), document.createElement("small")];
  [title.textContent, told.textContent] = [label, note];
  what.append(title, told);
  const buttons = slots.map((slot, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = SIGNS[slot];
    [button.dataset.name, button.dataset.slot] = [name, slot];
    const words = slot === "panes" ? `Show ${label}` : `${label} on the ${slot}`;
    button.title = words;
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => (slot === "panes" ? viewer.toggle(name) : viewer.choose(name, index)));
    return button;
  });
  row.append(what, ...buttons);
  return row;
}
