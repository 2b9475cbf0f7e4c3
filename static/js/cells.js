// Cells of a list: arrows walk from cell to cell; a click, Enter, F2 or E edits one in its place, Tab goes on to the next.
"use strict";
{
  const { one, on, isTyping, isVisible } = sillage;
  let next = null; // The cell to edit once the one at hand is saved.

  const rowOf = (cell) => cell.closest("[data-row]");
  const tableOf = (cell) => cell.closest("table[data-cells]");
  const slugOf = (cell) => tableOf(cell)?.tHead.rows[0].cells[cell.cellIndex]?.dataset.edit;
  const here = () => document.activeElement?.closest?.("table[data-cells] td");

  const focus = (cell) => {
    const link = one("a", cell);
    if (cell.matches(".name") && link) return link.focus();
    cell.tabIndex = -1;
    cell.focus();
  };

  const edit = (cell) => {
    const slug = cell && slugOf(cell);
    if (!slug || one("[data-edit-form]", cell)) return false;
    const key = rowOf(cell).id.replace("row-", "");
    cell.id = `cell-${key}-${slug}`;
    const url = `${tableOf(cell).dataset.cells}${key}/fields/${slug}/`;
    htmx.ajax("GET", url, { source: cell, target: cell, swap: "innerHTML", headers: { "HX-Target": `td#${cell.id}` } });
    return true;
  };

  // The next (1) or last (-1) cell that can be edited, in the row or in the rows beside it.
  const beside = (cell, step) => {
    const cells = [...tableOf(cell).tBodies[0].rows].flatMap((row) => [...row.cells]).filter((each) => slugOf(each));
    return cells[cells.indexOf(cell) + step];
  };

  const walk = (cell, columns, rows) => {
    const row = rowOf(cell);
    const list = [...row.parentElement.rows].filter(isVisible);
    const to = list[list.indexOf(row) + rows]?.cells[cell.cellIndex + columns];
    if (to && !to.matches(".sel")) focus(to);
  };

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  on("keydown", "table[data-cells] td:not(.sel)", (cell, event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const form = one("[data-edit-form]", cell);
    if (form) {
      if (event.key === "Tab") {
        const to = beside(cell, event.shiftKey ? -1 : 1);
        if (!to) return;
        event.preventDefault();
        next = to;
        form.requestSubmit();
      } else if (event.key === "Enter" && event.target.matches("select, input[type=checkbox]")) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (isTyping(event)) return;
    const isOnCell = event.target === cell;
    if (ARROWS[event.key]) {
      event.preventDefault();
      walk(cell, ...ARROWS[event.key]);
    } else if (event.key === "F2" || (event.key === "Enter" && isOnCell)) {
      if (edit(cell)) event.preventDefault();
    }
  });

  on("click", "table[data-cells] td", (cell, event) => {
    const control = event.target.closest("a, button, input, select, label, form");
    const isPlain = !(control && cell.contains(control)) && !getSelection().toString(); // The list stands in a form itself.
    if (isPlain && matchMedia("(min-width: 45rem)").matches) edit(cell);
  });
  on("mouseover", "table[data-cells] td:not(.can-edit)", (cell) => cell.classList.toggle("can-edit", Boolean(slugOf(cell))));

  document.addEventListener("htmx:after:swap", (event) => {
    const { target, response } = event.detail.ctx;
    const cell = target?.id?.startsWith?.("cell-") && document.getElementById(target.id);
    if (!cell) return;
    const to = next;
    next = null;
    const input = one("[data-edit-form] :is(input:not([type=hidden]), select, textarea)", cell);
    if (input) {
      input.focus();
      if (response.status < 400) input.select?.();
    } else if (to?.isConnected) edit(to);
    else focus(cell);
  });

  sillage.cells = { edit: () => edit(here()) };
}
