"""The demonstration's two witnesses: of the police and of the hospital, each a process with a folder and key.

In life they run at the partners. Here they run beside the product, with certificates made for the occasion, so that
the officer's page, the heads that are shown and the refusals are the real ones.
"""

import ipaddress
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from knownto.access import clock
from knownto.access.acts import SYSTEM
from knownto.ledger.tree import publics
from knownto.partners.models import Agency
from knownto.proof import witness
from knownto.site.running import free_port
from knownto.witnessing.acts import move_witness, open_witness
from knownto.witnessing.models import Witness

AGENCIES = ("police", "hospital")
GOOD_FOR = timedelta(days=825)


@contextmanager
def running(var: Path) -> Iterator[None]:
    """Both of them, known to the product, until the end of the block."""
    authority = _certificate(var / "witnesses")
    os.environ["KNOWNTO_PARTNER_CA"] = str(authority)  # read by the worker that is started after this
    os.environ["KNOWNTO_PRIVATE_ENDPOINTS"] = "1"
    started = [_start(var / "witnesses" / code, code, authority) for code in _partners()]
    try:
        yield
    finally:
        for each in started:
            each.terminate()
        for each in started:
            with suppress(subprocess.TimeoutExpired):
                each.wait(5)


def _partners() -> list[str]:
    return sorted(Agency.objects.filter(pk__in=AGENCIES).values_list("pk", flat=True))


def _start(folder: Path, agency: str, certificate: Path) -> "subprocess.Popen[bytes]":
    if not (folder / "key.json").exists():
        made = [sys.executable, witness.__file__, "new", "--folder", str(folder), "--name", f"{agency}.example/witness"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    _make_known(agency, f"https://localhost:{port}", witness.Witness(folder, None).public.text())
    serve = ["serve", "--folder", str(folder), "--host", "127.0.0.1"]
    serve += [word for each in publics() for word in ("--log", each.text())]
    tls = ["--port", str(port), "--cert", str(certificate), "--key", str(certificate.with_name("key.pem"))]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-I", witness.__file__, *serve, *tls], stderr=log)


def _make_known(agency: str, where: str, key: str) -> None:
    known = Witness.objects.filter(key=key, closed_at=None).first()
    if known:
        move_witness(witness=known, where=where, by=SYSTEM, now=clock.now())
    else:
        open_witness(agency=agency, where=where, key=key, by=SYSTEM, now=clock.now())


def _certificate(folder: Path) -> Path:
    """One certificate that vouches for itself, for this machine only. Gives its path; its key lies beside it."""
    path = folder / "certificate.pem"
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "key.pem").chmod(0o600)
    path.write_bytes(_self_signed(key).public_bytes(Encoding.PEM))
    return path


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Witnesses of the demonstration")])
    now, public = datetime.now(UTC), key.public_key()
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    uses = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **uses), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    return built.sign(key, SHA256())
