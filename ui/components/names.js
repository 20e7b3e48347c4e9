// A slider of the page names its group and itself alike, and then refers to both: the name is read
// out twice. Without the reference each has it once.

const TWICE = '.stSlider input[type="range"][aria-label][aria-labelledby]';

function mend() {
  for (const slider of document.querySelectorAll(TWICE)) slider.removeAttribute("aria-labelledby");
}

// The sign for help stands in the label of its tick box: a press that asks for help would tick it.
const HELP_IN_LABEL = 'label [data-testid="stTooltipHoverTarget"] button';

function keepTick(event) {
  if (!event.target.closest?.(HELP_IN_LABEL)) return;
  event.stopPropagation();
  if (event.type === "click") event.preventDefault();
}

let watching = false;

export default function () {
  if (watching) return;
  watching = true;
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  for (const type of ["pointerdown", "pointerup", "click"]) addEventListener(type, keepTick, true);
  mend();
}
