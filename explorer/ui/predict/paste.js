// Takes a picture from the clipboard and sends it to the page.
export default function ({ data, parentElement, setTriggerValue }) {
  const field = parentElement.querySelector(".paste");
  const say = (text) => (field.querySelector("span").textContent = text);
  field.onpaste = (event) => {
    event.preventDefault();
    const item = [...event.clipboardData.items].find((one) => one.kind === "file");
    if (!item) return say("There is no picture on the clipboard: copy one first.");
    const file = item.getAsFile();
    if (file.size > data.most) return say(`The picture has more than ${data.most / 2 ** 20} MiB.`);
    const reader = new FileReader();
    reader.onload = () => {
      say("Pasted. Another one replaces nothing: it is added.");
      setTriggerValue("given", reader.result.split(",")[1]);
    };
    reader.readAsDataURL(file);
  };
}
