// A result that is held shows the original in its place until it's let go; and with each run the
// first result comes into sight, if it isn't. What the original is, the page's own card of it tells.

const HOLD = 350; // milliseconds
const SLIP = 10; // CSS pixels that a finger may slip
const RESULT = '.st-key-cards [class*="st-key-head_"]:not(.st-key-head_Original)'; // its heading
const OVER_THE_PAGE = "(max-width: 767px) and (orientation: portrait)"; // there panels lie over its end
const WAITS = 240; // CSS pixels below the heading of a result that isn't there yet

let press = null; // { timer, from, shown }
let released = false; // a hold just ended: the click that follows means nothing
let runs = 0; // as it was told last
let elsewhere = ""; // what to say where a result and the original don't lie place for place

function cover(image) {
  const original = document.querySelector(".st-key-original img");
  if (!original) return null;
  const { left, top, width, height } = image.getBoundingClientRect();
  const [shown, photo, told] = ["figure", "img", "figcaption"].map((name) => document.createElement(name));
  [photo.src, photo.alt, told.textContent, shown.className] = [original.src, "Original", elsewhere, "held-original"];
  shown.append(photo, told);
  Object.assign(shown.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  document.querySelector(".stApp").append(shown);
  return shown;
}

function begin(event) {
  end();
  released = false;
  if (event.target.closest?.('[class*="st-key-place_"]')) return; // something is put into place
  const image = event.target.closest?.('.st-key-cards [class*="st-key-card_"]')?.querySelector("img");
  if (!image || !event.isPrimary || event.button !== 0 || !within(image, event)) return;
  press = { from: event };
  press.timer = setTimeout(() => press && (press.shown = cover(image)), HOLD);
}

function within(image, { clientX, clientY }) {
  const { left, right, top, bottom } = image.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}

function slip({ clientX, clientY }) {
  if (!press || press.shown) return;
  if (Math.hypot(clientX - press.from.clientX, clientY - press.from.clientY) > SLIP) end();
}

function end() {
  if (!press) return;
  clearTimeout(press.timer);
  press.shown?.remove();
  released = Boolean(press.shown);
  press = null;
}

function swallow(event) {
  if (!released) return;
  released = false;
  event.preventDefault();
  event.stopPropagation();
}

addEventListener("pointerdown", begin, true);
addEventListener("pointermove", slip, true);
addEventListener("pointerup", end, true);
addEventListener("pointercancel", end, true);
addEventListener("scroll", end, true);
addEventListener("click", swallow, true);
addEventListener("contextmenu", (event) => press?.shown && event.preventDefault(), true);

function goToCards() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const cards = document.querySelector(".st-key-cards");
  cards?.scrollIntoView({ block: "start", behavior: calm ? "instant" : "smooth" });
}

/** Whether all of the first result's picture, or of the place where it will be, is between the header and
 * what lies over the page's end. */
function isInSight() {
  const head = document.querySelector(RESULT);
  if (!head) return true;
  const image = head.closest('[data-testid="stGridCell"]')?.querySelector("img")?.getBoundingClientRect();
  const place = head.getBoundingClientRect();
  const top = document.querySelector('[data-testid="stHeader"]')?.getBoundingClientRect().bottom ?? 0;
  const over = [...document.querySelectorAll('[data-testid="stBottom"], .stSidebar[data-collapsed="false"]')];
  const ends = over.map((each) => each.getBoundingClientRect().top).filter((end) => end > top);
  return place.top >= top && (image?.bottom ?? place.bottom + WAITS) <= Math.min(innerHeight, ...ends);
}

export default function ({ data }) {
  const opens = data.panel && data.panel !== panel;
  // A panel looks at the cards; not one that came along with what was chosen, such as a blur by depth.
  const looks = opens && (data.panel === "Placement" || (pressed && matchMedia(OVER_THE_PAGE).matches));
  watchSidebar();
  tellPanel(data.panel);
  // A frame later than the panel, which may lie over the result.
  if (data.runs > runs || looks) requestAnimationFrame(() => requestAnimationFrame(() => isInSight() || goToCards()));
  runs = data.runs;
  elsewhere = data.elsewhere;
  return () => tellPanel(null); // the page is left
}
