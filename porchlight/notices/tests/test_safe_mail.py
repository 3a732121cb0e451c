"""Mail over a line that is locked, with a name and a password: what a real mail server asks for.

Against a server that takes no word in the clear: STARTTLS or TLS from the first byte, and AUTH.
"""

import asyncio
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from porchlight.notices.channels.email import EmailSender
from porchlight.notices.rules import DeliveryState, Result
from porchlight.notices.tests.sink import Sink
from porchlight.notices.tests.test_email import parcel

# The server looks for STARTTLS only, and does not see that the line is locked from the first byte.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
NAME, PASSWORD = "street", "four words in a row"
doctor = import_module("porchlight.doctor")  # by name: it stands above every area


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate and its key, signed by itself, for this address."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, secret


@contextmanager
def safe_server(tls: str, pem: Path, secret: Path) -> Iterator[tuple[Sink, Any]]:
    """A mail server that takes nothing before the line is locked and a password was shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    sink = Sink()

    def knows(_server: Any, _session: Any, _envelope: Any, _how: str, shown: Any) -> AuthResult:
        assert isinstance(shown, LoginPassword)
        is_right = (shown.login, shown.password) == (NAME.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    locked: dict[str, Any] = (
        {"tls_context": context, "require_starttls": True}
        if tls == "starttls"
        else {"ssl_context": context, "auth_require_tls": False}
    )
    controller = Controller(
        sink, hostname="127.0.0.1", port=sink.port, server_hostname="sink",
        authenticator=knows, auth_required=True, **locked,
    )  # fmt: skip
    controller.start()
    try:
        yield (
            sink,
            SimpleNamespace(
                host="127.0.0.1", port=sink.port, user=NAME, password=PASSWORD, tls=tls
            ),
        )
    finally:
        controller.stop()


def send() -> Result:
    async def one() -> Result:
        sender = EmailSender(time_out=5)
        try:
            [result] = await sender.send([parcel()])
        finally:
            await sender.close()
        return result

    return asyncio.run(one())


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate this machine trusts."""
    pem, secret = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return pem, secret


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_goes_over_a_locked_line_with_a_password(
    tls: str, trusted: tuple[Path, Path], settings: Any
) -> None:
    with safe_server(tls, *trusted) as (sink, server):
        settings.MAIL_SERVER = server
        assert send().state is DeliveryState.HANDED
        assert len(sink.mails) == 1


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_wrong_password_is_tried_again_and_blames_no_address(
    tls: str, trusted: tuple[Path, Path], settings: Any
) -> None:
    with safe_server(tls, *trusted) as (sink, server):
        settings.MAIL_SERVER = SimpleNamespace(**vars(server) | {"password": "wrong"})
        result = send()
        assert (result.state, sink.mails) == (DeliveryState.FAILED_TEMP, [])
        assert result.detail.startswith("535")


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_nothing_goes_to_a_server_whose_certificate_nobody_trusts(
    tls: str, tmp_path: Path, settings: Any
) -> None:
    """Neither the words nor the password: whoever stands in between would read both."""
    with safe_server(tls, *certificate(tmp_path)) as (sink, server):
        settings.MAIL_SERVER = server
        result = send()
        assert (result.state, sink.mails) == (DeliveryState.FAILED_TEMP, [])


def test_nothing_goes_in_the_clear_to_a_server_that_offers_no_lock(settings: Any) -> None:
    with Sink() as sink:
        settings.MAIL_SERVER = SimpleNamespace(**vars(sink.server) | {"tls": "starttls"})
        assert send().state is DeliveryState.FAILED_TEMP
        assert sink.mails == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_the_doctor_says_what_is_wrong_with_the_mail_server(
    tls: str, trusted: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with safe_server(tls, *trusted) as (_sink, server):
        monkeypatch.setattr(doctor.settings, "MAIL_SERVER", server)
        assert doctor.mail().state == "ok"
        wrong = SimpleNamespace(**vars(server) | {"password": "wrong"})
        monkeypatch.setattr(doctor.settings, "MAIL_SERVER", wrong)
        said = doctor.mail()
        assert (said.state, "refuses the name or password" in said.says) == ("broken", True)
        monkeypatch.setattr(doctor.settings, "MAIL_SERVER", server)
        monkeypatch.delenv("SSL_CERT_FILE")
        said = doctor.mail()
        assert (said.state, "offers no safe line" in said.says) == ("broken", True)
