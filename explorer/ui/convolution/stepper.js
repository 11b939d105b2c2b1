// One position of the kernel at a time: the window on the input, the products, their sum, the output so far.
const PLAY_EVERY = 700; // milliseconds
const TELL_AFTER = 500; // the page is told of a step when it has stood this long
const MINUS = "\u2212";
const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = makeView(parentElement, data.start)));
  view.tell = (step) => setStateValue("step", step);
  view.update(data);
  return () => {
    view.close();
    views.delete(parentElement);
  };
}

const written = (value) => {
  const text = String(Math.round(value * 100) / 100);
  return (text === "-0" ? "0" : text).replace("-", MINUS);
};
const bracketed = (value) => (value < 0 ? `(${written(value)})` : written(value));

function makeView(parent, start) {
  const root = parent.querySelector(".panel");
  root.innerHTML = `<div class="stepper"><div class="tools">
      <button class="first" aria-label="First step"><span class="icon" aria-hidden="true">first_page</span></button>
      <button class="back" aria-label="One step back"><span class="icon" aria-hidden="true">chevron_left</span></button>
      <button class="play"><span class="icon" aria-hidden="true"></span><span class="word"></span></button>
      <button class="next" aria-label="One step on"><span class="icon" aria-hidden="true">chevron_right</span></button>
      <input type="range" min="1" aria-label="Step"><output></output></div>
    <p class="sum" aria-live="polite"></p><div class="boards"></div><div class="legend"></div></div>`;
  const find = (selector) => root.querySelector(selector);
  const slider = find("input");
  let source = "";
  let board = null; // what the page sent
  let step = start;
  let playing = 0;
  let telling = 0;
  const view = { tell: () => {}, update, close };

  find(".first").onclick = () => move(0);
  find(".back").onclick = () => move(step - 1);
  find(".next").onclick = () => move(step + 1);
  find(".play").onclick = () => (playing ? pause() : play());
  slider.oninput = () => move(Number(slider.value) - 1);

  function update(data) {
    setTheme();
    const next = JSON.stringify(data);
    if (next === source) return;
    source = next;
    board = data;
    slider.max = count();
    build();
    step = Math.min(step, count() - 1);
    draw();
  }

  function setTheme() {
    root.style.backgroundColor = "var(--st-background-color)";
    const [red, green, blue] = getComputedStyle(root).backgroundColor.match(/[\d.]+/g).map(Number);
    root.dataset.theme = 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
  }

  const count = () => board.output.length * board.output[0].length;
  const place = () => [Math.floor(step / board.output[0].length), step % board.output[0].length];

  function move(to) {
    pause();
    go(to);
  }

  function go(to) {
    step = Math.max(0, Math.min(count() - 1, to));
    draw();
    clearTimeout(telling);
    if (!playing) telling = setTimeout(() => view.tell(step), TELL_AFTER);
  }

  function play() {
    if (step === count() - 1) step = -1;
    playing = setInterval(() => (step < count() - 1 ? go(step + 1) : move(step)), PLAY_EVERY);
    go(step + 1);
  }

  function pause() {
    clearInterval(playing);
    playing = 0;
    showPlay();
  }

  function showPlay() {
    find(".play .icon").textContent = playing ? "pause" : "play_arrow";
    find(".play .word").textContent = playing ? "Pause" : "Play";
  }

  function close() {
    clearInterval(playing);
    clearTimeout(telling);
  }

  function build() {
    const grids = [
      makeGrid("input", board.captions.input, board.input),
      makeGrid("kernel", board.captions.kernel, board.kernel),
      makeGrid("products", board.captions.products, board.kernel),
      makeGrid("result", board.captions.output, board.output),
    ];
    find(".boards").replaceChildren(...grids);
    find(".legend").innerHTML = board.legend;
    each("input", (cell, row, column) => {
      const [top, left] = board.pads;
      const inside = row >= top && row < top + board.size[0] && column >= left && column < left + board.size[1];
      cell.classList.toggle("pad", !inside);
      cell.classList.toggle("never", inside && !board.visits[row][column]);
    });
    const columns = board.output[0].length;
    each("result", (cell, row, column) => (cell.onclick = () => move(row * columns + column)));
    find(".result table").classList.add("picked");
  }

  function makeGrid(name, caption, values) {
    const figure = document.createElement("figure");
    figure.className = `board ${name}`;
    const title = document.createElement("figcaption");
    title.innerHTML = caption;
    const table = document.createElement("table");
    table.className = "grid";
    for (const line of values) {
      const row = table.insertRow();
      for (const value of line) fill(row.insertCell(), value, largest(values));
    }
    figure.append(title, table);
    return figure;
  }

  const largest = (values) => Math.max(1e-9, ...values.flat().map(Math.abs));

  function fill(cell, value, most) {
    cell.textContent = written(value);
    cell.classList.toggle("plus", value > 0);
    cell.classList.toggle("minus", value < 0);
    cell.style.setProperty("--v", `${(100 * Math.abs(value)) / most}%`);
  }

  function each(name, act) {
    find(`.${name} table`)
      .querySelectorAll("tr")
      .forEach((line, row) => line.querySelectorAll("td").forEach((cell, column) => act(cell, row, column)));
  }

  function draw() {
    const [outRow, outColumn] = place();
    const { stride, dilation, kernel } = board;
    const products = kernel.map((line, i) =>
      line.map((weight, j) => weight * board.input[outRow * stride + i * dilation][outColumn * stride + j * dilation]),
    );
    each("input", (cell, row, column) => {
      const [i, j] = [(row - outRow * stride) / dilation, (column - outColumn * stride) / dilation];
      const weight = kernel[i]?.[j];
      cell.classList.toggle("in", weight !== undefined);
      cell.querySelector("small")?.remove();
      if (weight !== undefined) {
        const note = document.createElement("small");
        note.textContent = `\u00d7${written(weight)}`;
        cell.append(note);
      }
    });
    each("products", (cell, row, column) => fill(cell, products[row][column], largest(products)));
    each("result", (cell, row, column) => {
      const at = row * board.output[0].length + column;
      cell.classList.toggle("now", at === step);
      cell.classList.toggle("wait", at > step);
    });
    slider.value = step + 1;
    find("output").textContent = `Step ${step + 1} of ${count()}`;
    find(".sum").innerHTML = sentence(products, board.output[outRow][outColumn]);
    showPlay();
  }

  function sentence(products, result) {
    const [row, column] = place();
    const terms = products
      .flatMap((line, i) =>
        line.map((_, j) => {
          const value = board.input[row * board.stride + i * board.dilation][column * board.stride + j * board.dilation];
          return { zero: board.kernel[i][j] === 0, text: `${bracketed(value)}\u00b7${bracketed(board.kernel[i][j])}` };
        }),
      )
      .filter((term) => !term.zero)
      .map((term) => term.text);
    const sum = products.flat().reduce((a, b) => a + b, 0);
    const divided = board.divisor === 1 ? "" : ` / ${board.divisor}`;
    const bias = board.bias === 0 ? "" : ` + ${bracketed(board.bias)}`;
    const rest = divided || bias ? `; ${bracketed(sum)}${divided}${bias} = <b>${written(result)}</b>` : "";
    const left = terms.join(" + ") || "0";
    const total = rest ? written(sum) : `<b>${written(sum)}</b>`;
    return `Row ${row + 1}, column ${column + 1}: ${left} = ${total}${rest}`;
  }

  return view;
}
