// Buttons that copy: <button hidden data-copy="text" data-copied="Copied" data-failed="…">. Each says aloud what it did.
async function copy(button, said) {
  said.textContent = "";
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    said.textContent = button.dataset.copied;
  } catch {
    said.textContent = button.dataset.failed;
  }
}

export function enhanceAll(root = document) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    const said = document.createElement("span");
    said.className = "copy-said";
    said.setAttribute("role", "status");
    button.after(said);
    button.hidden = false;
    button.addEventListener("click", () => copy(button, said));
  }
}
