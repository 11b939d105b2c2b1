// A field to draw a digit on, white on black; each finished stroke is sent to the page as a PNG.
const SIDE = 280; // pixels, ten for each of MNIST's
const PEN = 22;

export default function ({ parentElement, setTriggerValue }) {
  const canvas = parentElement.querySelector("canvas");
  if (canvas.isReady) return;
  canvas.isReady = true;
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "#fff", fillStyle: "#000" });
  pen.fillRect(0, 0, SIDE, SIDE);
  let isDown = false;

  const place = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * SIDE, ((event.clientY - frame.top) / frame.height) * SIDE];
  };
  canvas.onpointerdown = (event) => {
    isDown = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
    pen.lineTo(...place(event));
    pen.stroke();
  };
  canvas.onpointermove = (event) => {
    if (!isDown) return;
    pen.lineTo(...place(event));
    pen.stroke();
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!isDown) return;
    isDown = false;
    setTriggerValue("given", canvas.toDataURL("image/png").split(",")[1]);
  };
  parentElement.querySelector("button").onclick = () => {
    pen.fillRect(0, 0, SIDE, SIDE);
    setTriggerValue("given", "");
  };
}
