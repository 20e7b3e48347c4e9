// The panel of controls that is open comes into sight where it's opened. Escape closes it, then what was
// unfolded for it is folded again, and its button has the focus. So does whatever folds the sidebar that it's
// in: a press on the arrow, one beside it in a narrow window, or a window that gets narrower.

const CLOSED_FIRST = '[role="dialog"], [role="listbox"], [role="tooltip"], [data-testid="stPopoverBody"]';
const HAS_ITS_OWN = '[class*="st-key-place_"], .st-key-depth_lines'; // Escape means something there
const FOLD = '[data-testid="stSidebarCollapseButton"] button';

let panel = null; // as it was told last
let unfolded = false; // for the panel
let pressed = false; // whether the last press was on the button of a panel

function tellPanel(now) {
  if (now === panel) return;
  panel = now;
  if (now) requestAnimationFrame(goToPanel);
  else if (unfolded) {
    unfolded = false;
    document.querySelector(FOLD)?.click();
  }
}

/** The sidebar that holds the panel shows it from its top, and unfolded. */
function goToPanel() {
  const unfold = document.querySelector('[data-testid="stExpandSidebarButton"]');
  unfolded = unfolded || Boolean(unfold);
  unfold?.click();
  document.querySelector('[data-testid="stSidebarContent"]')?.scrollTo(0, 0);
}

function closePanel() {
  const button = document.querySelector('.st-key-panel [aria-checked="true"]');
  button?.click();
  button?.focus();
}

function pressEscape(event) {
  if (event.key !== "Escape" || !panel || event.target.closest?.(HAS_ITS_OWN)) return;
  if (!document.querySelector(CLOSED_FIRST)) closePanel();
}

function fold([{ target }]) {
  if (!panel || target.dataset.collapsed !== "true" || !target.isConnected) return;
  unfolded = false;
  const has = document.activeElement;
  closePanel();
  if (!target.contains(has) && has !== document.body) has.focus(); // what was pressed keeps it
}

const folding = new MutationObserver(fold);
let sidebar = null;

function watchSidebar() {
  const now = document.querySelector(".stSidebar");
  if (now && now !== sidebar) folding.observe((sidebar = now), { attributeFilter: ["data-collapsed"] });
}

addEventListener("keydown", pressEscape, true);
addEventListener("click", (event) => (pressed = Boolean(event.target.closest?.(".st-key-panel"))), true);
