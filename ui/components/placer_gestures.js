// What pointers, wheel and keys do to the subject and to the picture behind it. Both are a `target`:
// "subject" or "picture".

const STEP = 0.01; // of the picture's side, for an arrow key; with Shift a tenth
const GROW = 1.05;
const STILL = 700; // milliseconds without a move that let go of what has snapped
const SLIP = 3; // CSS pixels that count as no move
const REST = 450; // milliseconds after the last key or turn of the wheel, until the server is told
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function listen(placer) {
  const { root, subject, grip, ground } = placer;
  const fingers = new Map();
  let gesture = null;

  root.addEventListener("pointerdown", (event) => {
    const target = targetOf(placer, event);
    if (event.button !== 0 || !target) return;
    // Two fingers mean what the first one took hold of.
    event.target.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeOf(event));
    gesture?.stop();
    gesture = begun(placer, gesture?.target ?? target, event, fingers);
    if (event.pointerType === "mouse") event.preventDefault(); // no picture is dragged out
    (target === "subject" ? subject : grip).focus({ preventScroll: true });
  });
  root.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, placeOf(event));
    gesture?.move(event);
  });
  const finish = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    gesture?.stop();
    if (event.type === "pointercancel") placer.cancel();
    if (fingers.size) gesture = begun(placer, gesture.target, event, fingers);
    else {
      gesture = null;
      placer.commit();
    }
  };
  root.addEventListener("pointerup", finish);
  root.addEventListener("pointercancel", finish);
  root.addEventListener("contextmenu", (event) => fingers.size && event.preventDefault());
  for (const [element, target] of [[subject, "subject"], [grip, "picture"]]) {
    element.addEventListener("keydown", (event) => pressKey(placer, target, event, () => (gesture = null)));
  }
  root.addEventListener("wheel", (event) => turn(placer, event), { passive: false });
  ground.addEventListener("click", (event) => event.stopPropagation());
}

/** A finger beside the subject scrolls the page; a mouse takes hold of the picture there. */
function targetOf(placer, event) {
  if (event.target.closest(".subject")) return "subject";
  if (event.target.closest(".grip")) return "picture";
  return placer.data.picture && event.pointerType === "mouse" ? "picture" : null;
}

function begun(placer, target, event, fingers) {
  const [view, from] = [placer.view, { ...placer.placed }];
  const start = spread(fingers);
  const corner = fingers.size === 1 && event.target.closest("[data-corner]") && placer.keptOnScreen();
  let [loose, last, timer] = [false, start, null];
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      loose = loose || placer.isSnapped;
      if (loose) placer.tryOut(target, at(last), { snap: false });
    }, STILL);
  };
  const at = (now) => {
    const by = corner ? distance(now, corner) / Math.max(1, distance(start, corner)) : now.width / start.width;
    if (corner) return scaledBy(placer, target, from, by);
    const moved = target === "subject" ? movedBy(placer, from, now, start, view) : shifted(placer.data.picture, from, now.x - start.x, now.y - start.y, view);
    return fingers.size > 1 ? scaledBy(placer, target, moved, by) : moved;
  };
  rest();
  return {
    target,
    move(event) {
      const now = spread(fingers);
      if (distance(now, last) > SLIP || now.width !== last.width) {
        last = now;
        rest();
      }
      placer.tryOut(target, at(now), { snap: !event.altKey && !loose, hold: !event.altKey });
    },
    stop: () => clearTimeout(timer),
  };
}

/** The middle of all fingers, and how far apart two are. */
function spread(fingers) {
  const [a, b = a] = [...fingers.values()];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: Math.max(1, distance(a, b)) };
}

function movedBy({ data }, from, now, start, view) {
  const across = from.across + (now.x - start.x) / (view.width * data.photo[2]);
  return { ...from, across, down: from.down + (now.y - start.y) / (view.height * data.photo[3]) };
}

function scaledBy(placer, target, placed, by) {
  const name = target === "subject" ? "scale" : "zoom";
  return { ...placed, [name]: placed[name] * by };
}

/** A wheel belongs to the page, unless what it would scale was taken hold of before. */
function turn(placer, event) {
  const focused = placer.root.getRootNode().activeElement;
  const target = event.target.closest(".subject") ? "subject" : placer.data.picture && "picture";
  const own = { subject: placer.subject, picture: placer.grip }[target];
  if (!target || !(event.ctrlKey || focused === own)) return;
  event.preventDefault();
  const by = Math.exp(-clamp(event.deltaY * (event.deltaMode ? 16 : 1), -50, 50) / 400);
  placer.tryOut(target, scaledBy(placer, target, placer.placed, by), { snap: false, hold: !event.altKey });
  placer.commitSoon(REST);
}

function pressKey(placer, target, event, drop) {
  const { key, shiftKey, altKey } = event;
  if (event.ctrlKey || event.metaKey) return;
  const { view, placed, data } = placer;
  const step = STEP / (shiftKey ? 10 : 1);
  let there = null;
  if (key in ARROWS) {
    const [dx, dy] = ARROWS[key].map((each) => each * step);
    const subject = { ...placed, across: placed.across + dx / data.photo[2], down: placed.down + dy / data.photo[3] };
    there = target === "subject" ? subject : shifted(data.picture, placed, dx * view.width, dy * view.height, view);
  } else if (key === "+" || key === "=") there = scaledBy(placer, target, placed, GROW);
  else if (key === "-") there = scaledBy(placer, target, placed, 1 / GROW);
  else if (key === "Escape") {
    drop();
    placer.cancel();
  } else return;
  event.preventDefault();
  event.stopPropagation(); // the page has shortcuts of its own
  if (!there) return;
  placer.tryOut(target, there, { snap: false, hold: !altKey });
  placer.commitSoon(REST);
}
