// The focus goes on from what is gone: after a button of the bar at the bottom to what stands there now,
// such as the bar of the job that it began; and otherwise to the title of what has come, as of a photo or
// of a page. Nothing scrolls, and browsers draw no ring for who used a mouse.

const AGAIN = 100; // milliseconds between two looks at whether the page is complete

let had = null; // what had the focus, and whether it stood in the bar at the bottom
let looks = null; // a timer

function remember(event) {
  const [element] = event.composedPath();
  had = { element, below: Boolean(event.target.closest?.('[data-testid="stBottom"]')) };
}

const runningJob = () => document.querySelector(".st-key-cancel")?.closest(".st-key-job");

function isLost() {
  const has = document.activeElement;
  if (has?.matches(".st-key-job")) return !runningJob(); // the place of one that has ended
  return had && !had.element.isConnected && has === document.body;
}

function heir() {
  const job = runningJob();
  const run = document.querySelector(":is(.st-key-run, .st-key-again) button:not(:disabled)");
  return (had?.below && (job ?? run)) || document.querySelector(".stMain h1");
}

function lookAfter() {
  if (!looks && isLost()) looks = setTimeout(pass, AGAIN);
}

function pass() {
  looks = null;
  if (!isLost() || document.querySelector('[role="dialog"], [data-baseweb="popover"]')) return; // it has its own
  if (!settled()) return lookAfter();
  const next = heir();
  if (next?.tabIndex < 0) next.tabIndex = -1; // by a script alone
  next?.focus({ preventScroll: true });
}

/** A dialog hears Escape where the focus is in it, which what had it may have taken along. */
function pressEscapeBeside(event) {
  const dialog = dialogs().at(-1);
  if (event.key !== "Escape" || !dialog || dialog.contains(event.target)) return;
  if (!document.querySelector('[role="listbox"]')) closeButton(dialog)?.click();
}

function keepFocus() {
  addEventListener("keydown", pressEscapeBeside);
  addEventListener("focusin", remember, true);
  addEventListener("pointerdown", () => (had = null), true); // who presses on nothing wants it nowhere
  new MutationObserver(lookAfter).observe(document.body, { childList: true, subtree: true });
}
