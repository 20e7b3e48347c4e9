// Names for those who listen. A slider of the page names its group and itself alike, and then refers to
// both: the name is read out twice. Without the reference each has it once. The arrow that unfolds the
// sidebar says what is there. The pages are a landmark, and say which one is open. Signs among words say
// what they stand for, or nothing where the words do.

const TWICE = '.stSlider input[type="range"][aria-label][aria-labelledby]';

const SAYS = { check: "on this machine:", download: "to download:", ads_click: "can be told:", bolt: "fastest:" };

function nameSign(sign) {
  const says = SAYS[sign.textContent];
  set(sign, "aria-hidden", says ? "false" : "true"); // an element may have stood for another sign before
  if (says) set(sign, "aria-label", says);
}

/** Of help for words that are no label: those words; or else the name of what stands before it. */
function nameHelp(sign) {
  const words = sign.closest('[data-testid="stMarkdown"]')?.cloneNode(true);
  for (const icon of words?.querySelectorAll('[role="img"]') ?? []) icon.remove();
  const before = sign.closest('[data-testid="stElementContainer"]')?.previousElementSibling;
  const name = words?.textContent.trim() || before?.querySelector("[aria-label]")?.getAttribute("aria-label");
  if (name) set(sign, "aria-label", `Help for ${name}`);
}

/** A model's facts stand in its label: they describe it, and its name is the first of them. */
function nameRow(labelled) {
  const [, before, name, facts] = labelled.getAttribute("aria-label").match(/^(Help for )?\*\*(.+?)\*\* (.*)$/) ?? [];
  if (!name) return;
  set(labelled, "aria-label", (before ?? "") + name);
  if (before) return;
  const told = [...facts.matchAll(/badge\[(?::material\/(\w+): )?(.*?)\](?= :|$)/g)];
  set(labelled, "aria-description", told.map(([, sign, fact]) => `${SAYS[sign] ?? ""} ${fact}`.trim()).join(", "));
}

function set(element, attribute, value) {
  if (element && element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
}

function mend() {
  for (const slider of document.querySelectorAll(TWICE)) slider.removeAttribute("aria-labelledby");
  for (const labelled of document.querySelectorAll('.st-key-models [aria-label*="**"]')) nameRow(labelled);
  for (const sign of document.querySelectorAll('[role="img"][aria-label$=" icon"]')) nameSign(sign);
  for (const sign of document.querySelectorAll(SIGN)) {
    hear(sign);
    if (sign.getAttribute("aria-label") === "Help") nameHelp(sign);
  }
  const unfold = document.querySelector('[data-testid="stExpandSidebarButton"]');
  set(unfold, "aria-label", "Choose models");
  const tabs = document.querySelector(".st-key-tabs");
  // The style makes room for that button; a page without a sidebar has the pages where they were.
  if (document.querySelector(".stSidebar h2")) tabs?.toggleAttribute("data-folded", Boolean(unfold));
  set(tabs, "role", "navigation");
  set(tabs, "aria-label", "Pages");
  for (const link of tabs?.querySelectorAll("a") ?? []) {
    // The first page's address is empty, which leads to whatever page is open.
    if (!link.getAttribute("href")) link.setAttribute("href", "./");
    if (link.pathname === location.pathname) set(link, "aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

let watching = false;

export default function () {
  if (watching) return;
  watching = true;
  keepFocus();
  keepBack();
  closeHelpBeside();
  countFirst();
  openByTaps();
  new MutationObserver(mend).observe(document.body, { childList: true, characterData: true, subtree: true });
  mend();
}
