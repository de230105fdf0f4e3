"use strict";

// The plain page: one conversation over the REST channel. Every text becomes a text node, never HTML.
const log = document.getElementById("log");
const form = document.getElementById("ask");
const input = document.getElementById("text");
const sender = sessionStorage.getItem("huiqi") || crypto.getRandomValues(new Uint32Array(4)).join("-");
sessionStorage.setItem("huiqi", sender);

function add(tag, className, text, parent = log) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  parent.append(node);
  return node;
}

function show(messages) {
  for (const message of messages) {
    if (message.text) add("div", "turn", message.text);
    if (message.buttons) {
      const choices = add("div", "choices", "");
      for (const button of message.buttons) {
        add("button", "", button.title, choices).addEventListener("click", () => say(button.payload));
      }
    }
  }
  log.scrollTop = log.scrollHeight;
}

async function say(text) {
  add("div", "turn mine", text);
  log.scrollTop = log.scrollHeight;
  try {
    const reply = await fetch("/webhooks/rest/webhook", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender, message: text }),
    });
    const body = await reply.json();
    show(reply.ok ? body : [{ text: body.error }]);
  } catch {
    show([{ text: "连接不上服务，请稍后再试。" }]);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  say(text);
});

say("你好");
