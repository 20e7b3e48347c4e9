// A result that is held shows the original in its place until it's let go; and with each run the
// first result comes into sight. What the original is, the page's own card of it tells.

const HOLD = 350; // milliseconds
const SLIP = 10; // CSS pixels that a finger may slip

let press = null; // { timer, from, shown }
let released = false; // a hold just ended: the click that follows means nothing
let [runs, panel] = [0, null]; // as they were told last

function cover(image) {
  const original = document.querySelector(".st-key-original img");
  if (!original) return null;
  const { left, top, width, height } = image.getBoundingClientRect();
  const shown = new Image();
  [shown.src, shown.alt, shown.className] = [original.src, "Original", "held-original"];
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

/** What holds the panel that was opened shows it: a phone's sheet from the row that closes it, the
 * sidebar from its top, and unfolded. */
function goToPanel() {
  const [sheet, row] = [".st-key-sheet", ".st-key-sheet .st-key-panel"].map((each) => document.querySelector(each));
  if (sheet && row) sheet.scrollTop += row.getBoundingClientRect().top - sheet.getBoundingClientRect().top;
  document.querySelector('[data-testid="stExpandSidebarButton"]')?.click();
  document.querySelector('[data-testid="stSidebarContent"]')?.scrollTo(0, 0);
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

/** Whether all of the first result's picture is between the header and what sticks to the bottom. */
function isInSight() {
  const [image, header, bottom] = ['.st-key-cards [class*="st-key-card_"] img', '[data-testid="stHeader"]', '[data-testid="stBottom"]']
    .map((each) => document.querySelector(each)?.getBoundingClientRect());
  return Boolean(image && image.top >= (header?.bottom ?? 0) && image.bottom <= Math.min(innerHeight, bottom?.top ?? innerHeight));
}

export default function ({ data }) {
  const placing = data.panel === "Placement" && data.panel !== panel; // done on the cards
  if (data.runs > runs) goToCards();
  else if (placing) requestAnimationFrame(() => isInSight() || goToCards());
  if (data.panel && data.panel !== panel) requestAnimationFrame(goToPanel);
  [runs, panel] = [data.runs, data.panel];
}
