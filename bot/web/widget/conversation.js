// The conversation: its messages, what is unsent, what the server says; nothing of the page.
import { Connection, Unreachable } from "./connection.js";
import { Memory } from "./storage.js";

const TYPING = 150; // an answer that comes sooner needs no sign
const AGAIN = 5; // seconds

// 128 random bits.
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const unsent = ({ state }) => state === "sending" || state === "failed";

export class Conversation {
  // `changed(item?)` draws; `happened(event, detail)` tells the page; `status(name)` the banner.
  constructor(server, { changed, happened, status }) {
    this.memory = new Memory(server);
    const { session, messages } = this.memory.conversation();
    Object.assign(this, { changed, happened, session, items: [...messages, ...this.memory.unsent()], typing: false, opened: false });
    this.connection = new Connection(server, {
      heard: (event, data) => this.heard(event, data),
      ready: () => this.begin(),
      status,
    });
    this.unwatch = this.memory.watch(() => this.otherTab());
    this.leaving = () => this.write();
    window.addEventListener("pagehide", this.leaving);
  }

  start() {
    this.connection.start();
  }

  // On every new way: make the session known, send what is unsent, see what we missed.
  async begin() {
    const attempt = (this.attempt = {});
    this.opened = false;
    clearTimeout(this.later);
    try {
      const { session_id: session, resumed } = await this.ask("session_request", { session_id: this.session });
      if (attempt !== this.attempt || this.destroyed) return;
      // A session the server does not know any more took its messages with it.
      if (this.session !== session) this.items = this.items.filter(unsent);
      this.session = this.connection.session = session;
      this.opened = true;
      this.noted();
      await this.flush();
      if (resumed) await this.history();
      if (!this.items.length) await this.ask("greeting_request", {});
      if (!this.readied) this.happened("ready", { session });
      this.readied = true;
    } catch (error) {
      if (error.status === 403) this.connection.refused(error.message);
      else if (attempt === this.attempt && !(error instanceof Unreachable)) this.beginLater(error.after || AGAIN);
    }
  }

