// Saves a Plotly chart of the page as it stands there: its SVG layers in one file, or drawn onto a canvas.

const SVG = 'http://www.w3.org/2000/svg';
const ZOOM = 2; // pixels of the PNG for one of the page, so that it stays sharp on a slide

export default function ({ data, parentElement }) {
  for (const button of parentElement.querySelectorAll('button')) {
    button.onclick = () => save(data, button.value, getComputedStyle(button));
  }
}

async function save({ chart, name }, format, style) {
  const plot = document.querySelector(`.st-key-${CSS.escape(chart)} .js-plotly-plot`);
  if (!plot) return;
  const svg = compose(plot, style.getPropertyValue('--st-background-color').trim());
  const text = new XMLSerializer().serializeToString(svg).replace(/url\((&quot;|["']?)[^)#]*#/g, 'url($1#');
  const blob = new Blob([text], { type: 'image/svg+xml' });
  download(format === 'svg' ? blob : await drawn(blob, plot), `${name}.${format}`);
}

/** Plotly draws in several layers of one size; what follows the pointer is left out. */
function compose(plot, background) {
  const size = { width: plot.clientWidth, height: plot.clientHeight };
  const svg = element('svg', { viewBox: `0 0 ${size.width} ${size.height}`, ...size });
  svg.append(element('rect', { width: '100%', height: '100%', fill: background }));
  for (const layer of plot.querySelectorAll('.main-svg')) {
    const copy = layer.cloneNode(true);
    copy.style.background = 'none';
    settle(layer, copy);
    for (const extra of copy.querySelectorAll('.hoverlayer, .draglayer, .zoomlayer')) extra.remove();
    svg.append(copy);
  }
  return svg;
}

/** Text keeps its colour and its width where the page's style and font are not at hand. */
function settle(layer, copy) {
  const [shown, copied] = [layer, copy].map((one) => one.querySelectorAll('text'));
  shown.forEach((text, place) => {
    copied[place].style.fill = getComputedStyle(text).fill;
    const [lines, copies] = [text, copied[place]].map((one) => one.querySelectorAll('tspan.line'));
    (lines.length ? lines : [text]).forEach((line, at) => {
      const target = lines.length ? copies[at] : copied[place];
      target.setAttribute('textLength', line.getComputedTextLength());
      target.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    });
  });
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function drawn(blob, plot) {
  const address = URL.createObjectURL(blob);
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = plot.clientWidth * ZOOM;
  canvas.height = plot.clientHeight * ZOOM;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
