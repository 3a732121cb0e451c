// Passkeys: asks the server for a question, the browser for an answer, and sends the form with it.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

const read = (asked) => {
  const question = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) question.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) question.excludeCredentials = known(asked.excludeCredentials);
  if (asked.allowCredentials) question.allowCredentials = known(asked.allowCredentials);
  return question;
};

// Older browsers have no toJSON.
const written = (answer) => {
  const said = { clientDataJSON: letters(answer.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer.response[name]) said[name] = letters(answer.response[name]);
  }
  return JSON.stringify({
    id: answer.id,
    rawId: letters(answer.rawId),
    type: answer.type,
    response: said,
    clientExtensionResults: answer.getClientExtensionResults(),
  });
};

const answer = async (form) => {
  const asked = await fetch(form.dataset.question, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
  });
  if (!asked.ok || asked.redirected) throw new Error("no question");
  const { publicKey } = await asked.json();
  const given = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: read(publicKey) })
    : await navigator.credentials.get({ publicKey: read(publicKey) });
  return written(given);
};

if (window.PublicKeyCredential && navigator.credentials) {
  for (const each of document.querySelectorAll("[data-passkey-none]")) each.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const trouble = form.querySelector("[data-passkey-trouble]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        form.elements.passkey.value = await answer(form);
        form.submit();
      } catch {
        trouble.hidden = false;
      }
    });
  }
}
