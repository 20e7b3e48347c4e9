// Back closes the dialog that is up, and leaves neither the page nor a trace in the history. A dialog has an
// entry of its own there for as long as it's up, behind which Back finds the page as it was.

const MARK = "dialog"; // of a dialog's entry
const FADES = 1000; // milliseconds after which a dialog that was closed and is there still is up

let leaving = false; // a dialog's entry, of our own accord
let shut = null; // the dialog that Back closes: it fades
let at = place(); // in the history

function place() {
  return { marked: Boolean(history.state?.[MARK]), page: location.pathname + location.search };
}

function isUp() {
  return dialogs().some((dialog) => dialog !== shut);
}

/** What has no button for it, such as a choice of a colour, closes by Escape. */
function close(dialog) {
  const button = closeButton(dialog);
  if (button) button.click();
  else dialog.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", code: "Escape", keyCode: 27, bubbles: true }));
}

/** One dialog may follow another: they share the entry. */
function follow() {
  at = place();
  if (leaving || isUp() === at.marked) return;
  if (at.marked) leave();
  else enter();
  at = place();
}

/** Streamlit draws the page anew when a way back leads to it, but not where its address ends in #. */
function enter() {
  history.replaceState(history.state, "", location.hash || "#");
  history.pushState({ ...history.state, [MARK]: true }, "");
}

/** Its Escape may have closed no more than a list that was open in it. */
function reconsider() {
  shut = null;
  follow();
}

function leave() {
  leaving = true;
  history.back();
}

function travel() {
  const from = at;
  at = place();
  if (!at.marked && location.href.endsWith("#")) history.replaceState(history.state, "", at.page);
  if (leaving || !from.marked || from.page !== at.page) {
    leaving = false;
  } else if (isUp()) {
    close((shut = dialogs().at(-1)));
    setTimeout(reconsider, FADES);
  } else {
    history.back(); // the dialog had just gone: the person means the page
  }
  follow();
}

function keepBack() {
  addEventListener("popstate", travel);
  new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
  follow();
}
