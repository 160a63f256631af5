"""How to reach the two databases: an address from the environment, or the embedded ones' sockets."""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from knownto.site.embedded import DATABASE, socket_folder

APP, OWNER = "knownto_app", "knownto_owner"


def connection_settings(var: Path, variable: str, cluster: str) -> dict[str, Any]:
    """Django's settings for one database. `variable` names the environment variable with its address."""
    url = os.environ.get(variable)
    parts = conninfo_to_dict(url) if url else _embedded(var, cluster)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", DATABASE),
        "USER": parts.pop("user", APP),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        # Bound and prepared on the server: with row-level security a statement costs more to plan than to run.
        "OPTIONS": parts | {"pool": False, "server_side_binding": True, "prepare_threshold": 3},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _embedded(var: Path, cluster: str) -> dict[str, Any]:
    user = OWNER if os.environ.get("KNOWNTO_AS_OWNER") == "1" else APP
    return {"host": str(socket_folder(var, cluster)), "user": user}
