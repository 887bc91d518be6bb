"""What is sent once is not sent twice, and what takes long says so."""

from __future__ import annotations

from playwright.sync_api import Route

from tests.browser.conftest import CONGRESS, ON_SQLITE, Open

pytestmark = [ON_SQLITE]

_IMPATIENT = """() => new Promise((done) => {
  const button = document.querySelector("main [type=submit]");
  const seen = () => [document.querySelector("main [role=status].working-said")?.textContent, button.className];
  button.click();
  setTimeout(() => button.click(), 300);
  setTimeout(() => { button.click(); done(seen()); }, 900);
})"""


def test_a_form_whose_answer_takes_long_says_so_and_is_sent_once(open_browser: Open):
    page = open_browser()
    sent: list[Route] = []

    def keep(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route)  # answered when the page has been looked at
        else:
            route.continue_()

    page.goto(f"{CONGRESS}/newsletter/")
    page.locator("[name=email]").fill("reader@city.example")
    page.route("**/newsletter/", keep)
    seen = page.evaluate(_IMPATIENT)
    for route in sent:
        route.continue_()
    page.wait_for_url("**/newsletter/received")

    assert (len(sent), seen) == (1, ["One moment …", "btn btn-primary is-working"])
    page.go_back()
    assert page.locator("form[data-sent], .is-working, .working-said").count() == 0
