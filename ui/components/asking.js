/** Asks the server the same thing again and again while there is something to wait for: one question
 * at a time, and only when the page has all of the last answer. A question that overtakes an answer
 * makes Streamlit's server forget the rest of that. If no answer comes, it asks all the same. */
class Asking {
  static PATIENCE = 5000; // milliseconds

  constructor(root) {
    this.root = root;
    this.asked = Date.now();
  }

  /** The server has answered: the next question is put `every` milliseconds later; with null, none. */
  go(every, ask) {
    this.ask = ask;
    this.answered();
    if (every === this.every) return;
    this.stop();
    this.every = every;
    if (every) this.timer = setInterval(() => this.tick(), every);
  }

  answered() {
    this.waits = false;
  }

  stop() {
    clearInterval(this.timer);
    this.every = null;
  }

  tick() {
    if (!this.root.isConnected) return this.stop();
    const ready = !this.waits && settled();
    if (!ready && Date.now() - this.asked < Asking.PATIENCE) return;
    [this.asked, this.waits] = [Date.now(), true];
    this.ask();
  }
}
