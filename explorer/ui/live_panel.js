// One chart: some figures of all runs over steps or seconds. It grows while its runs go on.
const DASHES = { solid: "solid", dashed: "dash" };
const number = (value) => (typeof value === "string" ? Number(value) : value); // "NaN" and "Infinity" come as words

class Panel {
  constructor(about, runs, height) {
    this.about = about;
    this.runs = runs;
    this.height = height;
    this.means = {};
    this.isVisible = true; // scrolled to; drawing what nobody sees would slow the rest
    this.isBehind = false; // not all that is known is drawn
    this.plot = document.createElement("div");
    this.plot.className = "panel";
    this.plot.style.minHeight = `${height}px`;
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", about.alt);
  }

  get traces() {
    return this.runs.flatMap((run) => this.about.series.map((series) => ({ run, series })));
  }

  // Draw all that is known; zoom stays as long as the axes mean the same.
  draw(plotly, look) {
    this.plotly = plotly;
    this.look = look;
    this.means = {};
    this.isBehind = false;
    const data = this.traces.map((trace) => this.curve(trace));
    this.isEmpty = data.every((curve) => !curve.x.length);
    plotly.react(this.plot, this.runs.length > 1 ? [...data, ...this.key()] : data, this.layout(), {
      responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d"],
    });
  }

  // Add a run's new events to its curves.
  append(run, events) {
    this.isBehind ||= !this.isVisible;
    if (this.isBehind) return;
    if (this.isEmpty) {
      this.draw(this.plotly, this.look);
      return;
    }
    const x = [], y = [], at = [];
    this.traces.forEach((trace, index) => {
      if (trace.run !== run) return;
      const points = this.points(trace, events);
      if (!points.x.length) return;
      x.push(points.x);
      y.push(this.smoothed(trace, points.y));
      at.push(index);
    });
    if (at.length) this.plotly.extendTraces(this.plot, { x, y }, at);
  }

  show(isVisible) {
    this.isVisible = isVisible;
    if (isVisible && this.isBehind) this.draw(this.plotly, this.look);
  }

  remove() {
    this.plotly?.purge(this.plot);
  }

  points({ series }, events) {
    const { field, scale } = series, along = this.look.x;
    const shown = events.filter((event) => event[field] != null && event[along] != null);
    return { x: shown.map((event) => event[along]), y: shown.map((event) => number(event[field]) * scale) };
  }

  // An exponential mean that starts without a bias towards zero.
  smoothed({ run, series }, values) {
    const keep = series.smooth ? this.look.smoothing : 0;
    if (!keep) return values;
    const mean = (this.means[`${run.id} ${series.field}`] ??= { sum: 0, weight: 0 });
    return values.map((value) => {
      if (!Number.isFinite(value)) return value;
      mean.sum = keep * mean.sum + (1 - keep) * value;
      mean.weight = keep * mean.weight + (1 - keep);
      return mean.sum / mean.weight;
    });
  }

  curve(trace) {
    const { run, series } = trace;
    const { x, y } = this.points(trace, run.events);
    const isOne = this.runs.length === 1;
    const name = isOne ? series.name : `${run.name}, ${series.name}`;
    return {
      ...this.style(series, isOne ? series.colour : run.colour), x, y: this.smoothed(trace, y), name, showlegend: isOne,
      hovertemplate: `%{y:${this.about.format}} ${this.about.unit}<extra>${name}</extra>`,
    };
  }

  // With several runs, a run is told by its colour, which stands beside its name above; the legend tells the rest.
  key() {
    return this.about.series.map((series) => ({
      ...this.style(series, this.colour("--st-text-color")), x: [null], y: [null], name: series.name, hoverinfo: "skip",
    }));
  }

  style(series, colour) {
    return {
      type: "scatter", mode: series.markers ? "lines+markers" : "lines",
      line: { color: colour, dash: DASHES[series.dash], width: 2 }, marker: { size: 5, symbol: "diamond" },
    };
  }

  layout() {
    const { title, axis: unit, can_be_log: canBeLog, from_zero: fromZero } = this.about;
    const isLog = this.look.logarithmic && canBeLog, font = { color: this.colour("--st-text-color") };
    const axis = {
      gridcolor: this.colour("--st-border-color"), linecolor: this.colour("--st-border-color"), zeroline: false, automargin: true,
      showgrid: !this.isEmpty, showticklabels: !this.isEmpty, showline: this.isEmpty, // numbers without a curve mean nothing
    };
    const along = this.look.x === "step" ? "Step" : "Seconds of training";
    return {
      uirevision: `${this.runs.map((run) => run.id)} ${this.look.x} ${isLog}`, height: this.height,
      hovermode: "x unified", hoverlabel: { bgcolor: this.colour("--st-secondary-background-color"), font },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { ...font, family: this.colour("--st-font"), size: 14 },
      title: { text: title, x: 0, xref: "paper", font: { size: 16 } }, margin: { l: 60, r: 12, t: 64, b: 44 },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: this.colour("--st-text-color"), activecolor: this.colour("--st-primary-color") },
      showlegend: true, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      xaxis: { ...axis, title: { text: along, standoff: 6 }, rangemode: "tozero" },
      yaxis: { ...axis, title: { text: unit, standoff: 6 }, type: isLog ? "log" : "linear", exponentformat: "power",
               rangemode: fromZero && !isLog ? "tozero" : "normal" },
    };
  }

  colour(name) {
    return getComputedStyle(this.plot).getPropertyValue(name).trim();
  }
}
