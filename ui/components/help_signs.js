// The sign for help shows its words while it has the focus, or a mouse over it. A finger gives it none in
// some browsers, nor where the sign stands in the label of a tick box; and there a press would tick the box.
const SIGN = '[data-testid="stTooltipIcon"] button[aria-label^="Help"]'; // others are what the help is about

const heard = new WeakSet();

function hear(sign) {
  if (heard.has(sign)) return;
  heard.add(sign);
  const inLabel = sign.closest("label");
  const alone = (event) => inLabel && event.stopPropagation();
  let shown = false;
  sign.addEventListener("pointerdown", (event) => {
    alone(event);
    shown = document.activeElement === sign;
  });
  sign.addEventListener("pointerup", (event) => {
    alone(event);
    if (event.pointerType === "mouse") return;
    if (shown) sign.blur();
    else sign.focus();
  });
  for (const type of ["mousedown", "click"]) {
    sign.addEventListener(type, (event) => {
      alone(event);
      event.preventDefault(); // the focus stays where it is
    });
  }
}

/** A finger on anything else closes it: on what can't have the focus, that would stay where it is. */
function closeHelpBeside() {
  addEventListener("pointerdown", (event) => {
    const sign = document.activeElement;
    if (event.pointerType !== "mouse" && sign?.matches(SIGN) && !sign.contains(event.target)) sign.blur();
  }, true);
}
