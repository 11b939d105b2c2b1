// Curves of runs that are under way: fetches what is new, appends it, and leaves zoom and hover alone.
const PAUSE = 400; // milliseconds between two looks
const DASHES = { solid: "solid", dashed: "dash" };

let library;
function plotly(source) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(source, document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

// All that one place on the page shows; it outlives reruns as long as its runs and panels stay the same.
class Curves {
  constructor(box, data) {
    this.box = box;
    this.runs = data.runs;
    this.panels = data.panels;
    this.identity = identity(data);
    this.rows = Object.fromEntries(data.runs.map((run) => [run.id, []]));
    this.since = Object.fromEntries(data.runs.map((run) => [run.id, 0]));
    this.done = new Set();
    this.on = true;
    this.plots = [];
    box.replaceChildren();
  }

  async start(data) {
    this.plotly = await plotly(data.library);
    for (const panel of this.panels) {
      const plot = document.createElement("div");
      plot.className = "panel";
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", panel.alt);
      this.box.append(plot);
      this.plots.push(plot);
    }
    this.redraw(data);
    while (this.on && this.box.isConnected && this.done.size < this.runs.length) {
      if (!document.hidden) await this.look();
      await new Promise((resume) => setTimeout(resume, PAUSE));
    }
  }

  async look() {
    for (const run of this.runs) {
      if (this.done.has(run.id)) continue;
      try {
        const address = new URL(`api/runs/${run.id}?since=${this.since[run.id]}`, document.baseURI);
        const answer = await fetch(address);
        if (answer.status === 404) this.done.add(run.id);
        if (!answer.ok) continue;
        const { fields, rows, next, done } = await answer.json();
        if (!this.on) return;
        this.since[run.id] = next;
        if (rows.length) this.append(run, rows.map((row) => Object.fromEntries(fields.map((name, at) => [name, row[at]]))));
        else if (done) this.done.add(run.id);
      } catch {
        // The server restarts, or the network is away: the next look finds it again.
      }
    }
  }

  append(run, rows) {
    this.rows[run.id].push(...rows);
    this.panels.forEach((panel, place) => {
      const xs = [], ys = [], at = [];
      this.traces(panel).forEach((trace, index) => {
        if (trace.run !== run) return;
        const { x, y } = this.points(trace, rows);
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

  points(trace, rows) {
    const shown = rows.filter((row) => row[trace.series.field] != null && row[this.look_at.x] != null);
    return {
      x: shown.map((row) => row[this.look_at.x]),
      y: shown.map((row) => row[trace.series.field] * (trace.series.scale ?? 1)),
    };
  }

  // An exponential mean that starts without a bias towards zero.
  smoothed(trace, values) {
    const keep = trace.series.smooth ? this.look_at.smoothing : 0;
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
    this.look_at = data.look;
    this.means = {};
    const style = getComputedStyle(this.box);
    const colour = (name) => style.getPropertyValue(name).trim();
    this.panels.forEach((panel, place) => {
      const traces = this.traces(panel).map((trace) => {
        const { x, y } = this.points(trace, this.rows[trace.run.id]);
        const many = this.runs.length > 1 ? `${trace.run.name}, ` : "";
        return {
          x, y: this.smoothed(trace, y), name: many + trace.series.name, type: "scatter",
          mode: trace.series.dash === "dashed" ? "lines+markers" : "lines",
          line: { color: this.runs.length > 1 ? trace.run.colour : trace.series.colour, dash: DASHES[trace.series.dash], width: 2 },
          marker: { size: 6, symbol: "diamond" },
          hovertemplate: `%{y:${panel.format}} ${panel.unit}<extra>${many}${trace.series.name}</extra>`,
        };
      });
      const axis = { gridcolor: colour("--st-border-color"), zeroline: false, automargin: true };
      const layout = {
        uirevision: `${this.identity} ${data.look.x}`, height: data.panel_height, hovermode: "x unified",
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        font: { color: colour("--st-text-color"), family: colour("--st-font"), size: 14 },
        title: { text: panel.title, x: 0, xref: "paper", font: { size: 16 } },
        margin: { l: 60, r: 12, t: 64, b: 48 }, legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
        hoverlabel: { bgcolor: colour("--st-secondary-background-color"), font: { color: colour("--st-text-color") } },
        xaxis: { ...axis, title: { text: data.look.x === "step" ? "Step" : "Seconds" } },
        yaxis: { ...axis, title: { text: panel.axis }, type: data.look.logarithmic && panel.can_be_log ? "log" : "linear",
                 rangemode: panel.from_zero && !data.look.logarithmic ? "tozero" : "normal" },
      };
      this.plotly.react(this.plots[place], traces, layout, { responsive: true, displaylogo: false });
    });
  }

  stop() {
    this.on = false;
    for (const plot of this.plots) this.plotly?.purge(plot);
  }
}

const identity = (data) => JSON.stringify([data.runs.map((run) => run.id), data.panels.map((panel) => panel.title)]);

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".curves");
  const look = JSON.stringify([data.look, data.theme]);
  if (box.curves?.identity !== identity(data)) {
    box.curves?.stop();
    box.curves = new Curves(box, data);
    box.curves.start(data);
  } else if (box.look !== look && box.curves.plotly) {
    box.curves.redraw(data);
  }
  box.look = look;
  return () => {
    box.curves?.stop();
    box.curves = undefined;
  };
}
