// Small helps on top of pages that work without them.
if (document.querySelector("select[data-searchable]")) import("./autocomplete.js").then((module) => module.enhanceAll());
if (document.querySelector("[data-copy]")) import("./copy.js").then((module) => module.enhanceAll());
if (document.querySelector("[data-shown-if]")) import("./conditional.js").then((module) => module.enhanceAll());

if (document.querySelector("[data-reader-zone]")) import("./local-time.js");

// After a refused form the summary of errors is read first.
document.querySelector("[data-focus]")?.focus();
