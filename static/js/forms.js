// Forms: busy buttons, the error summary, dates in words, codes, editing in place.
"use strict";
{
  const { one, all, on } = sillage;

  // ---- A form is sent once; its button shows that it works ----
  const busy = (form, submitter, isBusy) => {
    const button = submitter ?? one('[type="submit"]', form);
    form.toggleAttribute("data-busy", isBusy);
    button?.classList.toggle("busy", isBusy);
    if (isBusy) button?.setAttribute("aria-busy", "true");
    else button?.removeAttribute("aria-busy");
  };
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method === "dialog" || form.method === "get") return;
      if (form.hasAttribute("data-busy")) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      // After the browser has read the form: a button that is changed now still sends its name and value.
      setTimeout(() => event.defaultPrevented || busy(form, event.submitter, true));
    },
    true,
  );
  document.addEventListener("htmx:before:request", (event) => {
    const { sourceElement: source, request } = event.detail.ctx;
    if (source.matches("form") && request.method !== "GET") busy(source, request.submitter, true);
    else if (source.matches("button")) source.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement: source, request } = event.detail.ctx;
    if (source?.matches?.("form")) busy(source, request.submitter, false);
    else source?.removeAttribute?.("aria-busy");
  });
  addEventListener("pageshow", () => all("form[data-busy]").forEach((form) => busy(form, one(".busy", form), false)));

  // ---- The error summary takes the focus; its links lead to the fields ----
  const showErrors = (root) => one("[data-error-summary]", root)?.focus();
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.response?.status === 422) showErrors(event.detail.ctx.target?.isConnected ? event.detail.ctx.target : document);
  });
  showErrors(document);

  // ---- A date in words, because the browser's picker speaks the browser's language ----
  const echo = (input) => {
    const output = input.parentElement.querySelector("[data-date-echo]");
    if (!output) return;
    const { lang } = document.documentElement;
    const words = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "full", timeZone: "UTC" });
    output.textContent = input.value ? words.format(input.valueAsDate).replace(",", "") : "";
  };
  const echoAll = () => all('input[type="date"]').forEach(echo);
  on("input", 'input[type="date"]', echo);
  document.addEventListener("htmx:after:swap", echoAll);
  echoAll();

  // ---- A one-time code: figures only, sent when complete ----
  on("input", ".otp", (input) => {
    input.value = input.value.replace(/\D/g, "").slice(0, input.maxLength);
    if (input.value.length === 6 && "auto" in input.dataset) input.form.requestSubmit();
  });

  // ---- A field that is wrong is checked again when left, not before the form was sent once ----
  on("focusout", '[aria-invalid="true"]', (input) => {
    if (input.value && input.checkValidity()) input.removeAttribute("aria-invalid");
  });

  // ---- Editing in place: Esc gives the old value back, the focus returns to the field ----
  on("keydown", "[data-edit-form]", (form, event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    one("[data-edit-cancel]", form)?.click();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { target, response } = event.detail.ctx;
    const field = target?.id?.startsWith?.("field-") && document.getElementById(target.id);
    if (!field) return;
    const input = one("[data-edit-form] :is(input:not([type=hidden]), select, textarea)", field);
    if (input) {
      input.focus();
      if (response.status < 400) input.select?.();
    } else one(".edit", field)?.focus();
  });

  // ---- Select boxes that act at once ----
  on("change", "[data-submit-on-change]", (input) => input.form.requestSubmit());
}
