// What the page's other scripts share, and the glue between htmx and Django.
"use strict";

const sillage = {
  one: (selector, root = document) => root.querySelector(selector),
  all: (selector, root = document) => [...root.querySelectorAll(selector)],

  // Runs `handler(element, event)` for events inside elements matching `selector`, now and after any swap.
  on(type, selector, handler, options) {
    document.addEventListener(
      type,
      (event) => {
        const element = event.target.closest?.(selector);
        if (element) handler(element, event);
      },
      options,
    );
  },

  isTyping: (event) => event.target.closest?.("input, textarea, select, [contenteditable]") !== null,
  isVisible: (element) => element.checkVisibility(),

  // The cookie always holds the token of the session as it is now, also after signing in again in place.
  csrfToken: () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "",

  post: (url, fields = {}) =>
    fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": sillage.csrfToken(), "X-Requested-With": "fetch" },
      body: new URLSearchParams(fields),
    }),
};

// ---- htmx: every request carries the token; a request is never sent twice by a double click ----
document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method === "GET") return;
  request.headers["X-CSRFToken"] = sillage.csrfToken();
  request.body?.delete?.("csrfmiddlewaretoken");
});

// ---- A block of the page that fails ([data-block]) says so in its own place and offers to try again ----
const failBlock = (event) => {
  const { ctx } = event.detail;
  const block = ctx?.sourceElement?.closest?.("[data-block]");
  if (!block || (ctx.response?.status ?? 500) < 400) return;
  event.preventDefault();
  const message = sillage.one("#block-error").content.cloneNode(true);
  sillage.one("button", message).addEventListener("click", () => htmx.trigger(block, "block:retry"));
  block.replaceChildren(message);
};
document.addEventListener("htmx:before:swap", failBlock);
document.addEventListener("htmx:error", failBlock);

// ---- Offline: say so, and say when the network is back ----
const showConnection = () => {
  const banner = sillage.one("[data-offline]");
  if (banner) banner.hidden = navigator.onLine;
};
const { serviceWorker } = document.documentElement.dataset;
if (serviceWorker && "serviceWorker" in navigator) navigator.serviceWorker.register(serviceWorker);
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();

// ---- Theme: shown at once, kept by the server ----
sillage.on("click", "[data-theme-choice]", (button, event) => {
  event.preventDefault();
  if (button.value) document.documentElement.dataset.theme = button.value;
  else delete document.documentElement.dataset.theme;
  sillage.all("[data-theme-choice]").forEach((other) => other.setAttribute("aria-pressed", other.value === button.value));
  sillage.post(button.form.action, { theme: button.value });
});

// ---- Rows of links that are wider than the screen: the page one is on stands in sight ----
for (const link of sillage.all(".adm-nav [aria-current], .tabs [aria-current]")) {
  link.scrollIntoView({ block: "nearest", inline: "center" });
}
