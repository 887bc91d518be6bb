// A long select becomes a field to type in: "lodz" finds "Łódź". The select stays in the form and is what is sent.
const VENDOR = new URL("../vendor/accessible-autocomplete/", import.meta.url);

// Letters that Unicode does not take apart into a letter and a mark.
const WHOLE = { ł: "l", ø: "o", đ: "d", ð: "d", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };

export function fold(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[łøđðıßæœþ]/g, (letter) => WHOLE[letter]);
}

// Every word typed must be somewhere in the text.
export function matches(text, query) {
  const folded = fold(text);
  return fold(query).split(/\s+/).every((word) => folded.includes(word));
}

function load(tag, attributes, place) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
    place(element);
  });
}

function enhance(select) {
  const { id } = select;
  const described = select.getAttribute("aria-describedby");
  const invalid = select.getAttribute("aria-invalid");
  const texts = select.dataset;
  const options = [...select.options].filter((option) => option.value);
  const chosen = () => select.selectedOptions[0];
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    showAllValues: true,
    autoselect: false,
    defaultValue: select.value ? chosen().text : "",
    inputClasses: "form-control",
    source(query, show) {
      const all = !query || query === chosen()?.text;
      show(options.filter((o) => all || matches(`${o.text} ${o.dataset.search ?? ""}`, query)).map((o) => o.text));
    },
    onConfirm(text) {
      const option = options.find((o) => o.text === text);
      if (!option) return;
      option.selected = true;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    },
    tNoResults: () => texts.textNone,
    tStatusNoResults: () => texts.textNone,
    tStatusQueryTooShort: () => "",
    tStatusResults: (length, option) => `${texts.textResults} ${length}. ${option}`,
    tStatusSelectedOption: (option, length, index) => `${option} ${index + 1}/${length}`,
    tAssistiveHint: () => texts.textHint,
  });
  const input = document.getElementById(id);
  if (described) input.setAttribute("aria-describedby", `${described} ${input.getAttribute("aria-describedby") ?? ""}`);
  if (invalid) input.setAttribute("aria-invalid", invalid);
  // An emptied or unknown text must not leave an older choice behind it.
  input.addEventListener("blur", () => {
    if (input.value !== chosen()?.text && !options.some((o) => o.text === input.value)) select.value = "";
  });
}

export async function enhanceAll(root = document) {
  const first = document.querySelector('link[rel="stylesheet"]');
  try {
    await Promise.all([
      load("script", { src: new URL("accessible-autocomplete.min.js", VENDOR).href }, (e) => document.head.append(e)),
      load("link", { rel: "stylesheet", href: new URL("accessible-autocomplete.min.css", VENDOR).href }, (e) => first.before(e)),
    ]);
  } catch {
    return; // not built: the browser's own select does
  }
  root.querySelectorAll("select[data-searchable]").forEach(enhance);
}
