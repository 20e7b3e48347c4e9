// Asks the page's script how its job goes, again and again, whatever became of earlier questions.

const tickers = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!tickers.has(parentElement)) tickers.set(parentElement, new Asking(parentElement));
  document.dispatchEvent(new CustomEvent("photo-states", { detail: data.states }));
  tickers.get(parentElement).go(data.every, () => setTriggerValue("tick", data.drawn));
}
