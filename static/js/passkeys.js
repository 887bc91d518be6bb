// Forms that need a passkey: the browser is asked at once, and again when they are sent; its answer goes with them. https://www.w3.org/TR/webauthn-3/

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// JSON has no bytes: those that we know of are written in base64url.
const understood = (asked) => {
  const named = (each) => ({ ...each, id: toBytes(each.id) });
  const options = { ...asked, challenge: toBytes(asked.challenge) };
  if (asked.user) options.user = { ...asked.user, id: toBytes(asked.user.id) };
  if (asked.allowCredentials) options.allowCredentials = asked.allowCredentials.map(named);
  if (asked.excludeCredentials) options.excludeCredentials = asked.excludeCredentials.map(named);
  return options;
};

const answerOf = (credential) => {
  const { response } = credential;
  const said = { clientDataJSON: toText(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = toText(response[name]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: said,
  });
};

const prepare = (form) => {
  const said = form.querySelector("[data-said]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const field = form.elements.credential;
    if (field.value) return;
    event.preventDefault();
    said.hidden = true;
    try {
      const publicKey = understood(JSON.parse(form.dataset.asked));
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      field.value = answerOf(credential);
      form.submit();
    } catch {
      said.textContent = form.dataset.failed;
      said.hidden = false;
    }
  });
  form.requestSubmit();
};

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-needs-passkeys]").forEach((form) => {
    form.hidden = false;
  });
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
}
