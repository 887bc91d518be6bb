"""What the answers of mail servers mean: whether a mail was refused for good, or is worth another attempt. Pure."""

from __future__ import annotations

import re
import smtplib

_ADDRESS = re.compile(r"<?[^\s<>,;:'\"()]+@[^\s<>,;'\"()]+>?")
_ENHANCED = re.compile(r"\s*5\.(\d{1,3})\.(\d{1,3})\b")  # RFC 3463: subject and detail of a permanent failure
_LONGEST = 200
# Answers to RCPT and DATA that speak of our commands or our login, whatever the recipient is (RFC 5321, 4.2; RFC 4954, 6).
_OURS = frozenset({500, 501, 502, 503, 504, 521, 530, 534, 535, 538})


class Refused(Exception):
    """The server takes this mail never: it is given up. ``noted`` says what was refused and the answer, without addresses."""

    def __init__(self, what: str, code: int, said: str) -> None:
        super().__init__(f"{code} {said[:_LONGEST]}".strip())
        self.code = code
        self.noted = f"refused {what}: {self}"


def refusal(problem: BaseException) -> Refused | None:
    """The refusal that this is, if the server will say the same at every attempt; None for whatever may go well later.

    Only answers to RCPT and DATA refuse a mail. What is said at connecting, at the login or of our sender speaks of us, and the
    outbox waits until somebody has put it right; so do refusals for our relaying or for proofs that our domain lacks.
    """
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        answers = list(problem.recipients.values())
        if answers and all(_is_final(code, said, is_of_recipient=True) for code, said in answers):
            return Refused("address", answers[0][0], plain(answers[0][1]))
    elif isinstance(problem, smtplib.SMTPDataError) and _is_final(problem.smtp_code, problem.smtp_error, is_of_recipient=False):
        return Refused("mail", problem.smtp_code, plain(problem.smtp_error))
    return None


def _is_final(code: int, said: bytes | str, *, is_of_recipient: bool) -> bool:
    if not 500 <= code < 600:
        return False
    text = plain(said)
    if found := _ENHANCED.match(text):
        return not _is_ours(int(found[1]), int(found[2]), is_of_recipient=is_of_recipient)
    return code not in _OURS and "relay" not in text.lower()


def _is_ours(subject: int, detail: int, *, is_of_recipient: bool) -> bool:
    """By RFC 3463 and its registry: our sender's address, the server's own state, the protocol, and what its rules hold against us.

    A rule (5.7) that is applied at RCPT is one against the sender, such as relaying; at DATA it is one against this mail, but for
    the proofs of our domain (5.7.20 to 29: DKIM, SPF, reverse DNS).
    """
    if subject == 1:
        return detail in (7, 8)
    if subject == 3:
        return detail != 4  # 5.3.4: too big for the server
    if subject == 7:
        return is_of_recipient or 20 <= detail < 30
    return subject == 5


def plain(said: bytes | str) -> str:
    """What a server said as one line without anybody's address."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return _ADDRESS.sub("…", line)
