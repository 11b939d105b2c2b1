// Shows HTML that the page made, and tells the page what was picked in it.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".panel");
  if (root.shown !== data.html) {
    const focused = root.getRootNode().activeElement?.dataset.pick;
    root.shown = data.html;
    root.innerHTML = data.html;
    if (focused) root.querySelector(`[data-pick="${CSS.escape(focused)}"]`)?.focus();
  }
  root.style.backgroundColor = "var(--st-background-color)";
  const [red, green, blue] = getComputedStyle(root).backgroundColor.match(/[\d.]+/g).map(Number);
  root.dataset.theme = 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";

  root.onclick = (event) => {
    const point = event.target.closest("[data-point]");
    const hit = event.target.closest("[data-pick]");
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a link may open elsewhere
    if (hit) {
      event.preventDefault();
      setTriggerValue("picked", hit.dataset.pick);
    } else if (point) {
      const frame = point.getBoundingClientRect();
      const x = (event.clientX - frame.left) / frame.width;
      const y = (event.clientY - frame.top) / frame.height;
      setTriggerValue("picked", `${x.toFixed(4)},${y.toFixed(4)}`);
    }
  };
}
