// Keys: G then a letter goes, a letter creates, and the keys of lists and records. All are listed on "?".
"use strict";
{
  const { one, isTyping, rows, cells } = sillage;
  const CHAIN = 1200;
  let goPressedAt = 0;
  const follow = (selector) => {
    const link = one(selector);
    link?.click();
    return Boolean(link);
  };
  const letter = (key) => /^[a-z]$/.test(key);

  const KEYS = {
    // In a list the next row, on a record the next record of the list one came from.
    j: () => (one("[data-row]") ? rows.move(1) : follow("[data-walk-next][href]")),
    k: () => (one("[data-row]") ? rows.move(-1) : follow("[data-walk-previous][href]")),
    x: () => rows.tick(),
    "/": () => one("[data-search]")?.focus(),
    "?": () => one("#shortcuts")?.showModal(),
    o: () => rows.open(),
    e: () => cells.edit() || follow("[data-edit-record]"),
  };

  addEventListener("keydown", (event) => {
    if (document.body.dataset.singleKeys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
    const drawer = one("#drawer[open]");
    if (isTyping(event) || one("dialog[open]:not(#drawer)") || (drawer && !"jk".includes(event.key))) return;
    if (event.key === " ") {
      // Space on a row opens the preview; on a button or a box it keeps its own meaning.
      if (!event.target.matches("[data-row] a, [data-row] td")) return;
      event.preventDefault();
      rows.preview();
      return;
    }
    if (event.key === "g") {
      goPressedAt = Date.now();
      return;
    }
    if (Date.now() - goPressedAt < CHAIN) {
      goPressedAt = 0;
      if (letter(event.key) && follow(`[data-go="${event.key}"]`)) return event.preventDefault();
    }
    if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    } else if (letter(event.key) && follow(`[data-key="${event.key}"]`)) event.preventDefault();
  });
}
