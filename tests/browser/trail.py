"""Which pages a walk has seen, and the way to those that it has not: so that a new page is walked without being named anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

# What is asked with GET and is no page, by endpoint or by blueprint.
NO_PAGES = {
    "static": "files of the site",
    "bootstrap.static": "files of a library",
    "security.static": "files of a library",
    "healthz": "one word",
    "readyz": "one word",
    "public.appearance.manifest": "read by browsers",
    "public.appearance.picture": "a picture",
    "public.changes_log.compare": "leads to public.changes_log.between",
    "public.documents.show": "a file",
    "my.documents.show": "a file",
    "my.uploads.show": "a file",
    "my.newsletter.leave": "leads to my.newsletter.show",
    "my.form.index": "leads to a page of the form",
    "desk.uploads.show": "a file",
    "desk.conflicts.panel": "a part of the timetable",
    "desk.conflict_places.tried": "an answer to a script",
}
# Pages of the same forms and tables as others, which need more than the walk has; a new page does not belong here.
NOT_WALKED = {
    "my.delegation_lists.copy": "an earlier congress",
    "my.offerings.edit": "something offered; its form is my.offerings.new",
    "desk.offerings.show": "something offered",
    "desk.offerings.words": "something offered",
    "desk.document_proposals.show": "a paper that a coordinator proposes",
    "desk.documents.edit": "a paper; its form is desk.documents.index",
    "desk.field_documents.edit": "a paper; its form is desk.field_documents.index",
    "desk.imports.show": "a table that was sent",
    "desk.programme_imports.show": "a table that was sent",
    "desk.registration.merge": "two registrations of one person",
    "desk.style.index": "a program that is worked on",
    "invitations.show": "a mailed link",
    "security.change_email_confirm": "a mailed link",
    "security.mf_recovery": "a second factor; tests/browser/test_sign_in.py",
    "security.mf_recovery_codes": "a second factor; tests/browser/test_sign_in.py",
    "security.reset_password": "a mailed link",
    "security.tf_select": "two second factors",
    "security.two_factor_rescue": "closed",
    "security.two_factor_token_validation": "a second factor; tests/browser/test_sign_in.py",
    "security.us_setup": "closed",
    "security.us_signin_send_code": "a form that was sent",
    "security.us_verify": "closed",
    "security.us_verify_link": "closed",
    "security.wan_delete": "a passkey is needed",
    "security.verify": "a session that is no longer fresh",
    "security.wan_signin": "a passkey; tests/browser/test_sign_in.py",
    "security.wan_verify": "a passkey, and a session that is no longer fresh",
}
_FILES = (".pdf", ".ics", ".csv", ".json", ".xml", ".atom", ".js", ".txt", ".ico", ".<suffix>", "/photo", "/file", "/part")
_LINKS = (
    "[...document.querySelectorAll('a[href]')].filter(each => !each.hasAttribute('download'))"
    ".map(each => new URL(each.getAttribute('href'), location).href)"
)


def is_page(rule: Rule) -> bool:
    """Whether a browser shows it."""
    return "GET" in (rule.methods or set()) and rule.endpoint not in NO_PAGES and not rule.rule.endswith(_FILES)


class Trail:
    """Endpoints seen so far, and for each of the others an address that some page had a link to."""

    def __init__(self, app: Flask) -> None:
        self._map = app.url_map.bind("localhost")
        self.pages = {rule.endpoint for rule in app.url_map.iter_rules() if is_page(rule)}
        self.seen: dict[str, str] = {}  # by endpoint: the title of its first page that a link led to or a list names
        self._links: dict[str, str] = {}

    def note(self, page: Page) -> None:
        """Remember the page and where its links lead."""
        here = self._endpoint(page.url)
        self.seen[here] = self.seen.get(here) or page.title()
        for link in page.evaluate(_LINKS):
            if urlsplit(link).netloc == urlsplit(page.url).netloc:
                self._links.setdefault(self._endpoint(link), link)

    def rest(self, page: Page, start: str) -> Iterator[str]:
        """Open what was not seen yet of the pages under this name, as long as links lead on."""
        while left := sorted(name for name in self._links.keys() & self.pages - self.seen.keys() if name.startswith(start)):
            answer = page.goto(self._links[left[0]])
            self.seen.setdefault(left[0], "")
            if answer is not None and answer.ok and "text/html" in answer.headers.get("content-type", ""):
                yield left[0]

    def missed(self, *starts: str) -> list[str]:
        """Pages under these names that the walk has not come to."""
        return sorted(name for name in self.pages - self.seen.keys() - NOT_WALKED.keys() if name.startswith(starts))

    def of_one_title(self) -> dict[str, list[str]]:
        """Pages that their titles do not tell apart: somebody with ten tabs open, or who hears the title first, has nothing else."""
        titles = sorted({each for name, each in self.seen.items() if name and each})
        pages = {each: sorted(name for name, title in self.seen.items() if title == each) for each in titles}
        return {title: names for title, names in pages.items() if len(names) > 1}

    def _endpoint(self, address: str) -> str:
        try:
            return str(self._map.match(urlsplit(address).path, method="GET")[0])
        except HTTPException:
            return ""
