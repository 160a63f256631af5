"""Signatures in the format of Standard Webhooks (standardwebhooks.com), so that partners can verify with any library.

HMAC-SHA256 over `{id}.{timestamp}.{body}`. A secret is 32 random bytes, shown as `whsec_` and base64.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"  # lets secret scanners recognise one that was put where it should not be


def new_secret() -> bytes:
    return secrets.token_bytes(32)


def shown(secret: bytes) -> str:
    """The secret as the partner is given it."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(parcel: UUID, body: bytes, secrets: Sequence[bytes], now: datetime) -> dict[str, str]:
    """The three headers. With several secrets there are several signatures, of which one that fits is enough."""
    stamp = str(int(now.timestamp()))
    return {
        "webhook-id": str(parcel),
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_signature(secret, parcel, stamp, body) for secret in secrets),
    }


def _signature(secret: bytes, parcel: UUID, stamp: str, body: bytes) -> str:
    digest = hmac.digest(secret, f"{parcel}.{stamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()
