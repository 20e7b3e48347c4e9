// A select box opens by a tap. Streamlit opens it as soon as a finger is put down, which may be about to scroll.

const BOX = '.stSelectbox [role="combobox"]';

function openByTaps() {
  const isBox = (event) => event.isTrusted && event.target.matches?.(BOX);
  let finger = false;
  addEventListener("pointerdown", (event) => {
    finger = event.pointerType === "touch";
    if (finger && isBox(event)) event.stopPropagation();
  }, true);
  addEventListener("click", (event) => {
    if (finger && isBox(event)) event.target.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  }, true);
}
