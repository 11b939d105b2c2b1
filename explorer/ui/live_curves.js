// Curves of runs that are under way: fetches what is new, appends it, and leaves zoom and hover alone.
const PAUSE = 250; // milliseconds between two looks
const RETRY = 2000; // milliseconds, after the charts could not be loaded

let library;
function plotly(source) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(source, document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      library = undefined; // so that the next try loads it anew
      reject(new Error("The charts cannot be loaded."));
    };
    document.head.append(script);
  });
  return library;
}

const wait = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
const identity = (data) => JSON.stringify([data.runs.map((run) => run.id), data.panels.map((panel) => panel.title)]);
const looks = (data) => JSON.stringify([data.look, data.theme, data.runs.map((run) => run.name)]);
const states = (runs) => runs.map((run) => `${run.id} ${run.state}`).join(", ");

// All that one place on the page shows; it outlives reruns as long as its runs and panels stay the same.
class Curves {
  constructor(parent, data, tell) {
    this.tell = tell;
    this.data = data;
    this.identity = identity(data);
    this.runs = data.runs.map((run) => new Run(run));
    this.panels = data.panels.map((panel) => new Panel(panel, this.runs, data.panel_height));
    this.isOn = true;
    this.told = states(data.runs);
    this.eye = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
      this.panels.find((panel) => panel.plot === target).show(isIntersecting);
    }));
    parent.querySelector(".statuses").replaceChildren(...this.runs.map((run) => run.line()));
    parent.querySelector(".curves").replaceChildren(...this.panels.map((panel) => panel.plot));
  }

  async start() {
    while (this.isOn && !this.plotly) {
      try {
        this.plotly = await plotly(this.data.library);
      } catch {
        await wait(RETRY);
      }
    }
    if (!this.isOn) return;
    this.redraw();
    for (const panel of this.panels) this.eye.observe(panel.plot);
    this.watch();
  }

  // Ask again and again until all runs are over.
  async watch() {
    if (this.isWatching) return;
    this.isWatching = true;
    while (this.isOn && this.runs.some((run) => !run.isOver)) {
      if (!document.hidden) await this.look();
      if (!this.runs.some((run) => run.status.is_behind)) await wait(PAUSE);
    }
    this.isWatching = false;
  }

  // What the page knows anew: a run that was over goes on, or has another name; curves are to look otherwise.
  update(data) {
    const isAsBefore = looks(data) === looks(this.data);
    this.data = data;
    data.runs.forEach((about, at) => {
      const run = this.runs[at];
      if (about.is_under_way && run.isOver) run.isOver = false;
      Object.assign(run, about);
      run.show();
    });
    this.told = states(data.runs);
    if (!this.plotly) return;
    if (!isAsBefore) this.redraw();
    this.watch();
  }

  async look() {
    await Promise.all(this.runs.filter((run) => !run.isOver).map((run) => this.ask(run)));
    const now = states(this.runs.map((run) => ({ id: run.id, state: run.status.state ?? run.state })));
    if (!this.isOn || now === this.told) return;
    this.told = now;
    this.tell("states", now);
  }

  async ask(run) {
    try {
      const fresh = await run.look();
      if (!this.isOn) return;
      if (fresh === null) this.redraw();
      else if (fresh.length) this.panels.forEach((panel) => panel.append(run, fresh));
    } catch {
      // The server restarts, or the network is away: the next look finds it again.
      run.isLost = true;
      run.problem = "The server does not answer; asking again.";
    }
    run.show();
  }

  redraw() {
    for (const panel of this.panels) panel.draw(this.plotly, this.data.look);
  }

  stop() {
    this.isOn = false;
    this.eye.disconnect();
    for (const panel of this.panels) panel.remove();
  }
}

const shown = new WeakMap(); // the curves of each place on the page

export default function ({ data, parentElement, setStateValue }) {
  const before = shown.get(parentElement);
  if (before?.identity === identity(data)) {
    before.tell = setStateValue;
    before.update(data);
  } else {
    before?.stop();
    const curves = new Curves(parentElement, data, setStateValue);
    shown.set(parentElement, curves);
    curves.start();
  }
  return () => {
    shown.get(parentElement)?.stop();
    shown.delete(parentElement);
  };
}
