// Asks the page's script how its job goes, again and again, whatever became of earlier questions.
//
// It waits until the page has all of the last answer. If the page never settles, it asks all the same.

const PATIENCE = 5000; // milliseconds
const tickers = new WeakMap();

class Ticker {
  constructor(root) {
    this.root = root;
    this.asked = Date.now();
  }

  update(data, ask) {
    [this.drawn, this.ask] = [data.drawn, ask];
    document.dispatchEvent(new CustomEvent("photo-states", { detail: data.states }));
    if (data.every === this.every) return;
    this.stop();
    this.every = data.every;
    if (this.every) this.timer = setInterval(() => this.tick(), this.every * 1000);
  }

  stop() {
    clearInterval(this.timer);
    this.every = null;
  }

  tick() {
    if (!this.root.isConnected) this.stop();
    else if (settled() || Date.now() - this.asked > PATIENCE) {
      this.asked = Date.now();
      this.ask("tick", this.drawn);
    }
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!tickers.has(parentElement)) tickers.set(parentElement, new Ticker(parentElement));
  tickers.get(parentElement).update(data, setTriggerValue);
}
