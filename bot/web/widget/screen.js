// What is in view.
import { h } from "./dom.js";

const SMALL = "(max-width: 480px), (max-height: 480px) and (pointer: coarse)"; // as in panel.css
const SPACE = 12; // above what is brought to the top
const SLACK = 40; // scrolled up by less is not meant

export const fullScreen = () => matchMedia(SMALL).matches;

// 100vh counts the keyboard and the bars of in-app browsers in.
export function keepOnScreen(panel, changed) {
  const view = window.visualViewport;
  function fit() {
    const small = fullScreen() && !panel.classList.contains("inline");
    panel.style.height = small ? `${view.height}px` : "";
    panel.style.transform = small ? `translateY(${view.offsetTop}px)` : "";
    changed();
  }
  const wired = [[view, "resize"], [view, "scroll"], [window, "resize"]];
  for (const [target, event] of wired) target.addEventListener(event, fit);
  fit();
  return () => wired.forEach(([target, event]) => target.removeEventListener(event, fit));
}

export class Scrolling {
  constructor(log, words) {
    this.log = log;
    this.at = 0; // where we put it
    this.button = h("button", { class: "latest", hidden: true, onclick: () => { this.toLatest(); log.focus({ preventScroll: true }); } }, words.latest);
    log.addEventListener("scroll", () => this.offer(), { passive: true });
  }

  get up() {
    return this.log.scrollTop < this.at - SLACK;
  }

  // Nobody who reads further up is torn away, but by a message of his own.
  around(draw, item) {
    const reading = this.up && !(item && item.state);
    draw();
    if (!reading) return this.toLatest();
    if (item) this.news = true;
    this.offer();
  }

  // The end; or, where the last answer is longer than the view, its question at the top.
  toLatest() {
    const { log } = this;
    const question = [...log.querySelectorAll(".mine")].pop();
    const start = question ? question.offsetTop - SPACE : 0;
    log.scrollTop = Math.min(start, log.scrollHeight - log.clientHeight);
    this.at = log.scrollTop;
    this.offer();
  }

  offer() {
    const { log, up } = this;
    this.news = up && this.news;
    this.button.hidden = !this.news && log.scrollTop >= this.at - log.clientHeight;
  }
}
