// How a job goes: asked of the server again and again, past the page's script. That runs when there
// is something new for the page itself, and now and then where no such answer comes.

class JobBar {
  static AGAIN = 2000; // milliseconds

  constructor(root) {
    this.root = root;
    this.asking = new Asking(root);
  }

  update(data, redraw) {
    [this.data, this.redraw] = [data, redraw];
    this.tell(data);
    this.asking.go(data.every, () => this.ask());
  }

  async ask() {
    const { address, visit, drawn } = this.data;
    const answer = await fetch(`${address}?drawn=${drawn}`, { headers: { Visit: visit } }).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    // Something between here and the server doesn't let it through: the page can tell, too.
    if (!told) await new Promise((resolve) => setTimeout(resolve, JobBar.AGAIN));
    if (this.data.drawn !== drawn || !settled()) return this.asking.answered();
    if (told) this.tell(told);
    if (!told || told.news) this.redraw(drawn);
    else this.asking.answered();
  }

  tell({ bar, states }) {
    document.dispatchEvent(new CustomEvent("photo-states", { detail: states }));
    this.root.hidden = !bar;
    const percent = bar && Math.round(bar.share * 100);
    const now = bar && `${percent} ${bar.text}`;
    if (!bar || now === this.now) return; // to set what is there already would lay out the page anew
    this.now = now;
    this.root.querySelector("p").textContent = bar.text;
    this.root.querySelector(".done").style.width = `${percent}%`;
    this.root.setAttribute("aria-valuenow", percent);
    this.root.setAttribute("aria-label", bar.text || "Running");
  }
}

const bars = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".job");
  if (!bars.has(root)) bars.set(root, new JobBar(root));
  bars.get(root).update(data, (drawn) => setTriggerValue("redraw", drawn));
}
