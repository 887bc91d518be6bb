// Questions that are asked only after a certain answer: <div data-shown-if="name of the field" data-shown-value="one or several values">.
// Without this file all of them stand there with a note that says when they are asked; the server looks at the answers again.
function answersTo(form, name) {
  const controls = [...form.elements].filter((each) => each.name === name && !each.closest("[data-shown-if][hidden]"));
  return controls
    .filter((each) => (each.type === "radio" || each.type === "checkbox" ? each.checked : true))
    .map((each) => each.value);
}

function update(form) {
  // In the order of the page, so that what a hidden question would show is hidden too.
  for (const part of form.querySelectorAll("[data-shown-if]")) {
    const wanted = part.dataset.shownValue.split(" ");
    part.hidden = !answersTo(form, part.dataset.shownIf).some((value) => wanted.includes(value));
  }
}

export function enhanceAll(root = document) {
  const forms = new Set([...root.querySelectorAll("[data-shown-if]")].map((each) => each.closest("form")));
  for (const form of forms) {
    for (const note of form.querySelectorAll("[data-condition]")) note.hidden = true;
    form.addEventListener("change", () => update(form));
    update(form);
  }
}
