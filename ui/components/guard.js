// Has the browser ask before the tab is closed or loaded anew while there is work in it; and asks the
// server for what this tab had before it was loaded anew. Its token is kept with the tab alone.

const PLACE = "cutout-compare-visit";
const LATER = [0, 1000, 3000]; // milliseconds: the server may not have noticed yet that the tab went

let work = false;
let asked = false;

function kept(token) {
  try {
    const before = sessionStorage.getItem(PLACE);
    if (token) sessionStorage.setItem(PLACE, token);
    return before;
  } catch {
    return null; // the browser keeps nothing
  }
}

const before = kept(null);

addEventListener("beforeunload", (event) => {
  if (work) event.preventDefault();
});

export default function ({ data, setTriggerValue }) {
  work = data.work;
  kept(data.token);
  if (asked || !before || before === data.token) return;
  asked = true;
  for (const time of LATER) setTimeout(() => work || setTriggerValue("back", before), time);
}
