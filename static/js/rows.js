// Lists: ticking rows (Shift for a range, X), the bulk bar, moving with J and K, preview with Space.
"use strict";
{
  const { one, all, on, isVisible } = sillage;
  let last = null;

  const picks = () => all("[data-pick]").filter(isVisible);
  const rowOf = (element) => element?.closest?.("[data-row]");

  const show = () => {
    const bar = one("[data-bulk-bar]");
    if (!bar) return;
    const boxes = picks();
    const count = boxes.filter((box) => box.checked).length;
    for (const box of boxes) rowOf(box)?.setAttribute("data-selected", box.checked);
    for (const box of boxes) if (rowOf(box)?.matches("tr")) rowOf(box).setAttribute("aria-selected", box.checked);
    const everything = one("[data-pick-matches]", bar);
    if (everything && count < boxes.length) everything.checked = false;
    bar.hidden = count === 0;
    one("[data-pick-count]", bar).textContent = everything?.checked ? everything.dataset.total : count;
    const head = one("[data-pick-all]");
    if (head) {
      head.checked = count > 0 && count === boxes.length;
      head.indeterminate = count > 0 && count < boxes.length;
    }
  };

  // The table and the phone's cards show the same records: a tick in one is a tick in the other.
  const tick = (box, isTicked) => {
    for (const twin of all("[data-pick]")) if (twin.value === box.value) twin.checked = isTicked;
  };

  on("click", "[data-pick]", (box, event) => {
    const boxes = picks();
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((between) => tick(between, box.checked));
    } else tick(box, box.checked);
    last = box;
    show();
  });
  on("change", "[data-pick-all]", (box) => {
    picks().forEach((each) => tick(each, box.checked));
    show();
  });
  on("change", "[data-pick-matches]", (box) => {
    if (box.checked) picks().forEach((each) => tick(each, true));
    show();
  });
  on("click", "[data-pick-clear]", () => {
    const everything = one("[data-pick-matches]");
    if (everything) everything.checked = false;
    all("[data-pick]").forEach((box) => (box.checked = false));
    show();
  });
  document.addEventListener("htmx:after:swap", show);
  addEventListener("pageshow", show);

  // ---- The columns' order: the buttons move a line at once; without JavaScript they send the form ----
  on("click", "[data-move]", (button, event) => {
    event.preventDefault();
    const line = button.parentElement;
    const beside = Number(button.dataset.move) < 0 ? line.previousElementSibling : line.nextElementSibling;
    if (!beside?.querySelector("[data-move]")) return;
    if (Number(button.dataset.move) < 0) beside.before(line);
    else beside.after(line);
    button.focus();
  });

  // ---- J and K move the focus from row to row; behind an open preview they move the preview ----
  const rows = () => all("[data-row]").filter(isVisible);
  const drawer = one("#drawer");
  let previewed = null;

  const link = (row) => one(".name a, a", row);
  const preview = (row = rowOf(document.activeElement)) => {
    const opener = row && one("[data-preview]", row);
    if (!opener) return;
    previewed = row;
    opener.click();
  };
  const move = (step) => {
    const list = rows();
    const now = drawer?.open ? list.indexOf(previewed) : list.findIndex((row) => row.contains(document.activeElement));
    const next = list[Math.max(0, Math.min(list.length - 1, now + step))];
    if (!next) return;
    if (drawer?.open) preview(next);
    else link(next)?.focus();
  };
  drawer?.addEventListener("close", () => {
    if (previewed?.isConnected) link(previewed)?.focus();
    previewed = null;
  });
  on("click", "[data-preview]", (opener) => (previewed = rowOf(opener)));

  sillage.rows = {
    move,
    preview,
    open: () => link(rowOf(document.activeElement) ?? document.createElement("i"))?.click(),
    tick: () => one("[data-pick]", rowOf(document.activeElement) ?? document.createElement("i"))?.click(),
  };
}
