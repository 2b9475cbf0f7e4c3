// A session that ended while working: sign in again in a dialog, then the same request goes out again.
"use strict";
{
  const { one, all } = sillage;
  const dialog = one("#sign-in-again");
  if (dialog) {
    const place = one("[data-sign-in-form]", dialog);
    const waiting = new Map();

    const again = () => {
      for (const [element, { type, submitter }] of waiting) {
        if (!element.isConnected) continue;
        if (element.matches("form")) element.requestSubmit(submitter?.isConnected ? submitter : undefined);
        else htmx.trigger(element, type);
      }
      waiting.clear();
    };

    // The sign-in pages are the ordinary ones; only their form is shown here: password, code, recovery code, passkey.
    const show = (html) => {
      const form = new DOMParser().parseFromString(html, "text/html").querySelector("[data-auth]");
      if (!form) return location.reload();
      place.replaceChildren(document.adoptNode(form));
      one("[autofocus], input:not([type=hidden])", place)?.focus();
    };
    const ask = async (url, options) => {
      // Without a session the server would guess the language from the browser.
      const response = await fetch(url, { ...options, headers: { "Accept-Language": document.documentElement.lang } });
      if (new URL(response.url).pathname !== dialog.dataset.signedIn) return show(await response.text());
      const { user } = await response.json();
      if (String(user) !== document.body.dataset.user) return location.reload();
      all('input[name="csrfmiddlewaretoken"]').forEach((input) => (input.value = sillage.csrfToken()));
      dialog.close();
      place.replaceChildren();
      again();
    };

    document.addEventListener("htmx:before:response", (event) => {
      const { ctx } = event.detail;
      if (ctx.response.status !== 401) return;
      event.preventDefault();
      waiting.set(ctx.sourceElement, { type: ctx.sourceEvent?.type ?? "click", submitter: ctx.request.submitter });
      if (dialog.open) return;
      dialog.showModal();
      ask(`${dialog.dataset.signIn}?next=${encodeURIComponent(dialog.dataset.signedIn)}`);
    });
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      if (one("[name=credential]", form)?.value === "") return; // A passkey: its own script asks for it first.
      const body = new FormData(form, event.submitter);
      body.set("csrfmiddlewaretoken", sillage.csrfToken());
      ask(form.action, { method: "POST", body: new URLSearchParams(body) });
    });
    place.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || link.target) return;
      event.preventDefault();
      ask(link.href);
    });
  }
}
