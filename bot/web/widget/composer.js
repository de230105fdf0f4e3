// Where the question is written.
import { h, iconButton } from "./dom.js";

const MOST = 4000;
const COUNTED = 3800;

export class Composer {
  constructor(words, { send, drafted }) {
    Object.assign(this, { send, drafted });
    this.field = h("textarea", { rows: 1, "aria-label": words.input, placeholder: words.placeholder, enterkeyhint: "send" });
    this.count = h("span", { class: "count" });
    this.node = h("form", { class: "composer" },
      h("div", { class: "line" }, this.field, iconButton("send", words.send, { class: "send" })),
      this.count);
    this.node.addEventListener("submit", (event) => this.submit(event));
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => {
      // 229: Safari ends a composition before the key that ended it is told of.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) this.submit(event);
    });
  }

  submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text || text.length > MOST) return;
    this.write("");
    this.send(text);
  }

  write(text) {
    this.field.value = text;
    this.fit();
  }

  // As high as its text.
  fit() {
    const { field, count, node } = this;
    const { length } = field.value;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    node.classList.toggle("filled", field.value.trim());
    count.hidden = length < COUNTED;
    count.classList.toggle("over", length > MOST);
    count.textContent = `${length} / ${MOST}`;
    this.drafted(field.value);
  }
}
