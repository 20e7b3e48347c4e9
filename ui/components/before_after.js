// The range input does mouse, touch and keyboard; the style sheet moves with one custom property.

export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector(".frame");
  frame.style.aspectRatio = `${data.width} / ${data.height}`;
  frame.style.maxWidth = `${Math.round((data.max_height * data.width) / data.height)}px`;

  const [before, after] = data.labels;
  fill(frame.querySelector(".before"), data.before, before);
  fill(frame.querySelector(".after"), data.after, after);

  const range = frame.querySelector("input");
  range.setAttribute("aria-label", `${before} or ${after}: how much of each is shown`);
  range.oninput = () => {
    frame.style.setProperty("--divider", `${range.value}%`);
    range.setAttribute("aria-valuetext", `${Math.round(range.value)}% ${before}`);
  };
  range.oninput();
}

function fill(figure, source, label) {
  const image = figure.querySelector("img");
  // Setting the same source again would decode it again.
  if (image.getAttribute("src") !== source) image.src = source;
  image.alt = label;
  figure.querySelector("figcaption").textContent = label;
}
