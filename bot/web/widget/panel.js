// The opened widget: its parts put together.
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { h, iconButton } from "./dom.js";
import { menu, sheet } from "./menu.js";
import { Messages } from "./messages.js";
import { fullScreen, keepOnScreen, Scrolling } from "./screen.js";
import { wordsOf } from "./words.js";

const QUIET = 800; // a connection that is back sooner needs no banner

// Nothing is seen before its style sheet is there.
export async function mount(host) {
  const link = h("link", { rel: "stylesheet", href: new URL("panel.css", import.meta.url).href });
  await new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    host.root.append(link);
  });
  return new Panel(host, link);
}

class Panel {
  constructor(host, link) {
    Object.assign(this, { host, link, words: wordsOf(host.lang), visible: false, unread: 0 });
    this.conversation = new Conversation(host.server, {
      changed: (item) => this.draw(item),
      happened: (event, detail) => this.happened(event, detail),
      status: (name) => this.status(name),
    });
    this.build();
    this.composer.write(this.conversation.memory.draft());
    this.draw();
    this.seen = () => { if (!document.hidden && this.visible) this.count(0); };
    document.addEventListener("visibilitychange", this.seen);
    this.letGo = keepOnScreen(this.node, () => this.modal());
    this.conversation.start();
  }

  build() {
    const { host, words, conversation } = this;
    const say = (text, choice) => {
      conversation.send(text, choice);
      // The button is used up.
      if (choice) this.log.focus({ preventScroll: true });
    };
    this.log = h("div", { class: "log", role: "log", "aria-label": words.log, tabindex: 0 });
    this.scrolling = new Scrolling(this.log, words);
    this.messages = new Messages(this.log, words, {
      name: host.name, ask: say, copy,
      policy: (id) => `${host.server}/policies/${encodeURIComponent(id)}`,
      rate: (item, good, reasons) => conversation.rate(item, good, reasons),
      retry: (id) => conversation.retry(id),
    });
    this.composer = new Composer(words, { send: say, drafted: (text) => conversation.memory.keepDraft(text) });
    this.banner = h("p", { class: "banner", role: "status" });
    this.menu = menu(words, [
      [words.human, () => say("转人工")],
      [words.clear, () => this.sheet(words.clearAsk, words.clearText, words.cancel, { text: words.clearYes, run: () => this.clear() })],
      [words.privacy, () => this.sheet(words.privacy, words.privacyText, words.understood)],
    ]);
    const role = host.inline ? "region" : "dialog";
    this.node = h("section", { class: `panel ${host.inline ? "inline" : ""}`, role, "aria-label": host.name, tabindex: -1, hidden: true },
      h("div", { class: "bar" },
        h("div", { class: "names" }, h("h2", null, host.name), h("p", null, words.lead)), this.menu,
        !host.inline && iconButton("close", words.close, { onclick: () => host.close() })),
      this.banner,
      h("div", { class: "middle" }, this.log, this.scrolling.button),
      this.composer.node,
      h("p", { class: "hint" }, words.hint));
    this.node.addEventListener("keydown", (event) => this.key(event));
    host.root.append(this.node);
  }

  show(focus) {
    this.visible = true;
    this.node.hidden = false;
    this.composer.fit();
    this.scrolling.toLatest();
    this.count(0);
    // On a phone the keyboard would cover the greeting at once.
    const quiet = fullScreen() || matchMedia("(pointer: coarse)").matches;
    if (focus) (quiet ? this.node : this.composer.field).focus({ preventScroll: true });
  }

  hide() {
    this.visible = false;
    this.node.hidden = true;
  }

  send(text) {
    if (text.trim()) this.conversation.send(text.trim());
  }

  destroy() {
    this.count(0);
    document.removeEventListener("visibilitychange", this.seen);
    clearTimeout(this.soon);
    this.letGo();
    this.conversation.destroy();
    this.node.remove();
    this.link.remove();
  }

  draw(item) {
    const { items, typing } = this.conversation;
    // What comes back is not read out.
    this.log.setAttribute("aria-live", item || typing ? "polite" : "off");
    this.scrolling.around(() => this.messages.show(items, typing), item);
  }

  happened(event, detail) {
    if (event === "answer") {
      if (!this.visible || document.hidden) this.count(this.unread + 1);
      this.host.tell("message", detail);
    }
    this.host.tell(event, detail);
  }

  status(name) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => { this.banner.textContent = name === "online" ? "" : this.words[name] || name; }, name === "reconnecting" ? QUIET : 0);
  }

  count(unread) {
    if (unread || this.unread) document.title = (unread ? `(${unread}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    this.unread = unread;
    if (this.host.launcher) this.host.unread(unread);
  }

  modal() {
    if (!this.host.inline) this.node.setAttribute("aria-modal", fullScreen());
  }

  key(event) {
    if (this.host.inline) return;
    if (event.key === "Escape" && !event.isComposing) this.host.close();
    if (event.key === "Tab" && fullScreen()) this.trap(event);
  }

  // On a full screen the page behind cannot be reached.
  trap(event) {
    const inside = [...this.node.querySelectorAll("button:enabled, a, textarea, summary, [tabindex='0']")].filter((node) => node.offsetParent);
    const ends = [inside[0], inside.pop()];
    if (event.shiftKey) ends.reverse();
    const at = this.host.root.activeElement;
    if (at !== ends[1] && at !== this.node) return;
    event.preventDefault();
    ends[0].focus();
  }

  sheet(...content) {
    sheet(this.node, this.menu.firstChild, ...content);
  }

  async clear() {
    return (await this.conversation.forget()) ? "" : this.words.clearFailed;
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without HTTPS and in-app browsers have no clipboard to write to.
    const field = h("textarea", { readonly: true });
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
