// The log: a node for every message, kept while it is the same, so that nothing flickers.
import { layOut } from "./blocks.js";
import { h, icon, iconButton, spoken } from "./dom.js";

const UNHELPFUL = ["decline", "nothing", "unclear", "uncovered"];
const ABOUT_POLICIES = ["nothing", "uncovered"];
const REASONS = ["amount", "department", "expired", "missing"];

export class Messages {
  constructor(log, words, act) {
    Object.assign(this, { log, words, act, nodes: new Map() });
    this.typing = h("p", { class: "typing", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("span", null, words.typing));
    this.offer = h("div", { class: "offer" }, words.stuck, h("button", { class: "reply", onclick: () => act.ask("转人工") }, words.human));
  }

  show(items, typing) {
    const known = this.nodes;
    this.nodes = new Map();
    const wanted = items.map((item) => this.node(item, known.get(item.id)));
    if (stuck(items)) wanted.push(this.offer);
    if (typing) wanted.push(this.typing);
    for (const node of [...this.log.children]) if (!wanted.includes(node)) node.remove();
    wanted.forEach((node, index) => { if (this.log.children[index] !== node) this.log.insertBefore(node, this.log.children[index]); });
    // Some buttons belong to one moment.
    const last = items.map((item) => item.who).lastIndexOf("user");
    wanted.forEach((node, index) => node.querySelectorAll(".once").forEach((button) => { button.disabled = index < last; }));
  }

  node(item, before) {
    const mine = item.who === "user";
    const stamp = mine ? `${item.state} ${item.error} ${item.after}` : item.text;
    const node = before ? before.node : h("div", { class: mine ? "message mine" : "message answer" });
    if (!before || before.stamp !== stamp) node.replaceChildren(...(mine ? this.mine(item, node) : this.answer(item, node)).filter(Boolean));
    this.nodes.set(item.id, { node, stamp });
    return node;
  }

  mine({ text, state, error, after, final, ...rest }, node) {
    const { words, act } = this;
    node.dataset.state = state || "sent";
    const failed = state === "failed";
    const trouble = [failed && words.failed, failed && error && "：", error, after && words.later(Math.ceil((after - Date.now()) / 1000))].filter(Boolean).join("");
    return [spoken(`${words.you}：`), h("p", { class: "said" }, text), trouble && h("p", { class: "trouble" }, trouble,
      failed && !final && h("button", { class: "plain", onclick: () => act.retry(rest.id) }, words.retry))];
  }

  answer(item, node) {
    const { words, act } = this;
    const { type, blocks, policies = [] } = item.custom || {};
    const greeting = type === "greet";
    Object.assign(node.dataset, { id: item.id, type });
    node.lang = "zh-CN";
    const rated = type && !greeting && (policies.length || ABOUT_POLICIES.includes(type));
    // The greeting shows its questions by topic already.
    const shown = (blocks || []).flatMap(({ groups = [] }) => groups).flatMap(({ questions }) => questions.map(({ text }) => text));
    const replies = (item.quick_replies || []).filter(({ payload }) => !shown.includes(payload));
    return [
      spoken(`${act.name}：`),
      h("div", { class: greeting ? "card open" : "card" }, layOut(item, words, act),
        !greeting && h("div", { class: "tools" }, this.copying(item.text), rated && this.rating(item))),
      replies.length > 0 && h("div", { class: "replies" },
        replies.map(({ title, id }) => h("button", { class: "reply once", onclick: () => act.ask(title, id) }, title))),
    ];
  }

  copying(text) {
    const { words, act } = this;
    const told = h("span", { class: "told" });
    const button = iconButton("copy", words.copy);
    const tell = (name, said) => { button.replaceChildren(icon(name)); told.textContent = said; };
    button.addEventListener("click", async () => {
      if (await act.copy(text)) tell("check", words.copied);
      else tell("copy", words.copyFailed);
      setTimeout(tell, 2000, "copy", "");
    });
    return [button, told];
  }

  rating(item) {
    const { words, act } = this;
    let { good, reasons = [] } = item.feedback || {};
    const told = h("p", { class: "thanks" });
    const thumbs = ["good", "bad"].map((name) => iconButton(name, words[name], { onclick: () => send(name === "good", []) }));
    const chips = REASONS.map((reason) => h("button", {
      class: "chip", onclick: () => send(false, reasons.includes(reason) ? reasons.filter((each) => each !== reason) : [...reasons, reason]),
    }, words.reasons[reason]));
    const why = h("div", { class: "why", role: "group", "aria-label": words.why }, h("span", null, words.why), chips);

    function show() {
      thumbs.forEach((thumb, index) => thumb.setAttribute("aria-pressed", good === !index));
      chips.forEach((chip, index) => chip.setAttribute("aria-pressed", reasons.includes(REASONS[index])));
      why.hidden = good !== false;
    }

    async function send(...given) {
      [good, reasons] = given;
      show();
      told.textContent = (await act.rate(item, good, reasons)) ? words.thanks : words.rateFailed;
    }

    show();
    return [h("span", { class: "thumbs" }, thumbs), why, told];
  }
}

// Two answers in a row did not help: the way to a person.
function stuck(items) {
  const answers = items.filter((item) => item.who === "bot" && item.custom && item.custom.type).slice(-2);
  return answers.length > 1 && answers[1] === items[items.length - 1] && answers.every((item) => UNHELPFUL.includes(item.custom.type));
}
