// The panel of controls that is open comes into sight where it's opened. Escape closes it, as does folding
// the sidebar that it's in; then what was unfolded for it is folded again, and its button has the focus.

const CLOSED_FIRST = '[role="dialog"], [role="listbox"], [role="tooltip"], [data-testid="stPopoverBody"]';
const HAS_ITS_OWN = '[class*="st-key-place_"], .st-key-depth_lines'; // Escape means something there
const FOLD = '[data-testid="stSidebarCollapseButton"] button';

let panel = null; // as it was told last
let unfolded = false; // for the panel

function tellPanel(now) {
  if (now === panel) return;
  panel = now;
  if (now) requestAnimationFrame(goToPanel);
  else if (unfolded) {
    unfolded = false;
    document.querySelector(FOLD)?.click();
  }
}

/** What holds the panel shows it: a phone's sheet from the row that closes it, the sidebar from its top,
 * and unfolded. */
function goToPanel() {
  const [sheet, row] = [".st-key-sheet", ".st-key-sheet .st-key-panel"].map((each) => document.querySelector(each));
  if (sheet && row) sheet.scrollTop += row.getBoundingClientRect().top - sheet.getBoundingClientRect().top;
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

function fold(event) {
  if (!panel || !event.target.closest?.(FOLD)) return;
  unfolded = false;
  closePanel();
}

addEventListener("keydown", pressEscape, true);
addEventListener("click", fold, true);
