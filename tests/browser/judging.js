// What axe does not ask of a page: a list of sentences. Leaves thinned(), spacing() and forced() in the page for the next questions.
() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const words = (element) => (element.getAttribute("aria-label") ?? element.textContent).replace(/\s+/g, " ").trim();
  const short = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const wrong = [];
  const say = (what, elements) => elements.forEach((element) => wrong.push(`${what}: ${short(element)}`));

  // Headings: one of the first level, none left out on the way down.
  const headings = all("h1, h2, h3, h4, h5, h6").filter(shown);
  if (headings.filter((each) => each.tagName === "H1").length !== 1) wrong.push("not one h1");
  headings.forEach((each, i) => {
    if (i && Number(each.tagName[1]) > Number(headings[i - 1].tagName[1]) + 1) say("a level is left out", [each]);
  });
  say("an empty heading", headings.filter((each) => !words(each)));

  // Landmarks of one kind have names of their own.
  for (const kind of ["nav", "aside", "section[aria-label]"]) {
    const named = all(kind).filter((each) => shown(each) && !each.closest("#timetable")).map((each) => each.getAttribute("aria-label") ?? document.getElementById(each.getAttribute("aria-labelledby"))?.textContent ?? "");
    if (new Set(named).size !== named.length) wrong.push(`two of the same name: ${kind} ${named}`);
  }

  // Links say where they lead; tables what they hold.
  const vague = /^(here|more|read more|click here|link|details|show|tutaj|tu|więcej|czytaj więcej|kliknij|szczegóły|pokaż)?$/i;
  say("a vague link", all("a[href]").filter((each) => shown(each) && vague.test(words(each)) && !each.querySelector("svg[aria-label], img[alt]:not([alt=''])")));
  const tables = all("table").filter((each) => shown(each) && each.getAttribute("role") !== "presentation");
  const before = (each) => each.previousElementSibling ?? each.parentElement.previousElementSibling;
  say("a table without a name", tables.filter((each) => !each.caption && !each.ariaLabel && !each.getAttribute("aria-labelledby")
    && !each.closest("[role=region]:is([aria-label], [aria-labelledby])") && !before(each)?.matches("h1, h2, h3, h4, summary")));
  say("a heading of a table without scope", tables.flatMap((each) => all("th", each)).filter((each) => !each.scope));

  // Every control has a name; what is wrong is said at the field, and the summary leads there.
  const controls = all("input:not([type=hidden]), select, textarea").filter(shown);
  say("a field without a name", controls.filter((each) => !each.labels?.length && !each.ariaLabel && !each.getAttribute("aria-labelledby") && !each.title));
  const told = (each) => (each.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
  say("described by nothing", all("[aria-describedby]").filter((each) => shown(each) && told(each).some((other) => !other)));
  const groups = (each) => [each, each.closest("fieldset, [role=group]")].filter(Boolean);
  say("wrong, but nothing says why", all("[aria-invalid=true]").filter((each) => shown(each) && !groups(each).flatMap(told).some((other) => /-error$/.test(other?.id))));
  say("an error that no field points to", all("p.field-error").filter((each) => shown(each) && !all(`[aria-describedby~="${each.id}"]`).length));
  say("leads to no field", all(".error-summary a[href^='#']").filter((each) => {
    const target = document.getElementById(decodeURIComponent(each.hash.slice(1)));
    return !target || !(target.matches("input, select, textarea, button, a[href], summary, [tabindex]"));
  }));
  say("a POST form without a token", all("form[method=post i]").filter((each) => !each.querySelector("[name=csrf_token]")));

  // Whoever wants it still has it still.
  say("moves", document.getAnimations().map((each) => each.effect.target));

  // Controls are at least 24 pixels high and wide, however much room there is around them; of links axe asks for either.
  const pressed = all("button, summary, select, input:not([type=hidden], [type=checkbox], [type=radio])").filter((each) => {
    if (!shown(each)) return false;
    const box = each.getBoundingClientRect();
    return box.width && (box.width < 24 || box.height < 24);
  });
  say("smaller than 24 pixels", pressed);

  // Rows of the same build, beyond the third: not shown while the slow questions are asked.
  const build = (element, deep = 0) => deep > 6 ? "" : `${element.tagName}.${element.className.baseVal ?? element.className}${element.ariaCurrent ?? ""}(${[...element.children].map((each) => build(each, deep + 1)).join()})`;
  let left = [];
  window.thinned = (on) => {
    left.forEach((each) => each.style.removeProperty("display"));
    left = [];
    if (!on) return;
    for (const parent of all("ul, ol, tbody, dl, svg, g, section, main div")) {
      if (parent.children.length < 8) continue;
      const seen = {};
      for (const child of parent.children) {
        const kind = build(child);
        seen[kind] = (seen[kind] ?? 0) + 1;
        if (seen[kind] > 3 && !child.querySelector(":focus")) left.push(child);
      }
    }
    left.forEach((each) => each.style.setProperty("display", "none", "important"));
  };

  // WCAG 1.4.12: lines, letters and words further apart; nothing is cut off, nothing pushes the page wider.
  window.spacing = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
    const clips = (each) => {
      const style = getComputedStyle(each);
      return each.childElementCount === 0 && words(each) && style.overflow === "hidden" && !/inset|rect/.test(style.clipPath + style.clip)
        && style.webkitLineClamp === "none" && (each.scrollHeight > each.clientHeight + 2 || each.scrollWidth > each.clientWidth + 2);
    };
    const before = new Set(all("main *").filter((each) => shown(each) && clips(each)));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const cut = all("main *").filter((each) => shown(each) && clips(each) && !before.has(each)).map((each) => `cut off when spaced: ${short(each)}`);
    const wide = document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} pixels wide when spaced`] : [];
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    return [...cut, ...wide];
  };

  // In forced colours, where grounds and shadows are gone: what is current still looks otherwise than what is beside it, and controls have edges.
  window.forced = () => {
    const kept = ["color", "backgroundColor", "borderTopColor", "borderBottomColor", "borderTopWidth", "borderBottomWidth", "borderLeftWidth", "fontWeight", "textDecorationLine", "outlineStyle"];
    const look = (each) => { const style = getComputedStyle(each); return kept.map((name) => style[name]).join(); };
    const other = (each) => all(each.tagName, each.closest("ul, ol, tr") ?? each.parentElement).find((one) => one !== each && !one.ariaCurrent && shown(one));
    const same = all("[aria-current], [aria-pressed=true]").filter((each) => shown(each) && other(each) && look(other(each)) === look(each));
    const bare = all(".btn:not(.btn-link), .form-control, .form-select, .form-check-input, .chip").filter((each) => shown(each) && look(each).split(",").slice(-6, -3).every((width) => width === "0px"));
    return [...same.map((each) => `not seen to be current: ${short(each)}`), ...bare.map((each) => `without an edge: ${short(each)}`)];
  };
  return wrong;
}
