// Lines of a deal: their order, by dragging the grip or with the arrow keys on it.
"use strict";
{
  const { all, on } = sillage;
  const STEPS = { ArrowUp: -1, ArrowDown: 1 };

  const rowsBeside = (row) => all("[data-line]", row.parentElement);
  // The lines may come anew before the move is sent: it names the line and its place, not the row on the page.
  const moveOf = (row) => [row.dataset.line, rowsBeside(row).indexOf(row)];
  const send = ([url, place]) => {
    const { body } = document;
    htmx.ajax("POST", url, { source: body, target: body, swap: "none", values: { place } });
  };

  // Several presses in a row are one move.
  let waiting;
  on("keydown", "[data-line-grip]", (grip, event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const row = grip.closest("[data-line]");
    const neighbour = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!neighbour) return;
    if (step < 0) row.after(neighbour);
    else row.before(neighbour);
    clearTimeout(waiting);
    waiting = setTimeout(send, 400, moveOf(row));
  });

  // The lines come anew: whoever held one with the keys holds it still.
  let held = "";
  on("focusin", "[data-line-grip]", (grip) => (held = grip.id));
  on("focusout", "[data-line-grip]", (grip) => grip.isConnected && (held = ""));
  document.addEventListener("htmx:after:swap", () => {
    const grip = held && document.activeElement === document.body && document.getElementById(held);
    if (grip) grip.focus();
  });

  // Mouse, pen and finger alike.
  on("pointerdown", "[data-line-grip]", (grip, event) => {
    if (event.button) return;
    const row = grip.closest("[data-line]");
    const before = rowsBeside(row);
    row.classList.add("dragged");
    grip.setPointerCapture(event.pointerId);
    // The others go past the row: it stays where it is held.
    const over = (move) => {
      const rows = rowsBeside(row);
      const place = rows.indexOf(row);
      const middle = (other) => {
        const { top, height } = other.getBoundingClientRect();
        return top + height / 2;
      };
      for (const other of rows.slice(place + 1)) if (move.clientY > middle(other)) row.before(other);
      for (const other of rows.slice(0, place).reverse()) if (move.clientY < middle(other)) row.after(other);
    };
    const end = (last) => {
      document.removeEventListener("pointermove", over);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      row.classList.remove("dragged");
      if (last.type === "pointercancel") row.parentElement.append(...before);
      else if (before.indexOf(row) !== rowsBeside(row).indexOf(row)) send(moveOf(row));
    };
    // Of the document: the lines may come anew meanwhile, and the grip with them.
    document.addEventListener("pointermove", over);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  });
}
