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
      const of = this.status.plan ? ` of ${whole(this.status.plan.steps)}` : "";
      parts.push(`step ${whole(last.step)}${of}`, `epoch ${last.epoch}`);
    }
    if (this.status.state === "running" && last?.seconds_left != null) parts.push(`${duration(last.seconds_left)} left`);
    else if (last?.seconds) parts.push(`${duration(last.seconds)} in all`);
    if (this.status.waits_for) parts.push(this.status.waits_for);
    if (this.problem) parts.push(this.problem);
    return parts.join(" · ");
  }

  // How far it goes and what that takes; nothing before that is known.
  plan() {
    const plan = this.status.plan;
    if (!plan) return "";
    const steps = counted(plan.steps, "step");
    const isTimed = this.budget_seconds !== null && plan.step_seconds !== null;
    const pace = isTimed ? `${brief(plan.step_seconds)} a step, so ${steps} in ${duration(this.budget_seconds)}` : steps;
    const each = `every ${plan.validate_every === 1 ? "step" : counted(plan.validate_every, "step")}`;
    const memory = `${mebibytes(plan.predicted_bytes)} MiB of memory predicted, ${mebibytes(plan.free_bytes)} free`;
    return `Plan: ${pace} on ${plan.device} · ${counted(plan.validation_pictures, "validation picture")} ${each} · ${memory}`;
  }

  // The line that says how it stands: its colour and sign, its name, and the words; below it the plan.
  line() {
    const [line, mark, name, words, plan] = ["div", "i", "b", "span", "small"].map((tag) => document.createElement(tag));
    line.append(mark, name, words, plan);
    this.show = () => {
      mark.style.color = this.colour;
      mark.textContent = SIGNS[this.status.state]?.[0] ?? "○";
      name.textContent = this.name;
      words.textContent = this.words();
      plan.textContent = line.title = this.plan();
    };
    this.show();
    return line;
  }
}

const whole = (number) => number.toLocaleString("en");
const counted = (number, thing) => `${whole(number)} ${thing}${number === 1 ? "" : "s"}`;
const mebibytes = (bytes) => whole(Math.round(bytes / 2 ** 20));
const brief = (seconds) => (seconds < 1 ? `${Number((1000 * seconds).toPrecision(2))} ms` : duration(seconds));

function duration(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
