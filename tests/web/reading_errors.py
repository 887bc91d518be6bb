"""What a page says of mistakes, read from its HTML: which controls are wrong, what describes them, where the summary leads."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Words that no Polish sentence has.
_ENGLISH = re.compile(r"\b(the|this|is|not|of|and|your|you|with|must|please|write|choose|field|valid)\b", re.IGNORECASE)


class Said(HTMLParser):
    """A page that answers a form which was sent."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.title, self.sentences = "", list[str]()
        self._ids, self._described, self._errors = list[str](), set[str](), set[str]()
        self._wrong = list[tuple[str, set[str]]]()  # names of controls, with what describes them or their group
        self._links = list[str]()
        self._groups = list[str]()
        self._summary, self._reads = 0, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        about = given.get("aria-describedby", "")
        self._ids.append(given.get("id", ""))
        self._described.update(about.split())
        if tag == "fieldset":
            self._groups.append(about)
        if given.get("aria-invalid") == "true":
            self._wrong.append((given.get("name", ""), set(f"{about} {' '.join(self._groups)}".split())))
        if tag in {"p", "span"} and given.get("id", "").endswith("-error"):
            self._errors.add(given["id"])
            self._reads = tag
        if tag == "title":
            self._reads = tag
        if tag == "div" and (self._summary or given.get("class") == "error-summary"):
            self._summary += 1
        if tag == "a" and self._summary:
            self._links.append(given.get("href", "").removeprefix("#"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset":
            self._groups.pop()
        elif tag == "div" and self._summary:
            self._summary -= 1
        elif tag == self._reads:
            self._reads = ""

    def handle_data(self, text: str) -> None:
        if self._reads == "title":
            self.title += text.strip()
        elif (self._reads or self._summary) and text.strip():
            self.sentences.append(text.strip())

    def mistakes(self) -> list[str]:
        """What a Polish reader who does not see the page would miss; empty if nothing."""
        ends = {link: f"{link.removesuffix('-0')}-error" for link in self._links}  # of a group the first choice is led to
        return [
            *(["no summary that leads to a field"] if not self._links else []),
            *([f"the title does not begin with it: {self.title}"] if not self.title.startswith("Błąd:") else []),
            *(f"{name} does not say why" for name, about in self._wrong if not about & self._errors),
            *(f"no control is described by {each}" for each in sorted(self._errors - self._described)),
            *(f"described by nothing: {each}" for each in sorted(self._described - set(self._ids))),
            *(f"leads nowhere: {each}" for each in self._links if each not in self._ids),
            *(["the summary has another order than the page"] if self._places() != sorted(self._places()) else []),
            *(f"not in the summary: {name}" for name, about in self._wrong if not about & set(ends.values())),
            *(f"leads to what is not marked as wrong: {link}" for link, end in ends.items() if end not in self._errors),
            *(f"English: {each}" for each in self.sentences if _ENGLISH.search(each)),
        ]

    def _places(self) -> list[int]:
        return [self._ids.index(each) for each in self._links if each in self._ids]
