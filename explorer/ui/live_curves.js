// Curves of runs that are under way: fetches what is new, appends it, and leaves zoom and hover alone.
const PAUSE = 250; // milliseconds between two looks
const DASHES = { solid: "solid", dashed: "dash" };
const SIGNS = {
  queued: ["○", "waits"], starting: ["◔", "starting"], running: ["▶", "running"], stopping: ["◼", "stopping"],
  finished: ["✓", "finished"], stopped: ["◼", "stopped"], failed: ["✕", "failed"], interrupted: ["⚡︎", "interrupted"],
};

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
const states = (runs) => runs.map((run) => `${run.id} ${run.state}`).join(", ");
const number = (value) => (typeof value === "string" ? Number(value) : value); // "NaN" and "Infinity" come as words

// One run: what is known of it, and where its curve is drawn.
class Run {
  constructor(about) {
    Object.assign(this, about);
    this.forget();
    this.status = { state: about.state };
    this.isOver = false;
    this.isLost = false; // the server does not answer
  }

  forget() {
    this.events = [];
    this.since = 0;
  }

  get last() {
    return this.events.at(-1);
  }

  // Ask for what is new; return the new events, or null where the curve is to be drawn afresh.
  async look() {
    const answer = await fetch(new URL(`api/runs/${this.id}?since=${this.since}`, document.baseURI));
    const found = await answer.json();
    this.isLost = answer.status !== 200 && answer.status !== 404;
    if (answer.status !== 200) {
      this.problem = found.problem;
      this.isOver = answer.status === 404;
      return [];
    }
    const isAnother = this.status.curve !== undefined && this.status.curve !== found.curve;
    this.status = found;
    this.problem = found.problem;
    if (isAnother) {
      this.forget();
      return null;
    }
    this.since = found.next;
    this.events.push(...found.events);
    this.isOver = found.is_over;
    return found.events;
  }

  // What stands beside its name: the state, how far it is, what it waits for.
  words() {
    if (this.problem && (this.isLost || this.isOver)) return this.problem;
    const [, state] = SIGNS[this.status.state] ?? ["", "asking"];
    const last = this.last;
    const parts = [state];
    if (last?.step) {
      const of = this.status.steps ? ` of ${this.status.steps.toLocaleString("en")}` : "";
      parts.push(`step ${last.step.toLocaleString("en")}${of}`, `epoch ${last.epoch}`);
    }
    if (this.status.state === "running" && last?.seconds_left != null) parts.push(`${duration(last.seconds_left)} left`);
    else if (last?.seconds) parts.push(`${duration(last.seconds)} in all`);
    if (this.status.waits_for) parts.push(this.status.waits_for);
    if (this.problem) parts.push(this.problem);
    return parts.join(" · ");
  }
}

