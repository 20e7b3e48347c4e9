// What lies over the page, and takes all that is done until it's closed.

function dialogs() {
  return [...document.querySelectorAll('[role="dialog"]')];
}

const closeButton = (dialog) => dialog.querySelector('[aria-label="Close"]');
