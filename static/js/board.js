// The board: cards move by pointer, touch, keyboard (M, 1–9, W, L) and menu; what others moved appears by itself.
"use strict";
{
  const { one, all, on, isTyping } = sillage;
  const POLL = 4000;
  const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const board = () => one("#board");
  const cardOf = (element) => element?.closest?.(".deal");
  const cardsOf = (lane) => one(`[data-cards="${CSS.escape(lane)}"]`);
  const addressOf = (card, kind) => board().dataset[`${kind}Url`].replace("/0/", `/${card.dataset.deal}/`);
  const query = () => location.search.slice(1);
  let dragging = false;
  let sending = 0;

  // ---- Moving: shown at once, taken back where the server refuses ----
  const placeOf = (card) => ({ list: card.parentElement, next: card.nextElementSibling });
  const putBack = (card, { list, next }) => {
    if (list.isConnected) list.insertBefore(card, next?.parentElement === list ? next : null);
  };
  const send = async (card, kind, values, from) => {
    let status = 0;
    const note = (event) => (status = event.detail.ctx.response?.status ?? 0);
    card.addEventListener("htmx:after:request", note, { once: true });
    card.setAttribute("aria-busy", "true");
    sending += 1;
    const fields = { from: card.dataset.stage, query: query(), board: board().dataset.shape, ...values };
    await htmx.ajax("POST", addressOf(card, kind), { source: card, target: card, swap: "none", values: fields });
    sending -= 1;
    card.removeEventListener("htmx:after:request", note);
    card.removeAttribute("aria-busy");
    if (status >= 200 && status < 300) return;
    putBack(card, from);
    if (status === 404 || status === 409) refresh();
  };
  const neighbours = (card) => ({
    above: card.previousElementSibling?.dataset.deal ?? "",
    below: card.nextElementSibling?.dataset.deal ?? "",
  });
  const moveTo = (card, lane) => {
    if (card.dataset.lane === lane || card.hasAttribute("data-fixed")) return;
    const from = placeOf(card);
    cardsOf(lane)?.prepend(card);
    one("a", card).focus();
    send(card, "act", { stage: lane, month: lane, ...neighbours(card) }, from);
  };
  const end = (card, stage) => {
    if (card.hasAttribute("data-fixed")) return;
    one("a", card).focus();
    send(card, "move", { stage }, placeOf(card));
  };

  // The server says where the card is now: it may have been moved by the dialog, or be gone from the board.
  document.addEventListener("deal:moved", ({ detail }) => {
    const card = one(`#deal-${Number(detail.deal)}`);
    if (!card) return;
    const cards = detail.lane && cardsOf(detail.lane);
    if (!cards) card.remove();
    else if (card.parentElement !== cards) cards.prepend(card);
  });

  // ---- Dragging ----
  let from = null;
  const drag = (list, more) =>
    new Sortable(list, {
      group: "deals",
      draggable: ".deal:not([data-fixed])",
      filter: ".pick, .more",
      preventOnFilter: false,
      animation: CALM ? 0 : 120,
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 5,
      delay: 180,
      delayOnTouchOnly: true,
      touchStartThreshold: 5,
      ghostClass: "ghost",
      dragClass: "lift",
      onStart: ({ item }) => {
        dragging = true;
        from = placeOf(item);
        document.body.classList.add("dragging");
      },
      onEnd: ({ item, to }) => {
        document.body.classList.remove("dragging");
        setTimeout(() => (dragging = false));
        const { drop } = to.dataset;
        if (drop) {
          putBack(item, from);
          end(item, drop);
        } else if (to !== from.list || item.nextElementSibling !== from.next) {
          const lane = to.dataset.cards;
          send(item, "act", { stage: lane, month: lane, ...neighbours(item) }, from);
        }
      },
      ...more,
    });
  const sorted = new WeakSet();
  const arm = () => {
    const lists = [...all("[data-cards]"), ...all("[data-drop]")].filter((list) => !sorted.has(list));
    for (const list of lists) {
      sorted.add(list);
      const closed = list.matches("[data-closed], [data-drop]");
      const sort = board().dataset.shape === "board" && !closed;
      drag(list, { sort, group: { name: "deals", pull: true, put: !list.matches("[data-closed]") } });
    }
    for (const lane of all(".lane")) fold(lane, folded().includes(lane.dataset.lane));
  };
  // The link that covers a card must not be followed by the click that ends a drag.
  document.addEventListener("click", (event) => dragging && event.target.closest?.(".deal") && event.preventDefault(), true);

  // ---- The card's menu, and keys ----
  const menu = one("#deal-menu");
  let chosen = null;
  const openMenu = (card) => {
    if (!card || card.hasAttribute("data-fixed")) return;
    chosen = card;
    for (const item of all("[data-to]", menu)) item.toggleAttribute("aria-current", item.dataset.to === card.dataset.lane);
    sillage.openMenu(menu, one("[data-deal-menu]", card));
  };
  on("click", "[data-deal-menu]", (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openMenu(cardOf(link));
  });
  on("click", "#menu-picked .mi", () => one("#menu-picked").hidePopover());
  on("click", "#deal-menu .mi", (item) => {
    const card = chosen;
    menu.hidePopover();
    if (item.dataset.to) moveTo(card, item.dataset.to);
    else end(card, item.dataset.end);
  });
  addEventListener(
    "keydown",
    (event) => {
      if (document.body.dataset.singleKeys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event) || one("dialog[open]")) return;
      const isOpen = menu.matches(":popover-open");
      const card = isOpen ? chosen : cardOf(document.activeElement);
      if (!card) return;
      const key = event.key.toLowerCase();
      const finish = one(`[data-status="${{ w: "won", l: "lost" }[key]}"]`, menu);
      const nth = isOpen && /^[1-9]$/.test(key) ? all("[data-to]", menu)[Number(key) - 1] : null;
      if (key === "m" && !isOpen) openMenu(card);
      else if (nth ?? finish) {
        chosen = card;
        (nth ?? finish).click();
      } else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  // ---- Folded lanes are remembered on the device ----
  const FOLDED = "board-folded";
  const folded = () => JSON.parse(localStorage.getItem(FOLDED) ?? "[]");
  const fold = (lane, isFolded) => {
    lane.toggleAttribute("data-folded", isFolded);
    one("[data-fold]", lane)?.setAttribute("aria-pressed", isFolded);
  };
  on("click", "[data-fold]", (button) => {
    const lane = button.closest(".lane");
    const others = folded().filter((key) => key !== lane.dataset.lane);
    const isFolded = !lane.hasAttribute("data-folded");
    localStorage.setItem(FOLDED, JSON.stringify(isFolded ? [...others, lane.dataset.lane] : others));
    fold(lane, isFolded);
  });

  // ---- On a phone the chips of the lanes lead to them, and show which one is in view ----
  on("click", "[data-lane-link]", (link, event) => {
    event.preventDefault();
    one(link.getAttribute("href"))?.scrollIntoView({ inline: "start", block: "nearest", behavior: CALM ? "auto" : "smooth" });
  });
  const inView = new IntersectionObserver(
    (entries) => {
      const shown = entries.find((entry) => entry.isIntersecting)?.target.dataset.lane;
      if (shown === undefined) return;
      for (const link of all("[data-lane-link]")) {
        if (link.dataset.laneLink === shown) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { root: board(), threshold: 0.6 },
  );
  const watch = () => all(".lane").forEach((lane) => inView.observe(lane));

  // ---- What somebody else moved appears within seconds ----
  const refresh = () => {
    const loaded = all("[data-cards]").map((cards) => `${cards.dataset.cards}:${cards.childElementCount}`);
    const params = new URLSearchParams(location.search);
    params.set("loaded", loaded.join(","));
    const body = one("#board-body");
    // A card that is being dragged by the time the answer comes must not be taken away.
    body.addEventListener("htmx:before:swap", (event) => dragging && event.preventDefault(), { once: true });
    return htmx.ajax("GET", `${location.pathname}?${params}`, { source: body, target: body, swap: "outerMorph" });
  };
  const isBusy = () => dragging || sending || document.hidden || one("dialog[open], :popover-open");
  setInterval(async () => {
    if (isBusy()) return;
    const response = await fetch(board().dataset.versionUrl).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const version = await response.text();
    if (version !== one("#board-body").dataset.version && !isBusy()) refresh();
  }, POLL);
  document.addEventListener("board:refresh", () => {
    one("[data-pick-clear]")?.click();
    refresh();
  });

  document.addEventListener("htmx:after:swap", () => {
    arm();
    watch();
  });
  arm();
  watch();
}
