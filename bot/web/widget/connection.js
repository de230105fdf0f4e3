// The way to the server: Socket.IO, and REST while no socket opens.

const ROUTES = { session_request: "session", user_uttered: "message", greeting_request: "greeting", history_request: "history", forget_request: "forget" };
const PUSHED = ["bot_typing", "bot_uttered", "turn_end", "user_echo", "session_forgotten"];
const ATTEMPTS = 3; // failed ones,
const PATIENCE = 2500; // or so long without a socket, before REST takes over
const WAIT = 15000; // for the end of a turn

// The request can be made again later. (A timeout is another Error.)
export class Unreachable extends Error {}

export class Connection {
  // `heard(event, data)`: what the server pushes; `ready()`: a new way; `status(name)`: for the banner.
  constructor(server, { heard, ready, status }) {
    Object.assign(this, { server, heard, ready, status, session: null, way: null, failures: 0, wait: 0 });
    this.wired = { online: () => this.back(), offline: () => this.lost() };
    for (const event in this.wired) window.addEventListener(event, this.wired[event]);
  }

  async start() {
    this.lost();
    try {
      const { io } = await import("./vendor/socket.io.esm.min.js");
      if (this.closed) return;
      const { origin, pathname } = new URL(this.server);
      this.socket = io(origin, {
        path: `${pathname}/socket.io/`.replace("//", "/"), transports: ["websocket", "polling"], tryAllTransports: true, forceNew: true,
        reconnectionDelay: 400, reconnectionDelayMax: 5000, timeout: 8000,
      });
    } catch {
      return this.open("rest");
    }
    this.socket.on("connect", () => this.open("socket"));
    this.socket.on("disconnect", () => this.lost());
    this.socket.on("connect_error", () => this.failed());
    for (const event of PUSHED) this.socket.on(event, (data) => this.heard(event, data));
  }

  open(way) {
    clearTimeout(this.timer);
    this.way = way;
    if (way === "socket") this.works();
    this.ready();
  }

  works() {
    if (this.way === "socket") this.failures = 0;
    this.wait = 0;
    this.tell("online");
  }

  lost(wait = PATIENCE) {
    this.way = null;
    this.tell(navigator.onLine ? "reconnecting" : "offline");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (navigator.onLine && !this.closed) this.open("rest"); }, wait);
  }

  tell(name) {
    if (this.told !== name) this.status(name);
    this.told = name;
  }

  failed() {
    this.failures += 1;
    if (this.failures === ATTEMPTS && !this.way) this.open("rest");
  }

  back() {
    this.lost();
    this.failures = 0;
    if (!this.socket) this.open("rest");
    else if (this.socket.connected) this.open("socket");
    else this.socket.disconnect().connect(); // now
  }

  // The answer: {ok: true, …} or {ok: false, status, error, retry_after?}.
  async request(event, data) {
    if (this.way === "rest") return this.post(event, data);
    if (this.way) {
      try {
        return await this.socket.timeout(WAIT).emitWithAck(event, data);
      } catch (error) {
        if (this.socket.connected) throw error;
      }
    }
    throw new Unreachable();
  }

  async post(event, data) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), WAIT);
    try {
      const reply = await fetch(`${this.server}/webhooks/web/${ROUTES[event] || event}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, credentials: "omit", signal: abort.signal,
        body: JSON.stringify({ session_id: this.session, ...data }),
      });
      const answer = await reply.json();
      this.works();
      return answer;
    } catch (error) {
      if (abort.signal.aborted) throw error;
      this.wait = Math.min(2 * this.wait || 1000, 16000);
      if (this.way === "rest") this.lost(this.wait);
      throw new Unreachable();
    } finally {
      clearTimeout(timer);
    }
  }

  // For good: this site may not connect.
  refused(why) {
    this.close();
    this.tell(why);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    for (const event in this.wired) window.removeEventListener(event, this.wired[event]);
    if (this.socket) this.socket.disconnect();
  }
}
