"""Post copies to a partner's address, within limits that a slow or hostile server cannot stretch.

A whole attempt has one limit of time, whatever trickles in; the answer has a limit of size and is never unpacked;
nothing is followed anywhere else; and only an answer that repeats the id and the digest is an acknowledgement.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import httpx
from django.conf import settings

from knownto.disclosure.destinations import Destination, NotAllowed, destination, refused
from knownto.disclosure.envelopes import Envelope
from knownto.disclosure.faults import Fault
from knownto.disclosure.signing import headers

SECONDS = 20.0  # for one whole attempt: finding the address, connecting, sending, and reading the answer
ANSWER_BYTES = 16 * 1024
AT_ONCE = 4

Carry = Callable[[Sequence[Envelope], datetime], list[Fault | None]]


class Failed(Exception):
    """An attempt that came to nothing, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Line:
    """A way to one partner's server, kept open for a while."""

    client: httpx.AsyncClient
    where: str
    secrets: Sequence[bytes]


@contextmanager
def posting(where: str, secrets: Sequence[bytes]) -> Iterator[Carry]:
    """Opens a line. What it gives posts several envelopes at once; None stands for acknowledged."""
    with asyncio.Runner() as runner:
        line = Line(_client(), where, secrets)
        try:
            yield lambda envelopes, now: runner.run(_post_all(line, envelopes, now))
        finally:
            runner.run(line.client.aclose())


def _client() -> httpx.AsyncClient:
    """No proxy, no password file: nothing in the surroundings says where a copy goes."""
    return httpx.AsyncClient(verify=trusted(), trust_env=False, follow_redirects=False, timeout=SECONDS)


def trusted() -> ssl.SSLContext:
    """The authorities this machine trusts, and the partnership's own (KNOWNTO_PARTNER_CA) if it has one."""
    context = ssl.create_default_context()
    if settings.PARTNER_CA:
        context.load_verify_locations(settings.PARTNER_CA)
    return context


async def _post_all(line: Line, envelopes: Sequence[Envelope], now: datetime) -> list[Fault | None]:
    return list(await asyncio.gather(*(_posted(line, each, now) for each in envelopes)))


async def _posted(line: Line, envelope: Envelope, now: datetime) -> Fault | None:
    """What became of one attempt."""
    try:
        async with asyncio.timeout(SECONDS):
            await _post(line, envelope, now)
    except Failed as failed:
        return failed.fault
    except NotAllowed:
        return Fault.NOT_ALLOWED
    except (TimeoutError, httpx.TimeoutException):
        return Fault.TIMED_OUT
    except httpx.ConnectError as error:
        return Fault.TLS if _of_tls(error) else Fault.UNREACHABLE
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return Fault.BROKEN_OFF
    return None


async def _post(line: Line, envelope: Envelope, now: datetime) -> None:
    to = destination(line.where)
    address = await _checked_address(to)
    said = headers(envelope.id, envelope.body, line.secrets, now) | {
        "host": to.named,
        "content-type": "application/json",
        "accept-encoding": "identity",
        "user-agent": "Knownto",
    }
    # By the address that was checked; the certificate must still be that of the name.
    request = line.client.build_request(
        "POST",
        to.at(address),
        content=envelope.body,
        headers=said,
        extensions={"sni_hostname": to.host},
    )
    response = await line.client.send(request, stream=True)
    try:
        _check_status(response.status_code)
        _check_answer(await _read(response), envelope)
    finally:
        await response.aclose()


async def _checked_address(to: Destination) -> str:
    """An address of the server's. If any of them is private, none is used."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failed(Fault.NO_ADDRESS) from None
    addresses = [str(each[4][0]) for each in found]
    if any(refused(address, private_too=settings.PRIVATE_ENDPOINTS) for address in addresses):
        raise Failed(Fault.NOT_ALLOWED)
    return addresses[0]


def _check_status(status: int) -> None:
    """Raises Failed for whatever is not a success."""
    if 200 <= status < 300:
        return
    raise Failed(BY_STATUS.get(status) or BY_CLASS.get(status // 100, Fault.BROKEN_OFF))


BY_STATUS = {429: Fault.BUSY, 503: Fault.BUSY} | dict.fromkeys((400, 409, 413, 415, 422), Fault.NOT_ACCEPTED)
BY_CLASS = {3: Fault.REDIRECTED, 4: Fault.REFUSED, 5: Fault.SERVER_ERROR}


async def _read(response: httpx.Response) -> bytes:
    """The answer as it came, packed or not. Raises Failed for a long one, having read no more than the limit."""
    read = b""
    async for piece in response.aiter_raw(4096):
        read += piece
        if len(read) > ANSWER_BYTES:
            raise Failed(Fault.TOO_LONG)
    return read


def _check_answer(answer: bytes, envelope: Envelope) -> None:
    """A success that does not say what it has is none: a proxy's page says 200 as well. Raises Failed."""
    try:
        said = json.loads(answer)
        acknowledged = (str(said["id"]), str(said["sha256"]).lower())
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Failed(Fault.NO_ACK) from None
    if acknowledged != (str(envelope.id), envelope.sha256):
        raise Failed(Fault.WRONG_ACK)


def _of_tls(error: BaseException | None) -> bool:
    """Did the handshake fail, somewhere underneath?"""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
