// Passkeys: the browser's own JSON methods. A form with data-passkey="create|get" carries its options in
// data-passkey-options (JSON), or names the address that gives them in data-passkey-url.
"use strict";
{
  const { one, on } = sillage;
  const isSupported = () => Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);

  const optionsOf = async (form) => {
    if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
    const response = await fetch(form.dataset.passkeyUrl, { headers: { Accept: "application/json" } });
    return (await response.json()).request_options;
  };
  const create = async (form) => {
    const { publicKey } = await optionsOf(form);
    // A passkey that signs in by itself must live on the device and check who holds it.
    const isAlone = one("[name=passwordless]", form)?.checked ?? false;
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: isAlone ? "required" : "discouraged",
      requireResidentKey: isAlone,
      ...(isAlone && { userVerification: "required" }),
    };
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  };
  const get = async (form) => {
    const { publicKey } = await optionsOf(form);
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  };

  on("submit", "[data-passkey]", async (form, event) => {
    const credential = one("[name=credential]", form);
    if (credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const complaint = one("[data-passkey-error]", form);
    complaint.hidden = true;
    try {
      if (!isSupported()) throw new DOMException("", "NotSupportedError");
      const made = await (form.dataset.passkey === "create" ? create : get)(form);
      credential.value = JSON.stringify(made.toJSON());
      form.requestSubmit(event.submitter);
    } catch (error) {
      complaint.hidden = false;
      credential.value = "";
      if (!(error instanceof DOMException)) throw error;
    }
  });
}
