// A search box over what the page already shows: [data-filter="selector of the items"]. Nothing is sent, nothing typed is lost.
"use strict";
{
  const { one, all, on } = sillage;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  // What can be read of an item, without the options of its lists.
  const words = (item) => all("label, legend, .hint, .muted, input", item).map((part) => `${part.textContent} ${part.value ?? ""}`);

  const filter = (box) => {
    const sought = fold(box.value).split(/\s+/);
    const items = all(box.dataset.filter);
    for (const item of items) {
      const text = fold([one("h2", item.closest("[data-filter-group]"))?.textContent, ...words(item)].join(" "));
      item.hidden = !sought.every((word) => text.includes(word));
    }
    for (const group of all("[data-filter-group]")) group.hidden = all("[data-item]", group).every((item) => item.hidden);
    const empty = one("[data-filter-empty]");
    if (empty) empty.hidden = items.some((item) => !item.hidden);
  };
  on("input", "[data-filter]", filter);
  document.addEventListener("submit", (event) => one("[data-filter]", event.target) && event.preventDefault(), true);
  all("[data-filter]").filter((box) => box.value).forEach(filter);
}
