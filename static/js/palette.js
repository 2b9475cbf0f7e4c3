// The command palette: a combobox with a listbox; the focus stays in the field and the server answers with HTML.
"use strict";
{
  const { one, all, on } = sillage;
  const dialog = one("#palette");
  if (dialog) {
    const input = one("input", dialog);
    const options = () => all('[role="option"]:not([aria-disabled])', dialog);
    const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

    const choose = (option) => {
      options().forEach((other) => other.setAttribute("aria-selected", other === option));
      if (option) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    };
    sillage.openPalette = () => {
      if (dialog.open) return;
      dialog.showModal();
      input.select();
      if (!input.matches("[data-htmx-powered]")) htmx.process(input); // The keys may come before htmx has read the page.
      htmx.trigger(input, "palette:open");
    };

    on("click", "[data-palette-open]", (button, event) => {
      event.preventDefault();
      button.closest("[popover]")?.hidePopover();
      sillage.openPalette();
    });
    dialog.addEventListener("pointermove", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option && option !== chosen()) choose(option);
    });
    input.addEventListener("keydown", (event) => {
      const list = options();
      const at = list.indexOf(chosen());
      if (event.key === "ArrowDown") choose(list[(at + 1) % list.length]);
      else if (event.key === "ArrowUp") choose(list[(at - 1 + list.length) % list.length]);
      else if (event.key === "Enter" && list[at]) {
        if (event.ctrlKey || event.metaKey) open(list[at].href, "_blank", "noopener");
        else list[at].click();
      } else return;
      event.preventDefault();
    });
    dialog.addEventListener("htmx:after:swap", () => {
      choose(options()[0]);
      one("[data-palette-count]", dialog).textContent = options().length || one("#palette-results").textContent.trim();
    });
    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      sillage.openPalette();
    });
    addEventListener("pageshow", () => dialog.close());
  }
}
