"""A reader without a mouse: goes on with Tab, and wherever the focus comes it must be seen, and not stand under what sticks."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

# What holds the focus: its ring, and whether at least a corner or the middle of it lies on top (WCAG 2.4.7, 2.4.11).
_STOP = """wanted => {
    const element = document.activeElement, style = getComputedStyle(element);
    const round = element.matches('input[type=date], input[type=time], iframe') ? element : null;
    const box = element.getBoundingClientRect(), { left, right, top, bottom } = box;
    const points = [[(left + right) / 2, (top + bottom) / 2], [left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]];
    const onTop = points.some(([x, y]) => {
        const there = document.elementFromPoint(x, y);
        return there && (element.contains(there) || there.contains(element) || there.closest('label')?.control === element);
    });
    return {
        found: element.matches(wanted),
        where: element.outerHTML.slice(0, 120),
        lost: element === document.body,
        seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        onTop,
        inMain: !!element.closest('main'),
    };
}"""


class Keyboard:
    """Keys on a page; remembers every stop that a reader could not see."""

    def __init__(self, page: Page) -> None:
        self.page, self.unseen = page, list[str]()

    def to(self, wanted: str, most: int = 150) -> Locator:
        """Press Tab until what matches this selector has the focus."""
        for _stop in range(most):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_STOP, wanted)
            if stop["lost"] or not (stop["seen"] and stop["onTop"]):
                self.unseen.append(f"{self.page.url}: {stop}")
            if stop["found"]:
                return self.page.locator(":focus")
        raise AssertionError(f"Tab does not come to {wanted}: {stop}")

    def type(self, wanted: str, words: str) -> None:
        """Go to a field and write into it, over what stands there."""
        field = self.to(wanted)
        if field.evaluate("each => each.matches('input:not([type=time], [type=date], [type=number]), textarea')"):
            self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)

    def press(self, wanted: str, key: str = "Enter") -> None:
        """Go to what matches and press a key on it."""
        self.to(wanted)
        self.page.keyboard.press(key)

    def kept(self) -> str:
        """What holds the focus after an action that left the page where it was: never nothing, always to be seen."""
        stop = self.page.evaluate(_STOP, "*")
        if stop["lost"] or not stop["onTop"]:
            self.unseen.append(f"{self.page.url}, after an action: {stop}")
        return str(stop["where"])
