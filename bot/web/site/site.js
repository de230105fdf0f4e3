// The little that the pages do beyond links and forms. Without it every page still works.
"use strict";

// A link with data-ask asks the assistant on this page; where there is none yet, it remains a link.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-ask]");
  const chat = document.querySelector("policy-chat");
  if (!link || !chat || typeof chat.send !== "function" || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (chat.getAttribute("mode") === "inline") chat.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  chat.send(link.dataset.ask);
});

// A chosen filter applies at once; empty ones stay out of the address.
const filters = document.querySelector("[data-filters]");
if (filters) {
  filters.addEventListener("submit", () => {
    for (const field of filters.elements) field.disabled = field.name !== "" && field.value === "";
  });
  // Who goes through the options by keys must be able to pass one by: for him there is the button.
  let byKeys = false;
  filters.addEventListener("keydown", () => { byKeys = true; });
  filters.addEventListener("pointerdown", () => { byKeys = false; });
  filters.addEventListener("change", (event) => {
    if (event.target.tagName === "SELECT" && !byKeys) filters.requestSubmit();
  });
  // Coming back by the browser's button must find the fields usable.
  addEventListener("pageshow", () => {
    for (const field of filters.elements) field.disabled = false;
  });
}

// Behind a proxy only the browser knows the address by which people come.
for (const part of document.querySelectorAll("[data-origin]")) part.textContent = location.origin;
for (const part of document.querySelectorAll("[data-address]")) part.textContent = location.href;

async function copied(source) {
  if (navigator.clipboard) return navigator.clipboard.writeText(source.textContent);
  // Without https there is no clipboard to write to: what is selected can still be copied.
  getSelection().selectAllChildren(source);
  if (!document.execCommand("copy")) throw new Error("not copied");
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await copied(document.getElementById(button.dataset.copy));
      button.textContent = "已复制";
    } catch {
      button.textContent = "请手动复制";
    }
    setTimeout(() => {
      button.textContent = "复制";
    }, 2000);
  });
}
