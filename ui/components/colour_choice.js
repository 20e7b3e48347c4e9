// A colour counts once its little window closes, as any press beside that has it do. But some buttons keep
// a press to themselves, and may take the window away with the colour still in it: so it closes before them.

const COLOUR = '[data-testid="stColorPickerPopover"]';
const ITS_BUTTON = '[data-testid="stColorPicker"]'; // which closes it too

function closeColourBeside() {
  addEventListener("pointerdown", ({ target }) => {
    const open = document.querySelector(COLOUR);
    if (open && !open.contains(target) && !target.closest?.(ITS_BUTTON)) document.body.click();
  }, true);
}
