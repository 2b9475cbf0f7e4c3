// Nothing typed is lost: forms with data-draft="key" keep what is typed on this device until it is saved.
"use strict";
{
  const { one, all, on } = sillage;
  const PREFIX = `draft:${document.body.dataset.user}:`;
  const SENT = "draft-sent";

  const isKept = (input) => input.name && input.name !== "csrfmiddlewaretoken" && !["password", "file", "hidden", "submit", "button"].includes(input.type);
  const inputs = (form) => [...form.elements].filter(isKept);
  const valueOf = (input) => (["checkbox", "radio"].includes(input.type) ? (input.checked ? "1" : "") : input.multiple ? [...input.selectedOptions].map((option) => option.value) : input.value);
  const keyOf = (input) => (["checkbox", "radio"].includes(input.type) ? `${input.name}=${input.value}` : input.name);
  const restore = (input, value) => {
    if (["checkbox", "radio"].includes(input.type)) input.checked = value === "1";
    else if (input.multiple) for (const option of input.options) option.selected = value.includes(option.value);
    else input.value = value;
  };
  const read = (form) => Object.fromEntries(inputs(form).map((input) => [keyOf(input), valueOf(input)]));
  const nameOf = (form) => PREFIX + form.dataset.draft;

  // Storage may be full or forbidden: the form still works, only without a draft.
  const quietly = (act) => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return null;
    }
  };
  const forget = (name) => quietly(() => localStorage.removeItem(name));

  const offerBack = (form, draft, original) => {
    const note = one("#draft-found").content.firstElementChild.cloneNode(true);
    one("[data-draft-time]", note).textContent = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    one("[data-draft-drop]", note).addEventListener("click", () => {
      for (const input of inputs(form)) if (keyOf(input) in original) restore(input, original[keyOf(input)]);
      forget(nameOf(form));
      note.remove();
    });
    form.prepend(note);
  };

  const open = (form) => {
    if (form.dataset.draftOpen) return;
    form.dataset.draftOpen = "1";
    // Back with errors: the server's values are the newest.
    if (one('[aria-invalid="true"], [data-error-summary]', form)) return;
    const draft = quietly(() => JSON.parse(localStorage.getItem(nameOf(form))));
    if (!draft) return;
    const original = read(form);
    if (Object.entries(draft.values).every(([key, value]) => String(original[key]) === String(value))) return;
    for (const input of inputs(form)) if (keyOf(input) in draft.values) restore(input, draft.values[keyOf(input)]);
    offerBack(form, draft, original);
  };

  on("input", "form[data-draft]", (form) => quietly(() => localStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), values: read(form) }))));
  on("submit", "form[data-draft]", (form) => quietly(() => sessionStorage.setItem(SENT, nameOf(form))));
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement: source, response } = event.detail.ctx;
    if (source.matches("form[data-draft]") && response.status < 300) forget(nameOf(source));
  });

  // The page after a form: if it is not the form again, nor the sign-in or an error, the draft was saved. After those
  // it was not, whatever page comes next.
  const sent = quietly(() => sessionStorage.getItem(SENT));
  if (sent && "keepDrafts" in document.body.dataset) quietly(() => sessionStorage.removeItem(SENT));
  else if (sent) {
    const returned = all("form[data-draft]").some((form) => nameOf(form) === sent && one("[data-error-summary]", form));
    if (!returned) forget(sent);
    quietly(() => sessionStorage.removeItem(SENT));
  }
  // Signing out leaves nothing behind on a shared computer.
  on("submit", "[data-logout]", () =>
    quietly(() =>
      Object.keys(localStorage)
        .filter((key) => key.startsWith("draft:"))
        .forEach(forget),
    ),
  );

  const openAll = () => all("form[data-draft]").forEach(open);
  document.addEventListener("htmx:after:swap", openAll);
  openAll();
}
