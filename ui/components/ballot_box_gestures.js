// What a hand does on a ballot, beside zooming.

const SWIPE = 56; // CSS pixels

/** The better picture, drawn aside by a finger: a vote, unless it's put back. */
function swipe(box, figure, event) {
  const start = placeOf(event);
  const drawn = (event) => placeOf(event).x - start.x;
  const back = () => {
    figure.style.translate = "";
    figure.removeAttribute("data-better");
  };
  return {
    move(event) {
      figure.style.translate = `${drawn(event) / 2}px`;
      figure.toggleAttribute("data-better", Math.abs(drawn(event)) > SWIPE);
    },
    end(event) {
      back();
      if (Math.abs(drawn(event)) > SWIPE) box.vote(figure.dataset.side);
    },
    cancel: back,
  };
}

/** The photo itself in place of both results, for as long as the button or its key is held. */
function listenToHold(box, button) {
  const [hold, release] = [() => box.hold(true), () => box.hold(false)];
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    hold();
  });
  const presses = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("keydown", (event) => presses(event) && hold());
  button.addEventListener("keyup", (event) => presses(event) && release());
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // of a long touch
  for (const end of ["pointerup", "pointercancel", "blur"]) button.addEventListener(end, release);
  addEventListener("blur", release); // what is let go elsewhere isn't heard here
}
