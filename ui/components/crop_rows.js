// Rows of small pictures, each a button. They stay as they are while nothing new is sent: the one
// that has the focus keeps it.

const shown = new WeakMap();

function picture({ source, words: told, label, name, width }, pick) {
  const button = document.createElement("button");
  const [image, words] = [document.createElement(source ? "img" : "p"), document.createElement("span")];
  button.type = "button";
  button.setAttribute("aria-label", told ? `${name}, ${told}` : name);
  button.title = told ?? "";
  button.style.width = `${width}px`;
  if (source) [image.src, image.alt, image.width] = [source, "", width];
  else image.textContent = told;
  words.textContent = label;
  button.append(image, words);
  button.addEventListener("click", pick);
  return button;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".places");
  if (shown.get(root) === data.version) return;
  shown.set(root, data.version);
  const rows = data.rows.map((pictures, row) => {
    const place = document.createElement("div");
    place.className = "place";
    const buttons = pictures.map((each, column) =>
      picture(each, () => setTriggerValue("picked", [row, column])),
    );
    place.append(...buttons);
    return place;
  });
  root.toggleAttribute("data-grow", data.grow);
  root.style.setProperty("--columns", data.rows[0]?.length ?? 1);
  root.style.setProperty("--width", `${data.rows[0]?.[0].width ?? 0}px`);
  root.replaceChildren(...rows);
}