function duration(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

// All that one place on the page shows; it outlives reruns as long as its runs and panels stay the same.
class Curves {
  constructor(parent, data, tell) {
    this.box = parent.querySelector(".curves");
    this.list = parent.querySelector(".statuses");
    this.tell = tell;
    this.runs = data.runs.map((run) => new Run(run));
    this.panels = data.panels;
    this.identity = identity(data);
    this.isOn = true;
    this.plots = [];
    this.told = states(data.runs);
  }

  async start(data) {
    this.box.replaceChildren();
    this.list.replaceChildren(...this.runs.map((run) => this.line(run)));
    for (const panel of this.panels) {
      const plot = document.createElement("div");
      plot.className = "panel";
      plot.style.minHeight = `${data.panel_height}px`;
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", panel.alt);
      this.box.append(plot);
      this.plots.push(plot);
    }
    this.data = data;
    while (this.isOn && !this.plotly) {
      try {
        this.plotly = await plotly(data.library);
      } catch {
        await wait(2000);
      }
    }
    if (!this.isOn) return;
    this.redraw(this.data);
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

  // What the page knows anew: a run that was over goes on, or has another name.
  update(data) {
    data.runs.forEach((about, at) => {
      const run = this.runs[at];
      if (about.is_under_way && run.isOver) run.isOver = false;
      Object.assign(run, about);
      run.show?.();
    });
    this.told = states(data.runs);
    if (this.plotly) this.watch();
  }

  line(run) {
    const line = document.createElement("div");
    const mark = document.createElement("i"), name = document.createElement("b"), words = document.createElement("span");
    mark.style.color = run.colour;
    line.append(mark, name, words);
    run.show = () => {
      mark.textContent = SIGNS[run.status.state]?.[0] ?? "○";
      name.textContent = run.name;
      words.textContent = run.words();
    };
    run.show();
    return line;
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
      if (fresh === null) this.redraw(this.data);
      else if (fresh.length) this.append(run, fresh);
    } catch {
      // The server restarts, or the network is away: the next look finds it again.
      run.isLost = true;
      run.problem = "The server does not answer; asking again.";
    }
    run.show();
  }

  append(run, events) {
    this.panels.forEach((panel, place) => {
      const xs = [], ys = [], at = [];
      this.traces(panel).forEach((trace, index) => {
        if (trace.run !== run) return;
        const { x, y } = this.points(trace, events);
        if (!x.length) return;
        xs.push(x);
        ys.push(this.smoothed(trace, y));
        at.push(index);
      });
      if (at.length) this.plotly.extendTraces(this.plots[place], { x: xs, y: ys }, at);
    });
  }

  traces(panel) {
    return this.runs.flatMap((run) => panel.series.map((series) => ({ run, series, key: `${run.id} ${series.field}` })));
  }

  points(trace, events) {
    const { field, scale } = trace.series, along = this.data.look.x;
    const shown = events.filter((event) => event[field] != null && event[along] != null);
    return { x: shown.map((event) => event[along]), y: shown.map((event) => number(event[field]) * scale) };
  }

  // An exponential mean that starts without a bias towards zero.
  smoothed(trace, values) {
    const keep = trace.series.smooth ? this.data.look.smoothing : 0;
    if (!keep) return values;
    const state = (this.means[trace.key] ??= { sum: 0, weight: 0 });
    return values.map((value) => {
      if (!Number.isFinite(value)) return value;
      state.sum = keep * state.sum + (1 - keep) * value;
      state.weight = keep * state.weight + (1 - keep);
      return state.sum / state.weight;
    });
  }

  redraw(data) {
    this.data = data;
    this.means = {};
    if (this.plotly) this.panels.forEach((panel, place) => this.drawPanel(panel, this.plots[place]));
  }

  drawPanel(panel, plot) {
    const { look, panel_height: height } = this.data;
    const style = getComputedStyle(this.box);
    const colour = (name) => style.getPropertyValue(name).trim();
    const isLog = look.logarithmic && panel.can_be_log;
    const axis = { gridcolor: colour("--st-border-color"), zeroline: false, automargin: true };
    this.plotly.react(plot, this.traces(panel).map((trace) => this.draw(trace, panel)), {
      uirevision: `${this.identity} ${look.x} ${isLog}`, height, hovermode: "x unified",
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: colour("--st-text-color"), family: colour("--st-font"), size: 14 },
      title: { text: panel.title, x: 0, xref: "paper", font: { size: 16 } },
      margin: { l: 60, r: 12, t: 64, b: 44 },
      showlegend: true, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      hoverlabel: { bgcolor: colour("--st-secondary-background-color"), font: { color: colour("--st-text-color") } },
      xaxis: { ...axis, title: { text: look.x === "step" ? "Step" : "Seconds of training", standoff: 6 }, rangemode: "tozero" },
      yaxis: { ...axis, title: { text: panel.axis, standoff: 6 }, type: isLog ? "log" : "linear",
               rangemode: panel.from_zero && !isLog ? "tozero" : "normal", exponentformat: "power" },
    }, { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d"] });
  }

  draw(trace, panel) {
    const { x, y } = this.points(trace, trace.run.events);
    const { name, dash, markers, colour } = trace.series;
    const isOne = this.runs.length === 1;
    const full = isOne ? name : `${trace.run.name}, ${name}`;
    return {
      x, y: this.smoothed(trace, y), name: full, type: "scatter", mode: markers ? "lines+markers" : "lines",
      line: { color: isOne ? colour : trace.run.colour, dash: DASHES[dash], width: 2 },
      marker: { size: 5, symbol: "diamond" },
      hovertemplate: `%{y:${panel.format}} ${panel.unit}<extra>${full}</extra>`,
    };
  }

  stop() {
    this.isOn = false;
    for (const plot of this.plots) this.plotly?.purge(plot);
  }
}

const shown = new WeakMap(); // the curves of each place on the page

export default function ({ data, parentElement, setStateValue }) {
  const look = JSON.stringify([data.look, data.theme, data.runs.map((run) => run.name)]);
  const before = shown.get(parentElement);
  if (before?.identity !== identity(data)) {
    before?.stop();
    const curves = new Curves(parentElement, data, setStateValue);
    shown.set(parentElement, curves);
    curves.look_at = look;
    curves.start(data);
  } else {
    before.tell = setStateValue;
    before.update(data);
    if (before.look_at !== look) before.redraw(data);
    before.look_at = look;
  }
  return () => {
    shown.get(parentElement)?.stop();
    shown.delete(parentElement);
  };
}
