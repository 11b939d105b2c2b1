// One run, as those who watch it know it.
const SIGNS = {
  queued: ["○", "waits"], starting: ["◔", "starting"], running: ["▶", "running"], stopping: ["◼", "stopping"],
  finished: ["✓", "finished"], stopped: ["◼", "stopped"], failed: ["✕", "failed"], interrupted: ["⚡︎", "interrupted"],
};

class Run {
  constructor(about) {
    Object.assign(this, about);
    this.forget();
    this.status = { state: about.state };
    this.isOver = false;
    this.isLost = false; // the server does not answer
    this.isGone = false; // deleted
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
      this.isOver = this.isGone = answer.status === 404;
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
    if (this.isLost || this.isGone) return this.problem;
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

  // The line that says how it stands: its colour and sign, its name, and the words.
  line() {
    const line = document.createElement("div");
    const mark = document.createElement("i"), name = document.createElement("b"), words = document.createElement("span");
    line.append(mark, name, words);
    this.show = () => {
      mark.style.color = this.colour;
      mark.textContent = SIGNS[this.status.state]?.[0] ?? "○";
      name.textContent = this.name;
      words.textContent = this.words();
    };
    this.show();
    return line;
  }
}

function duration(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
