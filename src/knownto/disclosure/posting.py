"""Post copies to a partner's address, within limits that a slow or hostile server cannot stretch.

A whole attempt has one limit of time, whatever trickles in; the answer has a limit of size and is never unpacked;
nothing is followed anywhere else; and only an answer that repeats the id and the digest is an acknowledgement.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
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
        async with _within_limits():
            await _post(line, envelope, now)
    except Failed as failed:
        return failed.fault
    return None


@asynccontextmanager
async def _within_limits() -> AsyncIterator[None]:
    """Whatever goes wrong with one attempt is a fault of ours to name. Raises Failed."""
    try:
        async with asyncio.timeout(SECONDS):
            yield
    except NotAllowed:
        raise Failed(Fault.NOT_ALLOWED) from None
    except (TimeoutError, httpx.TimeoutException):
        raise Failed(Fault.TIMED_OUT) from None
    except httpx.ConnectError as error:
        raise Failed(Fault.TLS if _of_tls(error) else Fault.UNREACHABLE) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise Failed(Fault.BROKEN_OFF) from None


async def _post(line: Line, envelope: Envelope, now: datetime) -> None:
    said = headers(envelope.id, envelope.body, line.secrets, now) | {"content-type": "application/json"}
    async with _sent(line.client, "POST", line.where, envelope.body, said) as response:
        _check_status(response.status_code)
        _check_answer(await _read(response), envelope)


@asynccontextmanager
async def _sent(
    client: httpx.AsyncClient, method: str, where: str, body: bytes, said: dict[str, str]
) -> AsyncIterator[httpx.Response]:
    """By the address that was checked; the certificate must still be that of the name."""
    to = destination(where)
    address = await _checked_address(to)
    plain = {"host": to.named, "accept-encoding": "identity", "user-agent": "Knownto"}
    extensions = {"sni_hostname": to.host}
    request = client.build_request(method, to.at(address), content=body, headers=said | plain, extensions=extensions)
    response = await client.send(request, stream=True)
    try:
        yield response
    finally:
        await response.aclose()


@dataclass(frozen=True)
class Answered:
    """What a partner's server said, whatever it was."""

    status: int
    body: bytes


def ask(method: str, where: str, body: bytes = b"") -> Answered:
    """Ask one thing of a partner's server, with every limit that a copy has. Raises Failed."""
    with asyncio.Runner() as runner:
        return runner.run(_asked(method, where, body))


async def _asked(method: str, where: str, body: bytes) -> Answered:
    said = {"content-type": "text/plain"}
    async with _within_limits(), _client() as client, _sent(client, method, where, body, said) as response:
        return Answered(response.status_code, await _read(response))


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
