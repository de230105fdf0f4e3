"use strict";

// All that a page loads: <policy-chat> and its launcher. The rest waits until it is opened.
(() => {
  const NAME = "policy-chat";
  const OPEN = "huiqi:open";
  const script = document.currentScript;
  const base = new URL(".", (script && script.src) || location.href);

  const WORDS = {
    "zh-CN": { name: "惠企问答", open: (name) => `打开${name}`, unread: (count) => `，${count} 条未读`, failed: "没有打开，请再试一次" },
    en: { name: "Policy assistant", open: (name) => `Open ${name}`, unread: (count) => `, ${count} unread`, failed: "Not opened, try again" },
  };

  // panel.css uses these tokens; a page overrides them on policy-chat.
  const tokens = (values) => Object.entries(values).map(([name, value]) => `--huiqi-${name}: ${value};`).join("");
  const LIGHT = tokens({
    accent: "#12568f", "accent-ink": "#fff", "accent-soft": "#eaf2f9", mine: "var(--huiqi-accent)", "mine-ink": "var(--huiqi-accent-ink)", ground: "#f5f7f9", surface: "#fff", text: "#17212b",
    muted: "#55636f", line: "#dbe2e8", good: "#1b6e45", "good-soft": "#e8f4ee", warn: "#825400", "warn-soft": "#fbf3e2",
    bad: "#b3261e", "bad-soft": "#fcecea", radius: "10px", shadow: "0 8px 32px rgb(23 33 43 / .16)",
    font: 'system-ui, -apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  });
  const DARK = `color-scheme: dark;${tokens({
    accent: "#86bbec", "accent-ink": "#0b1a28", "accent-soft": "#1b2e40", mine: "#24527a", "mine-ink": "#f2f7fb", ground: "#10161c", surface: "#18212a", text: "#e7edf2",
    muted: "#9fb0bd", line: "#2c3944", good: "#79c99f", "good-soft": "#173025", warn: "#e3b567", "warn-soft": "#332a17",
    bad: "#f2a19b", "bad-soft": "#3a1f1d", shadow: "0 8px 32px rgb(0 0 0 / .5)",
  })}`;
  const CSS = `
    :host { all: initial; display: block; position: fixed; z-index: 2147483000; bottom: 0; right: 0; color-scheme: light; ${LIGHT} }
    :host([hidden]), [hidden] { display: none !important; }
    :host([position=left]) { right: auto; left: 0; }
    :host([mode=inline]) { position: relative; z-index: auto; height: 100%; min-height: 420px; }
    :host([theme=dark]) { ${DARK} }
    @media (prefers-color-scheme: dark) { :host(:not([theme=light])) { ${DARK} } }
    .launcher {
      position: fixed; right: 20px; bottom: calc(20px + env(safe-area-inset-bottom)); display: flex; align-items: center; gap: 8px;
      min-height: 48px; padding: 0 20px 0 16px; border: 1px solid transparent; border-radius: 24px; cursor: pointer;
      background: var(--huiqi-accent); color: var(--huiqi-accent-ink); font: 600 16px/1.5 var(--huiqi-font); box-shadow: 0 2px 10px rgb(23 33 43 / .2);
    }
    :host([position=left]) .launcher { right: auto; left: 20px; }
    .launcher:focus-visible { outline: 2px solid var(--huiqi-accent); outline-offset: 2px; }
    .launcher svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linejoin: round; }
    .badge {
      position: absolute; top: -6px; right: -2px; min-width: 20px; border-radius: 10px;
      background: #b3261e; color: #fff; font-size: 12px; line-height: 20px; text-align: center;
    }`;

  // Storage may be blocked.
  function remembered(value) {
    try {
      if (value) sessionStorage.setItem(OPEN, value);
      return sessionStorage.getItem(OPEN);
    } catch {
      return null;
    }
  }

  function style(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // Engines before 2023 have no constructable style sheets.
      root.append(Object.assign(document.createElement("style"), { textContent: CSS }));
    }
  }

  function icon() {
    const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M4 5.5h16v11H11l-4.5 3.5v-3.5H4zM8 9.5h8M8 12.5h5");
    svg.append(path);
    return svg;
  }

  const span = (className, text) => Object.assign(document.createElement("span"), { className, textContent: text });

  function listening(target, event, listener) {
    const heard = ({ detail }) => listener(detail);
    target.addEventListener(`huiqi:${event}`, heard);
    return () => target.removeEventListener(`huiqi:${event}`, heard);
  }

  class PolicyChat extends HTMLElement {
    connectedCallback() {
      if (this.launcher) return;
      const option = (name) => this.getAttribute(name) || "";
      this.inline = option("mode") === "inline";
      this.server = new URL(option("server") || new URL("..", base), location.href).href.replace(/\/+$/, "");
      this.lang = /^en\b/i.test(option("lang") || document.documentElement.lang || navigator.language) ? "en" : "zh-CN";
      this.words = WORDS[this.lang];
      this.name = option("title") || this.name || this.words.name;
      // It would be a tooltip over everything.
      this.removeAttribute("title");
      this.style.zIndex = option("z-index");
      this.root = this.shadowRoot || this.attachShadow({ mode: "open" });
      style(this.root);
      this.build();
      const before = remembered();
      if (this.inline || before === "1" || (!before && this.hasAttribute("open") && option("open") !== "false")) this.show();
    }

    // A node that is only moved is connected again at once.
    disconnectedCallback() {
      queueMicrotask(() => this.isConnected || this.leave());
    }

    build() {
      this.launcher = document.createElement("button");
      this.launcher.className = "launcher";
      this.launcher.hidden = this.inline;
      this.launcher.setAttribute("aria-haspopup", "dialog");
      this.label = span("", this.name);
      this.badge = span("badge", "");
      this.badge.setAttribute("aria-hidden", "true");
      this.launcher.append(icon(), this.label, this.badge);
      this.launcher.addEventListener("click", () => this.open());
      for (const hint of ["pointerenter", "focus"]) this.launcher.addEventListener(hint, () => this.load().catch(() => {}), { once: true });
      this.unread(0);
      this.root.append(this.launcher);
    }

    // Browsers remember a module that failed: again under another address.
    load() {
      const again = this.failures ? `?${this.failures}` : "";
      this.loading = this.loading || import(new URL(`panel.js${again}`, base).href).catch((error) => {
        this.loading = null;
        this.failures = (this.failures || 0) + 1;
        throw error;
      });
      return this.loading;
    }

    open() {
      return this.show(true);
    }

    async show(focus) {
      this.wanted = true;
      if (!this.inline) remembered("1");
      try {
        const { mount } = await this.load();
        if (!this.launcher) return;
        this.mounting = this.mounting || mount(this);
        this.panel = await this.mounting;
      } catch (error) {
        if (this.label) this.label.textContent = this.words.failed;
        this.tell("error", { error: String(error) });
      }
      if (!this.wanted || !this.launcher || !this.panel || this.panel.visible) return;
      this.label.textContent = this.name;
      this.launcher.hidden = true;
      this.panel.show(focus);
      this.tell("open");
    }

    close() {
      if (this.inline) return;
      this.wanted = false;
      remembered("0");
      if (!this.panel || !this.panel.visible) return;
      const inside = this.root.activeElement;
      this.panel.hide();
      this.launcher.hidden = false;
      if (inside) this.launcher.focus();
      this.tell("close");
    }

    async send(text) {
      await this.open();
      if (this.panel) this.panel.send(String(text));
    }

    on(event, listener) {
      return listening(this, event, listener);
    }

    destroy() {
      this.remove();
      this.leave();
    }

    leave() {
      if (this.mounting) this.mounting.then((panel) => panel.destroy());
      if (this.launcher) this.launcher.remove();
      this.panel = this.mounting = this.launcher = this.label = null;
    }

    unread(count) {
      this.badge.hidden = !count;
      this.badge.textContent = count;
      this.launcher.setAttribute("aria-label", this.words.open(this.name) + (count ? this.words.unread(count) : ""));
    }

    tell(event, detail = {}) {
      this.dispatchEvent(new CustomEvent(`huiqi:${event}`, { detail, bubbles: true, composed: true }));
    }
  }

  const current = () => document.querySelector(NAME);

  function insert() {
    if (!script || "manual" in script.dataset || current()) return;
    const element = document.createElement(NAME);
    for (const { name, value } of script.attributes) if (name.startsWith("data-")) element.setAttribute(name.slice(5), value);
    document.body.append(element);
  }

  // The script may stand in a page twice.
  if (!customElements.get(NAME)) {
    customElements.define(NAME, PolicyChat);
    window.huiqi = { on: (event, listener) => listening(document, event, listener) };
    for (const method of ["open", "close", "send", "destroy"]) window.huiqi[method] = (text) => current() && current()[method](text);
  }
  if (document.body) insert();
  else document.addEventListener("DOMContentLoaded", insert);
})();
