// The menu, and what it asks or tells in the panel itself.
import { h, iconButton } from "./dom.js";

function stop(event, then) {
  event.preventDefault();
  event.stopPropagation();
  then();
}

// `items`: [text, run].
export function menu(words, items) {
  const button = iconButton("menu", words.menu, { "aria-haspopup": "menu" });
  const entries = items.map(([text, run]) =>
    h("button", { role: "menuitem", tabindex: -1, onclick: () => { show(false); button.focus(); run(); } }, text));
  const list = h("div", { class: "menu", role: "menu", "aria-label": words.menu }, entries);
  const box = h("div", { class: "menubox" }, button, list);

  function show(open) {
    list.hidden = !open;
    button.setAttribute("aria-expanded", open);
    if (open) entries[0].focus();
  }

  show(false);
  button.addEventListener("click", () => show(list.hidden));
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) show(false); });
  box.addEventListener("keydown", (event) => {
    const last = entries.length - 1;
    const at = entries.indexOf(event.target);
    const to = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
    if (list.hidden) {
      if (event.key === "ArrowDown") stop(event, () => show(true));
    } else if (to !== undefined) stop(event, () => entries[to].focus());
    else if (event.key === "Escape") stop(event, () => { show(false); button.focus(); });
  });
  return box;
}

// Over the conversation; focus returns to `back`. `yes.run` resolves to what went wrong.
export function sheet(panel, back, title, text, no, yes) {
  const behind = [...panel.children];
  const trouble = h("p", { class: "trouble", role: "alert" });
  const leave = h("button", { class: yes ? "reply" : "reply strong", onclick: close }, no);
  const confirm = yes && h("button", { class: "reply danger", onclick: run }, yes.text);
  const box = h("div", { class: "sheet", role: yes ? "alertdialog" : "dialog", "aria-modal": "true", "aria-label": title },
    h("div", { class: "paper" }, h("h2", null, title), h("p", null, text), trouble, h("div", { class: "actions" }, leave, confirm)));

  function close() {
    box.remove();
    for (const node of behind) node.inert = false;
    back.focus();
  }

  async function run() {
    confirm.disabled = true;
    trouble.textContent = await yes.run();
    confirm.disabled = false;
    if (!trouble.textContent) close();
  }

  box.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(event, close); });
  for (const node of behind) node.inert = true;
  panel.append(box);
  leave.focus();
}
