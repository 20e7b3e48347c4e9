// What was typed counts before what is pressed next, which may take its place away.
//
// A colour counts once its little window closes, as any press beside that has it do; but some buttons keep a
// press to themselves. A field counts once the focus leaves it; but a finger takes that only when it's lifted,
// and on its way to another page too late.

const COLOUR = '[data-testid="stColorPickerPopover"]';
const ITS_BUTTON = '[data-testid="stColorPicker"]'; // which closes it too
const FIELD = "input, textarea";

function countFirst() {
  addEventListener("pointerdown", ({ target }) => {
    const open = document.querySelector(COLOUR);
    if (open && !open.contains(target) && !target.closest?.(ITS_BUTTON)) document.body.click();
    const has = document.activeElement;
    if (target.closest?.("a[href]") && has?.matches(FIELD)) has.blur();
  }, true);
}
