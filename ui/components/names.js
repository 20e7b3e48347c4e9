// A slider of the page names its group and itself alike, and then refers to both: the name is read
// out twice. Without the reference each has it once.

const TWICE = '.stSlider input[type="range"][aria-label][aria-labelledby]';

function mend() {
  for (const slider of document.querySelectorAll(TWICE)) slider.removeAttribute("aria-labelledby");
}

let watching = false;

export default function () {
  if (watching) return;
  watching = true;
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  mend();
}
