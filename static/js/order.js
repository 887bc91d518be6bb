// Rows of a list that are dragged into another order; what is dropped is sent as the buttons would send it.
for (const list of document.querySelectorAll("[data-order]")) {
  const form = document.getElementById(list.dataset.order);
  let dragged = null;
  const rows = () => [...list.querySelectorAll(":scope > [data-id]")];
  const order = () => rows().map((row) => row.dataset.id).join();
  let before = order();
  for (const row of rows()) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      if (event.target.closest("input, select, button, a") && event.target !== row) return;
      dragged = row;
      before = order();
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.id);
      row.classList.add("is-dragged");
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("is-dragged");
      if (dragged && order() === before) dragged = null;
    });
  }
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = event.target.closest("[data-id]");
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
  });
  list.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    if (order() === before) return;
    for (const row of rows()) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = "order";
      input.value = row.dataset.id;
      form.append(input);
    }
    form.submit();
  });
}
