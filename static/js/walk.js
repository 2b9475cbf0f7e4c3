// Walking through the records of the list one came from: the list leaves its rows on this tab, the record shows its neighbours.
"use strict";
{
  const { one, all } = sillage;
  const KEPT = "walk";

  const keep = () => {
    const body = one("#list-body");
    if (!body) return;
    const rows = all("[data-row] .name a[href]", body).map((link) => link.getAttribute("href")).filter((href) => href.startsWith("/"));
    const paths = [...new Set(rows)].filter((href) => /\/\d+\/$/.test(href));
    sessionStorage.setItem(KEPT, JSON.stringify({ list: location.pathname + location.search, paths }));
  };

  const show = () => {
    const places = all("[data-walk]");
    const walk = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    const place = walk?.paths.indexOf(location.pathname) ?? -1;
    if (!places.length || place < 0) return;
    for (const link of all("[data-walk-list]")) link.setAttribute("href", walk.list);
    for (const element of places) {
      element.hidden = false;
      one("[data-walk-place]", element).textContent = `${place + 1} / ${walk.paths.length}`;
      for (const [name, step] of [["previous", -1], ["next", 1]]) {
        const link = one(`[data-walk-${name}]`, element);
        const path = walk.paths[place + step];
        if (path) link.setAttribute("href", path);
        else link.setAttribute("aria-disabled", "true");
      }
    }
  };

  const quietly = (act) => {
    try {
      act();
    } catch (error) {
      // Storage may be full or forbidden: the record then shows no neighbours.
      if (!(error instanceof DOMException)) throw error;
    }
  };
  document.addEventListener("htmx:after:swap", () => quietly(keep));
  quietly(keep);
  quietly(show);
}
