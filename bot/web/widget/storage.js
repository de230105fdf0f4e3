// What a browser remembers: for all tabs the conversation, for this one what is unsent and the draft.

const VERSION = 1;
const LAST = 40;
const LIFE = 24 * 3600 * 1000;

export class Memory {
  constructor(server) {
    this.key = `huiqi:${server}`;
  }

  // Storage may be blocked or full.
  read(area, part) {
    try {
      const found = JSON.parse(window[area].getItem(this.key + part));
      return found.version === VERSION ? found : {};
    } catch {
      return {};
    }
  }

  write(area, part, value) {
    try {
      if (value) window[area].setItem(this.key + part, JSON.stringify({ ...value, version: VERSION, at: Date.now() }));
      else window[area].removeItem(this.key + part);
    } catch { /* not remembered */ }
  }

  // The server still has what is older.
  conversation() {
    const { session = null, messages, at } = this.read("localStorage", "");
    return { session, messages: fresh(messages, at) };
  }

  keep(session, messages) {
    this.write("localStorage", "", { session, messages: messages.slice(-LAST) });
  }

  forget() {
    this.write("localStorage", "");
  }

  unsent() {
    const { messages, at } = this.read("sessionStorage", ":unsent");
    return fresh(messages, at);
  }

  keepUnsent(messages) {
    this.write("sessionStorage", ":unsent", { messages });
  }

  draft() {
    return this.read("sessionStorage", ":draft").text || "";
  }

  keepDraft(text) {
    this.write("sessionStorage", ":draft", { text });
  }

  watch(changed) {
    const heard = ({ key }) => { if (key === this.key || key === null) changed(); };
    window.addEventListener("storage", heard);
    return () => window.removeEventListener("storage", heard);
  }
}

const fresh = (messages, at) => (Date.now() - at < LIFE ? messages : []);
