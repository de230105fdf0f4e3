// An answer's blocks as nodes, in their order.
import { h, icon, rich, spoken } from "./dom.js";

const LISTED = ["figure", "item", "field", "row", "option", "step", "source"];
const MANY = 4; // so many figures are shown smaller
// What stands before a figure's number ("每家最高") and after it stays plain.
const FIGURE = /^(.*?)(1:[\d.]+|\d[\d.,]*(?:\s?[–—~至-]\s?\d[\d.,]*)?\s?(?:[万亿]*元|[万亿]?美元|[%折年项]|个月|平方米)?)(.*)$/;
const SIGNS = { met: "✓", failed: "✗", open: "?" };

// `act.ask(text, id)` asks in the user's name, `act.policy(id)` is the address of a policy's page.
export function layOut(message, words, act) {
  const { blocks, phones } = message.custom || {};
  const groups = [];
  for (const block of blocks || []) {
    const last = groups[groups.length - 1];
    if (last && LISTED.includes(block.kind) && last[0].kind === block.kind) last.push(block);
    else groups.push([block]);
  }
  const tell = (text) => rich(text || "", phones);
  const show = (group) => (SHOW[group[0].kind] || SHOW.text)(group, { words, act, tell });
  return groups.length ? groups.map(show) : SHOW.text([message], { tell });
}

const outside = (href, ...children) => h("a", { href, target: "_blank", rel: "noopener" }, ...children);

const SHOW = {
  __proto__: null,
  text: ([{ text }], { tell }) => (text || "").split("\n").filter(Boolean).map((line) => h("p", null, tell(line))),
  status: ([{ text }], { tell }) => h("p", { class: "status" }, tell(text)),
  note: ([{ text }], { tell }) => h("p", { class: "note" }, tell(text)),
  gap: ([{ text }], { tell }) => h("p", { class: "gap" }, tell(text)),
  result: ([{ text, figure }]) => h("p", { class: "result" }, h("span", { class: "condition" }, text), large(figure)),
  break: () => h("hr"),

  title: ([{ text, policy, region, state }], { words, act }) => h("div", null,
    h("h3", null, policy ? outside(act.policy(policy), text) : text),
    region && h("span", { class: "tag" }, region),
    state && h("span", { class: "tag warn" }, words.states[state] || state)),

  figure: (figures, { tell }) => h("ul", { class: figures.length < MANY ? "figures" : "figures many" },
    figures.map(({ figure, condition, name, terms, note }) => h("li", null, large(figure),
      condition && h("span", { class: "condition" }, tell(condition)),
      [name, terms, note].map((text) => text && h("span", { class: "terms" }, tell(text)))))),

  step: (steps, { words, tell }) => h("details", { class: "steps", open: "open" },
    h("summary", null, words.steps), h("ol", null, steps.map(({ text }) => h("li", null, tell(text))))),

  item: (items, { tell }) => h("ul", { class: "items" }, items.map(({ text }) => h("li", null, tell(text)))),

  field: (fields, { tell }) => h("dl", { class: "fields" },
    fields.map(({ name, text }) => h("div", null, h("dt", null, name), h("dd", null, tell(text))))),

  source: (sources, context) => h("div", { class: "sources" }, sources.map((source) => cited(source, context))),

  row: table,

  option: (options, context) => h("ol", { class: "options" }, options.map((option) => choice(option, context))),

  more: ([{ text, question, id }], { words, act }) => h("p", { class: "more" }, text,
    h("button", { class: "plain once", onclick: () => act.ask(question, id) }, words.more)),

  topics: ([{ groups }], { act }) => h("div", { class: "topics" }, groups.map(({ name, questions }) => h("div", { class: "topic" },
    h("h3", null, name),
    h("ul", null, questions.map(({ text, id }) => h("li", null, h("button", { onclick: () => act.ask(text, id) }, text))))))),
};

function large(figure) {
  const [, before, number, after] = FIGURE.exec(figure) || [];
  return number ? h("span", { class: "figure" }, before, h("strong", null, number), after) : h("span", { class: "figure amount" }, figure);
}

// Its age on a line of its own.
function cited({ text, policies = [] }, { words, act, tell }) {
  const [, told, age] = /^(.*?)((?:距今约|材料没有写年份)[^《》]*)$/.exec(text) || [text, text];
  const links = policies.map(({ id, name }) =>
    (policies.length > 1 ? outside(act.policy(id), name) : outside(act.policy(id), words.original, spoken(`：${name}`))));
  return h("div", { class: "source" },
    h("p", null, tell(told), age && h("span", { class: "age" }, tell(age))),
    links.length > 1 ? h("details", { class: "links" }, h("summary", null, `${words.original} (${links.length})`), links) : h("p", { class: "links" }, links));
}

// What is compared stands above, so that two columns fit a phone.
function table(rows, { words, tell }) {
  const labels = [...new Set(rows.flatMap(({ cells }) => cells.map(({ label }) => label)).filter(Boolean))];
  const colspan = labels.length || 1;
  const cell = (found, props) => h("td", props, found ? found.texts.map((text) => h("p", null, tell(text))) : "—");
  return h("div", { class: colspan > 2 ? "scroll wide" : "scroll", role: "region", tabindex: colspan > 2 && "0", "aria-label": words.comparison },
    h("table", null,
      h("thead", null, h("tr", null, labels.map((label) => h("th", { scope: "col" }, label)))),
      h("tbody", null, rows.map(({ name, cells }) => {
        const same = cells.find(({ label }) => !label);
        return [
          h("tr", null, h("th", { scope: "rowgroup", colspan }, name)),
          h("tr", null, same ? cell(same, { colspan }) : labels.map((each) => cell(cells.find(({ label }) => label === each)))),
        ];
      }))));
}

function choice({ number, title, figure, text, question, id, fit, marks = [] }, { words, act, tell }) {
  return h("li", { value: number },
    h("button", { onclick: () => act.ask(question, id) },
      h("span", { class: "number", "aria-hidden": "true" }, number),
      h("span", { class: "about" }, title,
        figure && h("span", { class: figure.length > 18 ? "amount long" : "amount" }, rich(figure)),
        text && h("span", { class: "terms" }, rich(text))),
      fit ? h("span", { class: `fit ${fit}` }, words.fits[fit]) : icon("next")),
    marks.length > 0 && h("ul", { class: "marks" }, marks.map(({ verdict, kind, text: mark }) => h("li", { class: verdict },
      h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[verdict]),
      h("span", null, spoken(`${words.marks[verdict]}：`), tell(mark), words.kinds[kind] && h("span", { class: "tag" }, words.kinds[kind]))))));
}
