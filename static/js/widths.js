// Widths of a list's columns: drag the edge of a head, or focus it and press ← →; Home gives the width back. Remembered.
"use strict";
{
  const { one, all, on, post, isVisible } = sillage;
  const STEP = 16;
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  let later = 0;

  const heads = () => all("table[data-columns] th[data-column]");
  const limits = (handle) => [Number(handle.ariaValueMin), Number(handle.ariaValueMax)];
  const nameOf = (head) => head.dataset.column.split(":")[0];

  const show = () => {
    const rules = heads().map((head) => {
      const width = Number(head.dataset.column.split(":")[1]);
      const handle = one("[data-resize]", head);
      if (handle) handle.ariaValueNow = width || Math.round(head.getBoundingClientRect().width);
      if (!width) return "";
      const place = `.list-table tr > :nth-child(${head.cellIndex + 1})`;
      return `@media (min-width: 45rem) { ${place} { inline-size: ${width}px; min-inline-size: ${width}px; max-inline-size: ${width}px; }
        ${place}:not(:has(.editing)):not(th) { overflow: hidden; text-overflow: ellipsis; } }`;
    });
    sheet.replaceSync(rules.join("\n"));
  };

  const keep = () => {
    clearTimeout(later);
    later = setTimeout(async () => {
      const body = new URLSearchParams({ next: location.pathname + location.search });
      for (const head of heads()) body.append("columns", head.dataset.column);
      const answer = await post(one("table[data-columns]").dataset.columns, body);
      const asked = new URL(answer.url);
      // Of a saved view the address says what was changed.
      if (asked.pathname === location.pathname && asked.search !== location.search) history.replaceState(history.state, "", asked);
    }, 500);
  };

  const set = (head, width) => {
    const [narrowest, widest] = limits(one("[data-resize]", head));
    head.dataset.column = width ? `${nameOf(head)}:${Math.round(Math.min(widest, Math.max(narrowest, width)))}` : nameOf(head);
    show();
    keep();
  };

  on("pointerdown", "[data-resize]", (handle, event) => {
    event.preventDefault();
    const head = handle.closest("th");
    const [start, width] = [event.clientX, head.getBoundingClientRect().width];
    handle.setPointerCapture(event.pointerId);
    const drag = (moved) => set(head, width + moved.clientX - start);
    handle.addEventListener("pointermove", drag);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", drag), { once: true });
  });
  on("dblclick", "[data-resize]", (handle) => set(handle.closest("th"), 0));
  on("keydown", "[data-resize]", (handle, event) => {
    const head = handle.closest("th");
    const width = head.getBoundingClientRect().width;
    const to = { ArrowLeft: width - STEP, ArrowRight: width + STEP, Home: 0 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(head, to);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "list-body") show();
  });
  if (heads().some(isVisible)) show();
}
