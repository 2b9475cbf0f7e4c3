// Menus (popover), dialogs, drawer, tabs and the panes of a record on a phone. Esc, focus trap and return are the browser's.
"use strict";
{
  const { one, all, on, isVisible } = sillage;
  const PHONE = matchMedia("(max-width: 719px)");
  const opener = new WeakMap();

  // ---- Menus stand beside the button that opened them; on a phone the style makes them a sheet from below ----
  on("click", "[popovertarget]", (button) => {
    const menu = document.getElementById(button.getAttribute("popovertarget"));
    if (menu) opener.set(menu, button);
  });
  // Opens a menu for a control that is no button of it: a link that works without JavaScript too.
  sillage.openMenu = (menu, control) => {
    opener.set(menu, control);
    menu.showPopover();
  };
  const standBeside = (menu, button) => {
    const { left, top, bottom } = button.getBoundingClientRect();
    const below = bottom + menu.offsetHeight + 8 <= innerHeight;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 12))}px`;
    menu.style.top = `${below ? bottom : Math.max(8, top - menu.offsetHeight - 8)}px`;
  };
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      const button = opener.get(menu);
      if (!menu.matches?.(".menu") || !button) return;
      const isOpen = event.newState === "open";
      button.setAttribute("aria-expanded", isOpen);
      if (!isOpen) return;
      if (PHONE.matches) menu.removeAttribute("style");
      else standBeside(menu, button);
      one("a, button, input:not([type=hidden])", menu)?.focus();
    },
    true,
  );
  on("keydown", ".menu", (menu, event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("select, textarea")) return;
    const items = all(".mi, button, input:not([type=hidden]):not(:disabled)", menu).filter(isVisible);
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  });

  // ---- Dialogs: [data-open="id"] opens, [data-close] and a click on the backdrop close ----
  on("click", "[data-open]", (button, event) => {
    const dialog = document.getElementById(button.dataset.open);
    if (!dialog) return;
    event.preventDefault();
    button.closest("[popover]")?.hidePopover();
    dialog.showModal();
  });
  on("click", "[data-close]", (button, event) => {
    event.preventDefault();
    button.closest("dialog").close();
  });
  let pressedOn = null;
  document.addEventListener("pointerdown", (event) => (pressedOn = event.target));
  on("click", "dialog.modal, dialog.drawer, dialog.cmdk", (dialog, event) => {
    // Not when a selection of text merely ended outside: what is being typed must not vanish.
    if (event.target !== dialog || pressedOn !== dialog || dialog.id === "sign-in-again") return;
    dialog.close();
  });
  one("#sign-in-again")?.addEventListener("cancel", (event) => event.preventDefault());

  // ---- A fragment swapped into #dialog or #drawer opens it; the answer's HX-Trigger "dialog:close" closes it ----
  document.addEventListener("htmx:after:swap", () => {
    for (const dialog of all("#dialog, #drawer")) {
      if (!dialog.childElementCount) continue;
      const title = one("h1, h2", dialog);
      if (title) dialog.setAttribute("aria-label", title.textContent.trim());
      if (!dialog.open) dialog.showModal();
    }
  });
  document.addEventListener("dialog:close", () => all("#dialog[open], #drawer[open]").forEach((dialog) => dialog.close()));
  for (const dialog of all("#dialog, #drawer")) dialog.addEventListener("close", () => dialog.replaceChildren());

  // ---- hx-confirm="question": our dialog, whose button repeats the verb ([data-confirm-verb]) ----
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    const dialog = one("#confirm");
    if (!ctx.confirm || !dialog) return;
    event.preventDefault();
    const yes = one("[data-confirm-yes]", dialog);
    yes.dataset.standard ??= yes.textContent;
    one("[data-confirm-text]", dialog).textContent = ctx.confirm;
    yes.textContent = ctx.sourceElement.dataset.confirmVerb || yes.dataset.standard;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => (dialog.returnValue === "yes" ? issueRequest() : dropRequest()), { once: true });
    dialog.showModal();
  });

  // ---- Tabs with a roving tabindex ----
  const select = (tab) => {
    const tabs = all('[role="tab"]', tab.closest('[role="tablist"]'));
    const panel = (of) => document.getElementById(of.getAttribute("aria-controls"));
    for (const other of tabs) {
      other.setAttribute("aria-selected", other === tab);
      other.tabIndex = other === tab ? 0 : -1;
      if (panel(other)) panel(other).hidden = panel(other) !== panel(tab);
    }
  };
  on("click", '[role="tab"]', select);
  on("keydown", '[role="tab"]', (tab, event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = all('[role="tab"]', tab.closest('[role="tablist"]'));
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    select(next);
    next.focus();
  });

  // ---- A record on a phone shows one of its columns at a time ----
  on("click", "[data-pane]", (button) => {
    for (const other of all("[data-pane]")) other.setAttribute("aria-pressed", other === button);
    for (const panel of all("[data-panel]")) panel.classList.toggle("no-phone", panel.dataset.panel !== button.dataset.pane);
  });
}
