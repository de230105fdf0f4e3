// Builds nodes. Texts only ever become text nodes.

// h("p", {class: "note", onclick: f}, "text", node, [nodes], …); what is empty is left out.
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value || value === 0) node.setAttribute(name, value);
  }
  node.append(...children.flat(2).filter((child) => child || child === 0));
  return node;
}

const THUMB = "M7 11l4-7.5c1.4 0 2.5 1 2.5 2.5v3.5h5.2c1.2 0 2 1 1.8 2.2l-1.1 6.3c-.2 1-1 1.5-1.8 1.5H7zM7 11H4v8.5h3";
const ICONS = {
  send: "M12 19V5M6 11l6-6 6 6",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  copy: "M9 9h10v10H9zM5 15V5h10",
  check: "M5 12.5l4.5 4.5L19 7.5",
  next: "M9 6l6 6-6 6",
  good: THUMB,
  bad: THUMB, // turned by panel.css
};

export function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("class", `icon i-${name}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export const iconButton = (name, label, props) => h("button", { class: "tool", "aria-label": label, title: label, ...props }, icon(name));

// For screen readers only.
export const spoken = (text) => h("span", { class: "spoken" }, text);

// Stays on one line.
const TOGETHER = "\\d{4}-\\d\\d(?:-\\d\\d)?|\\d[\\d.,]* ?(?:[万亿]*元|[万亿]?美元|[万亿%折年月天日项家人个]|平方米)";

// A text as nodes; its known telephone numbers become links.
export function rich(text, phones = []) {
  const numbers = phones.map((phone) => `\\b${phone.replace(/\D/g, "\\$&")}\\b`);
  return text.split(new RegExp(`(${[...numbers, TOGETHER].join("|")})`)).map((piece, index) => {
    if (index % 2 === 0) return piece;
    return phones.includes(piece) ? h("a", { class: "phone", href: `tel:${piece}` }, piece) : h("span", { class: "together" }, piece);
  });
}
