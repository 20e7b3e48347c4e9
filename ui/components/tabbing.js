// Tab in a dialog. What keeps the focus there goes from one control to the next by itself, but
// doesn't see into a component, and would pass it by. So a component's place in the page takes the
// focus as a control does and hands it on, and inside Tab goes on from there.

const STOPS = "button, input, select, textarea, a[href], [tabindex='0']";

let back = false; // whether Tab was pressed with Shift
document.addEventListener("keydown", (event) => {
  if (event.key === "Tab") back = event.shiftKey;
}, true);

function tabThrough(root) {
  const inside = root.getRootNode();
  const place = inside.host;
  const stops = () =>
    [...inside.querySelectorAll(STOPS)].filter((each) => !each.disabled && each.checkVisibility({ visibilityProperty: true }));
  place.tabIndex = 0;
  place.addEventListener("focus", () => {
    if (!inside.activeElement) stops().at(back ? -1 : 0)?.focus();
  });
  inside.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = stops();
    const next = all[all.indexOf(inside.activeElement) + (event.shiftKey ? -1 : 1)];
    if (!next) return; // on to what is beside the component
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });
}
