"""Which answers of a mail server end a mail, and which are worth another attempt."""

from __future__ import annotations

import smtplib

import pytest

from congress.outbox.answers import plain, refusal

TO = "haruki@kanazawa.example"


def at_rcpt(code: int, said: str) -> Exception:
    return smtplib.SMTPRecipientsRefused({TO: (code, said.encode())})


def at_data(code: int, said: str) -> Exception:
    return smtplib.SMTPDataError(code, said.encode())


@pytest.mark.parametrize(
    ("problem", "noted"),
    [
        (at_rcpt(550, "No such person"), "refused address: 550 No such person"),
        (at_rcpt(550, f"5.1.1 <{TO}>: unknown"), "refused address: 550 5.1.1 …: unknown"),
        (at_rcpt(552, "5.2.2 Mailbox full"), "refused address: 552 5.2.2 Mailbox full"),
        (at_rcpt(556, "5.1.10 No mail here"), "refused address: 556 5.1.10 No mail here"),
        (at_rcpt(550, "5.4.1 Access denied"), "refused address: 550 5.4.1 Access denied"),
        (at_rcpt(553, ""), "refused address: 553"),
        (at_data(554, "No spam,\r\nplease"), "refused mail: 554 No spam, please"),
        (at_data(554, "5.7.1 Spam"), "refused mail: 554 5.7.1 Spam"),
        (at_data(552, "5.3.4 Too big"), "refused mail: 552 5.3.4 Too big"),
    ],
)
def test_what_is_said_of_recipient_or_mail_for_good_ends_it_without_an_address(problem, noted):
    found = refusal(problem)
    assert found is not None
    assert (found.noted, TO in str(found)) == (noted, False)


@pytest.mark.parametrize(
    "problem",
    [
        at_rcpt(450, "4.2.0 Greylisted"),
        at_rcpt(452, "Too many recipients"),
        at_rcpt(421, "Closing"),
        at_data(451, "Try later"),
        at_rcpt(530, "5.7.0 Authentication required"),
        at_rcpt(530, "Log in first"),
        at_rcpt(503, "MAIL first"),
        at_rcpt(554, f"5.7.1 <{TO}>: Relay access denied"),
        at_rcpt(550, "Relaying not permitted"),
        at_rcpt(553, "5.1.8 Sender's domain not found"),
        at_data(550, "5.7.26 Not authenticated by SPF or DKIM"),
        at_data(554, "5.3.0 Configuration error"),
        at_data(503, "5.5.1 Bad sequence"),
        smtplib.SMTPAuthenticationError(535, b"5.7.8 Wrong password"),
        smtplib.SMTPConnectError(554, b"No SMTP service here"),
        smtplib.SMTPHeloError(550, b"Who are you"),
        smtplib.SMTPSenderRefused(550, b"5.7.1 Not yours", "us@congress.example"),
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError(),
        ValueError(550),
    ],
)
def test_what_may_go_well_later_or_is_ours_to_put_right_is_no_refusal(problem):
    assert refusal(problem) is None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"<a.b@c.example> is not here", "… is not here"),
        ("{'zoë@münchen.example': (450, b'x')}", "{'…': (450, b'x')}"),
        (b"5.1.1 \xff\x00 bad\r\nbytes", "5.1.1 \ufffd bad bytes"),
    ],
)
def test_an_answer_is_shown_as_one_line_without_addresses(said, shown):
    assert plain(said) == shown