  beginLater(seconds) {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.destroyed || this.begin(), seconds * 1000);
  }

  // By REST the messages come with the answer.
  async ask(event, data) {
    const reply = await this.connection.request(event, data);
    if (!reply.ok) throw Object.assign(new Error(reply.error), { after: reply.retry_after, status: reply.status });
    if (event !== "history_request") this.receiveAll(reply);
    return reply;
  }

  async history() {
    const { messages } = await this.ask("history_request", {});
    const known = new Map(this.items.map((item) => [item.id, item]));
    const latest = Math.max(0, ...messages.map(({ at }) => at));
    const told = messages.map((message) => Object.assign(known.get(message.id) || {}, message, { state: "sent" }));
    // What the server does not know keeps its place.
    let place = -1;
    for (const item of this.items) {
      const found = told.indexOf(item);
      if (found >= 0) place = found;
      else if (unsent(item) || item.at > latest) told.splice(place += 1, 0, item);
    }
    this.items = told;
    this.noted();
  }

  send(text, choice) {
    const id = newId();
    const item = { id, turn: id, who: "user", at: Date.now(), text, choice, state: "sending" };
    this.items.push(item);
    performance.mark("huiqi:send");
    this.flush();
    this.noted(item);
    this.happened("message", { id, text });
  }

  retry(id) {
    const item = this.items.find((each) => each.id === id);
    if (!item) return;
    Object.assign(item, { state: "sending", error: undefined, after: undefined });
    this.noted(item);
    this.flush();
  }

  flush() {
    this.flushing = this.flushing || this.drain().finally(() => { this.flushing = null; });
    return this.flushing;
  }

  // One after the other, so that answers stay in order.
  async drain() {
    for (;;) {
      const item = this.items.find(({ state }) => state === "sending");
      if (!item || !this.opened || item.after > Date.now() || !(await this.deliver(item))) return;
    }
  }

  // Whether the next one may follow.
  async deliver(item) {
    const { id, text, choice, tried } = item;
    item.tried = true;
    this.keepUnsent();
    this.expect();
    try {
      const reply = await this.connection.request("user_uttered", { message: text, id, choice, retry: tried });
      return reply.ok ? this.sent(item, reply) : this.refused(item, reply);
    } catch (error) {
      return !(error instanceof Unreachable) && this.failed(item, { status: 408 });
    } finally {
      this.expected();
    }
  }

  sent(item, reply) {
    Object.assign(item, { state: "sent", error: undefined });
    this.receiveAll(reply);
    this.noted();
    // The answer may have gone to a connection that was lost.
    if (!this.items.some(({ who, turn }) => who === "bot" && turn === item.turn)) this.history().catch(() => {});
    return true;
  }

  refused(item, reply) {
    const { status, error, retry_after: seconds = AGAIN } = reply;
    if (status === 401) this.begin();
    else if (status === 429) {
      Object.assign(item, { error, after: Date.now() + seconds * 1000 });
      setTimeout(() => { if (item.after) this.retry(item.id); }, seconds * 1000);
      this.happened("error", reply);
      this.changed();
    } else return this.failed(item, reply);
    return false;
  }

  failed(item, reply) {
    // A wrong message does not get better by sending it again.
    Object.assign(item, { state: "failed", error: reply.error, final: [400, 413].includes(reply.status) });
    this.happened("error", reply);
    this.noted();
    return true;
  }

  heard(event, data) {
    if (event === "bot_uttered" || event === "user_echo") this.receive(data);
    else if (event === "bot_typing") this.expect();
    else if (event === "turn_end") this.expected();
    else if (!this.forgetting) this.cleared();
  }

  receiveAll({ messages = [] }) {
    messages.forEach((message) => this.receive(message));
  }

  receive(message) {
    const { id, turn, who } = message;
    if (!id) return;
    this.expected();
    const old = this.items.find((item) => item.id === id);
    if (old) Object.assign(old, message);
    else this.items.splice(this.placeOf(turn), 0, message);
    // It may come after all.
    for (const item of this.items) if (item.turn === turn && item.state === "failed") item.state = "sent";
    this.noted(!old && message);
    if (!old && who === "bot") this.happened("answer", message);
  }

  // After its own turn; before what still waits to be sent.
  placeOf(turn) {
    const own = this.items.map((item) => item.turn).lastIndexOf(turn);
    const waiting = this.items.findIndex(({ state }) => state === "sending");
    return own >= 0 ? own + 1 : waiting >= 0 ? waiting : this.items.length;
  }

  expect() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => { this.typing = true; this.changed(); }, TYPING);
  }

  expected() {
    clearTimeout(this.soon);
    if (!this.typing) return;
    this.typing = false;
    this.changed();
  }

  async rate(item, good, reasons) {
    item.feedback = { good, reasons };
    this.noted();
    this.happened("feedback", { message: item.id, good, reasons });
    try {
      return (await this.connection.request("feedback", { message: item.id, good, reasons })).ok;
    } catch {
      return false;
    }
  }

  // Whether it is gone on the server.
  async forget() {
    this.forgetting = true;
    try {
      const { ok, status } = await this.connection.request("forget_request", {});
      if (!ok && status !== 401) return false;
    } catch {
      return false;
    } finally {
      this.forgetting = false;
    }
    this.cleared();
    this.memory.forget();
    this.begin();
    return true;
  }

  // Another tab's new session comes by storage; else we ask for one.
  cleared() {
    this.items = [];
    this.session = this.connection.session = null;
    this.expected();
    this.noted();
    this.beginLater(1);
  }

  otherTab() {
    const { session, messages } = this.memory.conversation();
    if (session === this.session) {
      if (this.connection.way === "rest" && this.opened) this.history().catch(() => {});
    } else if (session) {
      this.session = session;
      this.items = [...messages, ...this.items.filter(unsent)];
      this.changed();
      this.begin();
    } else if (this.session) this.cleared();
  }

  noted(item) {
    this.keepUnsent();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.write(), 50);
    this.changed(item);
  }

  write() {
    if (this.session) this.memory.keep(this.session, this.items.filter((item) => !unsent(item)));
  }

  keepUnsent() {
    this.memory.keepUnsent(this.items.filter(unsent).map((item) => ({ ...item, after: undefined })));
  }

  destroy() {
    this.destroyed = true;
    this.write();
    this.unwatch();
    window.removeEventListener("pagehide", this.leaving);
    for (const timer of [this.saving, this.soon, this.later]) clearTimeout(timer);
    this.connection.close();
  }
}
