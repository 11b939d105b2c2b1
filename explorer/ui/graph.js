// Pan and zoom by the viewBox of an inline SVG. Scale is pixels per SVG unit; the drawings use text of 12 and 14 units.
const READABLE = 11 / 12; // the smallest text is then 11 px
const LARGEST = 8;
const FIRST_LARGEST = 1.3;
const HINT = "Click the diagram, then use the wheel to zoom. Ctrl + wheel zooms at once.";
const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = makeView(parentElement)));
  view.onNode = (path) => setTriggerValue("clicked", path);
  view.update(data);
  return () => {
    view.close();
    views.delete(parentElement);
  };
}

function makeView(parent) {
  const root = parent.querySelector(".graph");
  const box = root.querySelector(".view");
  const hint = root.querySelector(".hint");
  const camera = { x: 0, y: 0, scale: 1 };
  const pointers = new Map();
  let drawings = []; // { svg, names, pieces, x, y, width, height }
  let shown = null;
  let source = "";
  let selected = null; // the path of a node
  let moved = false; // by hand; until then the view fits itself to the window
  let travelled = 0;
  let lastClick = { path: "", time: 0 };
  let hintTimer = 0;
  const view = { onNode: () => {}, update, close: () => observer.disconnect() };

  const observer = new ResizeObserver(() => {
    if (!box.clientWidth || !drawings.length) return;
    if (moved) draw();
    else start();
  });
  observer.observe(box);
  makeTools();

  function update(data) {
    root.style.height = `${data.height}px`;
    box.setAttribute("aria-label", data.alt);
    setTheme();
    setLegend(data.legend);
    selected = data.selected;
    const next = data.svgs.join("");
    if (next !== source) {
      const before = drawings;
      source = next;
      drawings = data.svgs.map(parse);
      if (shown && names(drawings) === names(before)) keepPlace(before);
      else {
        moved = false;
        start();
      }
    }
    for (const { element } of drawings.flatMap(({ pieces }) => pieces)) if (element) select(element);
  }

  // The pieces of a drawing are made when they come into view: a browser takes long for thousands of nodes.
  function parse(text) {
    const [opening, ...pieces] = text.replace(/<\/svg>\s*$/, "").split(/(?=<g class="piece")/);
    const svg = elementOf(`${opening}</svg>`);
    const { x, y, width, height } = svg.viewBox.baseVal;
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    svg.setAttribute("preserveAspectRatio", "xMinYMin meet");
    svg.setAttribute("aria-hidden", "true");
    const names = [...text.matchAll(/<g id="([^"]*)" class="node/g)].map(([, name]) => name).join();
    return { svg, names, pieces: pieces.map(pieceOf), x, y, width, height };
  }

  function elementOf(text) {
    return new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  }

  function pieceOf(text) {
    const [, top, bottom] = text.match(/data-top="(.*?)" data-bottom="(.*?)"/).map(Number);
    return { text, top, bottom, element: null };
  }

  // The first piece always stands, for `beginning`.
  function showPieces(top, bottom) {
    for (const piece of shown.pieces) {
      if (piece !== shown.pieces[0] && (piece.top > bottom || piece.bottom < top)) piece.element?.remove();
      else if (piece.element?.parentNode !== shown.svg) shown.svg.append((piece.element ??= makePiece(piece.text)));
    }
  }

  function makePiece(text) {
    const element = elementOf(`<svg xmlns="http://www.w3.org/2000/svg">${text}</svg>`).firstElementChild;
    select(element);
    return element;
  }

  function select(element) {
    for (const node of element.querySelectorAll(".node")) node.classList.toggle("selected", node.id === selected);
  }

  function names(some) {
    return some.map((one) => one.names).join(";");
  }

  // The same nodes with other numbers in them: the scale stays, and so does what is in the middle.
  function keepPlace(before) {
    const old = shown;
    show(drawings[before.indexOf(old)] ?? choose());
    camera.x += shown.x + shown.width / 2 - (old.x + old.width / 2);
    draw();
  }

  function setTheme() {
    root.style.backgroundColor = "var(--st-background-color)";
    const [red, green, blue] = getComputedStyle(root).backgroundColor.match(/[\d.]+/g).map(Number);
    root.dataset.theme = 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
  }

  function setLegend(entries) {
    root.querySelector(".legend").replaceChildren(
      ...entries.map(([name, word]) => {
        const swatch = document.createElement("i");
        swatch.className = name;
        const entry = document.createElement("span");
        entry.append(swatch, word);
        return entry;
      }),
    );
  }

  // The widest drawing that fits the width at a readable size and shows most; else the narrowest.
  function choose() {
    const share = (one) => Math.min(1, box.clientHeight / (one.height * READABLE));
    const fitting = drawings.filter((one) => one.width * READABLE <= box.clientWidth);
    if (!fitting.length) return drawings.reduce((a, b) => (b.width < a.width ? b : a));
    return fitting.reduce((a, b) => (share(b) > share(a) ? b : a));
  }

  function start() {
    if (!box.clientWidth) return;
    show(choose());
    const whole = wholeScale();
    camera.scale = Math.min(FIRST_LARGEST, Math.max(READABLE, whole));
    place();
    if (camera.scale > whole) lookAtSelected();
  }

  function show(drawing) {
    if (drawing === shown) return;
    shown = drawing;
    showPieces(drawing.y, drawing.y);
    box.querySelector("svg")?.remove();
    box.prepend(drawing.svg);
  }

  function wholeScale() {
    return Math.min(box.clientWidth / shown.width, box.clientHeight / shown.height);
  }

  // Centre what fits; of what does not fit, show the beginning: the input in the middle of the upper edge.
  function place() {
    const width = box.clientWidth / camera.scale;
    const height = box.clientHeight / camera.scale;
    const right = shown.x + shown.width - width; // the last that shows nothing beside the drawing
    camera.x = shown.width > width ? Math.max(shown.x, Math.min(right, beginning() - width / 2)) : (shown.x + right) / 2;
    camera.y = shown.y + Math.min(0, (shown.height - height) / 2);
    draw();
  }

  // Where the input stands, from left to right, in units of the drawing.
  function beginning() {
    return middleOf(shown.svg.querySelector(".node")).x;
  }

  function middleOf(node) {
    const { x, y, width, height } = node.getBBox();
    const { e, f } = node.parentNode.transform.baseVal.consolidate().matrix;
    return { x: x + width / 2 + e, y: y + height / 2 + f };
  }

  // Bring a node chosen elsewhere, as in the table, into the middle.
  function lookAtSelected() {
    const piece = shown.pieces.find(({ text }) => text.includes(`<g id="${selected}" class="node`));
    if (!piece) return;
    showPieces(piece.top, piece.bottom);
    const middle = middleOf(piece.element.querySelector(".selected"));
    const [width, height] = [box.clientWidth / camera.scale, box.clientHeight / camera.scale];
    if (shown.width > width) camera.x = middle.x - width / 2;
    const last = shown.y + shown.height - height;
    if (shown.height > height) camera.y = Math.max(shown.y, Math.min(last, middle.y - height / 2));
    draw();
  }

  function fit() {
    moved = true;
    camera.scale = Math.min(FIRST_LARGEST, wholeScale());
    place();
  }

  function draw() {
    const width = box.clientWidth / camera.scale;
    const height = box.clientHeight / camera.scale;
    camera.x = within(camera.x, shown.x, shown.width, width);
    camera.y = within(camera.y, shown.y, shown.height, height);
    showPieces(camera.y, camera.y + height);
    shown.svg.setAttribute("viewBox", `${camera.x} ${camera.y} ${width} ${height}`);
    const past = {
      left: camera.x > shown.x + 1,
      top: camera.y > shown.y + 1,
      right: camera.x + width < shown.x + shown.width - 1,
      bottom: camera.y + height < shown.y + shown.height - 1,
    };
    const offset = { left: "20px 0", top: "0 20px", right: "-20px 0", bottom: "0 -20px" };
    for (const side in past)
      box.style.setProperty(`--${side}`, past[side] ? `inset ${offset[side]} var(--shade)` : "0 0 #0000");
  }

  // Keeps at least a third of the window, or of the drawing if that is smaller, covered.
  function within(at, from, size, window) {
    const kept = Math.min(window, size) / 3;
    return Math.min(from + size - kept, Math.max(from - window + kept, at));
  }

  function pan(dx, dy) {
    moved = true;
    camera.x -= dx / camera.scale;
    camera.y -= dy / camera.scale;
    draw();
  }

  function zoom(factor, clientX, clientY) {
    moved = true;
    const frame = box.getBoundingClientRect();
    const px = (clientX ?? frame.left + frame.width / 2) - frame.left;
    const py = (clientY ?? frame.top + frame.height / 2) - frame.top;
    const scale = Math.min(LARGEST, Math.max(Math.min(wholeScale(), READABLE) / 1.5, camera.scale * factor));
    camera.x += px / camera.scale - px / scale;
    camera.y += py / camera.scale - py / scale;
    camera.scale = scale;
    draw();
  }

  function makeTools() {
    const tools = [
      ["+", "Zoom in", () => zoom(1.3)],
      ["\u2212", "Zoom out", () => zoom(1 / 1.3)],
      ["Fit", "Show all", fit],
      ["1:1", "Actual size", () => zoom(1 / camera.scale)],
      ["Full", "Full screen", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen())],
    ];
    root.querySelector(".tools").replaceChildren(
      ...tools.map(([label, title, act]) => {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", textContent: label, title, onclick: act });
        button.setAttribute("aria-label", title);
        return button;
      }),
    );
  }

  function isActive() {
    return box.getRootNode().activeElement === box || document.fullscreenElement;
  }

  function showHint() {
    hint.textContent = HINT;
    hint.classList.add("shown");
    clearTimeout(hintTimer);
    hintTimer = setTimeout(() => hint.classList.remove("shown"), 1600);
  }

  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey && !isActive()) return showHint();
      event.preventDefault();
      const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
      const speed = event.ctrlKey ? 0.01 : 0.002; // a pinch on a trackpad comes as many small wheel events with ctrl
      zoom(Math.exp(-Math.max(-0.25, Math.min(0.25, pixels * speed))), event.clientX, event.clientY);
    },
    { passive: false },
  );

  box.onpointerdown = (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1) travelled = 0;
  };
  box.onpointermove = (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (travelled < 4) return;
    pointers.set(event.pointerId, now);
    if (!box.hasPointerCapture(event.pointerId)) box.setPointerCapture(event.pointerId);
    box.classList.add("dragged");
    if (!others.length && (event.pointerType !== "touch" || isActive())) pan(now.x - before.x, now.y - before.y);
    if (others.length === 1) pinch(others[0], before, now);
  };
  const release = (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) box.classList.remove("dragged");
  };
  box.onpointerup = release;
  box.onpointercancel = release;

  function pinch(fixed, before, now) {
    const distance = (point) => Math.hypot(point.x - fixed.x, point.y - fixed.y);
    zoom(distance(now) / Math.max(1, distance(before)), (fixed.x + now.x) / 2, (fixed.y + now.y) / 2);
    pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  }

  box.onclick = (event) => {
    const node = event.target.closest(".node:not(.terminal)");
    if (travelled >= 4 || !node) return;
    const again = lastClick.path === node.id && event.timeStamp - lastClick.time < 400;
    lastClick = { path: node.id, time: event.timeStamp };
    if (!again) view.onNode(node.id);
  };
  box.ondblclick = (event) => zoom(1.6, event.clientX, event.clientY);

  box.onkeydown = (event) => {
    const step = 60;
    const acts = {
      "+": () => zoom(1.3),
      "=": () => zoom(1.3),
      "-": () => zoom(1 / 1.3),
      0: fit,
      1: () => zoom(1 / camera.scale),
      ArrowLeft: () => pan(step, 0),
      ArrowRight: () => pan(-step, 0),
      ArrowUp: () => pan(0, step),
      ArrowDown: () => pan(0, -step),
      Escape: () => box.blur(),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  };

  box.onpointerover = (event) => highlight(event.target.closest(".node"));
  box.onpointerleave = () => highlight(null);

  function highlight(node) {
    for (const old of box.querySelectorAll(".near")) old.classList.remove("near");
    if (!node) return;
    node.classList.add("near");
    const name = node.dataset.node;
    for (const edge of box.querySelectorAll(".edge"))
      if (edge.dataset.ends.split(" ").includes(name)) edge.classList.add("near");
  }

  return view;
}
