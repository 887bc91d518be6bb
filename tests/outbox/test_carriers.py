"""How a mail leaves, against a real SMTP server on this machine."""

from __future__ import annotations

import smtplib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from congress.outbox.answers import Refused
from congress.outbox.carriers import Post, send_by_smtp, write_to_folder
from tests.listening import free_port

SUBJECT = "Twoja rejestracja: Łódź – „Kreatywne skrzyżowania”"


def make_mail() -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"], mail["From"], mail["To"] = SUBJECT, "congress@krakow.example", "haruki@kanazawa.example"
    mail.set_content("Dzień dobry!\n.\n", cte="quoted-printable")
    return mail


class Inbox:
    """Keeps what comes; answers what it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.encrypted: list[bool] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.senders: list[str] = []
        self.connections: set[object] = set()
        self.to_recipient, self.to_data = "250 OK", "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.to_data.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.encrypted.append(session.ssl is not None)
            self.senders.append(envelope.mail_from)
            self.connections.add(session.peer)
        return self.to_data

    def check(self, server, session, envelope, mechanism, data) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"sesame", handled=False)


class Listener(Controller):
    """aiosmtpd on a free port of the loopback."""

    def __init__(self, inbox: Inbox, **options: object) -> None:
        super().__init__(inbox, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
        self.options = options

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.options)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def serve(inbox: Inbox) -> Iterator[Callable[..., str]]:
    """Starts a server; gives the host and port for an address."""
    started = []

    def start(**options: object) -> str:
        server = Listener(inbox, **options)
        server.start()
        started.append(server)
        return f"127.0.0.1:{server.port}"

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for the loopback, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", made],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


@pytest.fixture
def encryption(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the certificate of the test, as it would one of a known authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


def test_a_mail_arrives_whole_over_plain_smtp(serve, inbox):
    send_by_smtp(f"smtp://{serve()}", make_mail())
    (mail,) = inbox.mails
    assert (mail["Subject"], mail["From"], mail["To"], inbox.encrypted) == (
        SUBJECT, "congress@krakow.example", "haruki@kanazawa.example", [False],
    )  # fmt: skip
    assert mail.get_content().splitlines() == ["Dzień dobry!", "."]


def test_a_subject_of_any_letters_travels_in_ascii(serve, inbox):
    send_by_smtp(f"smtp://{serve()}", make_mail())
    assert (inbox.mails[0]["Subject"], make_mail().as_bytes().isascii()) == (SUBJECT, True)


def test_an_internationalised_address_is_reached_where_the_server_can(serve, inbox):
    mail = make_mail()
    del mail["To"]
    mail["To"] = "józef@łódź.example"
    send_by_smtp(f"smtp://{serve(enable_SMTPUTF8=True)}", mail)
    assert inbox.mails[0]["To"] == "józef@łódź.example"


def test_encryption_is_used_where_the_server_offers_it(serve, inbox, encryption, trusted):
    send_by_smtp(f"smtp://{serve(tls_context=encryption)}", make_mail())
    assert inbox.encrypted == [True]


def test_a_login_is_made_over_encryption_with_the_unquoted_password(serve, inbox, encryption, trusted):
    where = serve(tls_context=encryption, authenticator=inbox.check, auth_required=True)
    send_by_smtp(f"smtp://us%40er:sesame@{where}", make_mail())
    assert (inbox.logins, inbox.encrypted) == ([(b"us@er", b"sesame")], [True])


def test_a_wrong_password_is_refused(serve, inbox, encryption, trusted):
    where = serve(tls_context=encryption, authenticator=inbox.check, auth_required=True)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send_by_smtp(f"smtp://user:wrong@{where}", make_mail())
    assert inbox.mails == []


def test_a_password_is_never_sent_without_encryption(serve, inbox):
    where = serve(authenticator=inbox.check, auth_require_tls=False)
    with pytest.raises(smtplib.SMTPNotSupportedError, match="the server offers no encryption, so the password was not sent"):
        send_by_smtp(f"smtp://user:sesame@{where}", make_mail())
    assert (inbox.logins, inbox.mails) == ([], [])


def test_a_certificate_that_nobody_vouches_for_is_refused(serve, inbox, encryption):
    with pytest.raises(ssl.SSLCertVerificationError):
        send_by_smtp(f"smtp://user:sesame@{serve(tls_context=encryption)}", make_mail())
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        ({"to_recipient": "450 Try later"}, smtplib.SMTPRecipientsRefused),
        ({"to_recipient": "550 No such person"}, Refused),
        ({"to_recipient": "530 5.7.0 Log in first"}, smtplib.SMTPRecipientsRefused),
        ({"to_data": "451 Try later"}, smtplib.SMTPDataError),
        ({"to_data": "554 No spam, please"}, Refused),
    ],
)
def test_a_refusal_of_the_server_is_raised(serve, inbox, answers, refusal):
    vars(inbox).update(answers)
    with pytest.raises(refusal) as refused:
        send_by_smtp(f"smtp://{serve()}", make_mail())
    assert str(next(iter(answers.values()))[:3]) in str(refused.value)
    assert inbox.mails == []


def test_a_server_that_is_not_there_is_an_error_of_the_network():
    with pytest.raises(OSError):
        send_by_smtp(f"smtp://127.0.0.1:{free_port()}", make_mail())


def test_a_mail_is_written_whole_into_its_folder(tmp_path):
    folder = tmp_path / "new" / "mail"
    path = write_to_folder(folder, "000001-letter", make_mail())
    assert [each.name for each in folder.iterdir()] == ["000001-letter.eml"]
    assert path.read_bytes() == make_mail().as_bytes()


def test_a_second_writing_replaces_the_first(tmp_path):
    write_to_folder(tmp_path, "a", EmailMessage())
    assert write_to_folder(tmp_path, "a", make_mail()).read_bytes() == make_mail().as_bytes()


def test_a_mail_that_cannot_be_made_leaves_no_file(tmp_path):
    class Broken(EmailMessage):
        def as_bytes(self, *_args: object, **_options: object) -> bytes:
            raise ValueError

    with pytest.raises(ValueError):
        write_to_folder(tmp_path, "a", Broken())
    assert list(tmp_path.iterdir()) == []


def test_several_mails_go_over_one_connection(serve, inbox):
    post = Post(f"smtp://{serve()}")
    for _each in range(3):
        post.send(make_mail())
    post.close()
    assert (len(inbox.mails), len(inbox.connections)) == (3, 1)


def test_after_a_refusal_and_after_the_server_hung_up_another_connection_is_opened(serve, inbox):
    post = Post(f"smtp://{serve()}")
    post.send(make_mail())
    inbox.to_data = "554 No spam, please"
    with pytest.raises(Refused):
        post.send(make_mail())
    inbox.to_data = "250 OK"
    post.send(make_mail())
    assert post._server is not None and post._server.sock is not None
    post._server.sock.shutdown(socket.SHUT_RDWR)  # as when the server hangs up
    post.send(make_mail())
    post.close()
    assert (len(inbox.mails), len(inbox.connections)) == (3, 3)


def test_what_cannot_be_delivered_comes_back_to_the_address_for_bounces(serve, inbox):
    where = serve()
    for bounces in ("", "bounces@krakow.example"):
        post = Post(f"smtp://{where}", bounces=bounces)
        post.send(make_mail())
        post.close()
    assert inbox.senders == ["congress@krakow.example", "bounces@krakow.example"]
    assert [each["From"] for each in inbox.mails] == ["congress@krakow.example"] * 2


def test_a_server_that_lets_nobody_in_refuses_no_mail():
    """554 at connecting speaks of us."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        answering = threading.Thread(target=_turn_away, args=(door,), daemon=True)
        answering.start()
        with pytest.raises(smtplib.SMTPConnectError, match="554"):
            send_by_smtp(f"smtp://127.0.0.1:{door.getsockname()[1]}", make_mail())
        answering.join(5)


def _turn_away(door: socket.socket) -> None:
    caller, _address = door.accept()
    with caller:
        caller.sendall(b"554 No SMTP service here\r\n")
        caller.recv(1000)
