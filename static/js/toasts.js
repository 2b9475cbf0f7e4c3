// Toasts: from the server's HX-Trigger, from django's messages, and for a server that does not answer.
"use strict";
{
  const { one, all, on } = sillage;
  const LIFE = 8000;
  const AFTER_ATTENTION = 4000;

  const live = (toast) => {
    let timer = setTimeout(() => toast.remove(), LIFE);
    for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, () => clearTimeout(timer));
    for (const type of ["pointerleave", "focusout"]) {
      toast.addEventListener(type, () => {
        clearTimeout(timer);
        timer = setTimeout(() => toast.remove(), AFTER_ATTENTION);
      });
    }
  };

  // A modal dialog makes the rest of the page inert, so its toasts stand inside it. What htmx swaps into the dialog may
  // take the region out of the page: it is held here.
  const region = one("#toasts");
  const place = () => {
    const dialog = all("dialog[open]").at(-1);
    const home = dialog ?? document.body;
    if (region.parentElement !== home) home.append(region);
    return region;
  };

  sillage.toast = (text, undo) => {
    const toast = one("#toast").content.firstElementChild.cloneNode(true);
    one("[data-text]", toast).textContent = text;
    const button = one("[data-undo]", toast);
    if (undo) {
      button.hidden = false;
      button.setAttribute("hx-post", undo);
      button.setAttribute("hx-swap", "none");
      button.addEventListener("htmx:finally:request", () => toast.remove());
    } else button.remove();
    place().append(toast);
    htmx.process(toast);
    live(toast);
  };

  on("click", "[data-dismiss]", (button) => button.closest(".toast, .alert").remove());
  document.addEventListener("toast", (event) => sillage.toast(event.detail.text, event.detail.undo));
  document.addEventListener("close", () => document.body.append(region), true);
  all("#toasts .toast").forEach(live);

  const complain = (kind) => sillage.toast(one("#toasts").dataset[kind]);
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && !event.detail.ctx.response && !event.defaultPrevented) complain("connectionLost");
  });
  // A whole error page must not land inside a fragment's place.
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if ((ctx.response?.status ?? 0) < 500 || event.defaultPrevented) return;
    event.preventDefault();
    complain("serverError");
  });
}
