"""What comes from the environment and ``.env``, because it is not for a file that is shared?"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedsvc.errors import ConfigError, Problem


class Environment(BaseSettings):
    """The variables that feedsvc reads, each with the prefix ``FEEDSVC_``."""

    model_config = SettingsConfigDict(env_prefix="FEEDSVC_", env_file=".env", extra="ignore", frozen=True)

    config: Path = Field(Path("config"), description="Directory with feedsvc.yaml and sources/.")
    database_url: str = Field(
        "sqlite:///data/feedsvc.db",
        repr=False,  # may carry a password
        description="Where everything is stored, such as postgresql://user:password@localhost/feedsvc.",
    )
    host: str = Field("127.0.0.1", description="Address that the web process listens on; 0.0.0.0: all.")
    port: int = Field(8000, ge=1, le=65535, description="Port that the web process listens on.")

    @classmethod
    def read(cls) -> Self:
        """From the real environment, then ``.env``. Raises ConfigError."""
        try:
            return cls()
        except ValidationError as error:
            raise ConfigError([_problem(str(e["loc"][0]), e["msg"]) for e in error.errors()]) from error

    def listening(self) -> str:
        """The address at which a browser on this machine reaches the web process."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 (not bound here)
        return f"http://{f'[{host}]' if host.count(':') > 1 and host[0] != '[' else host}:{self.port}"


def variables() -> Mapping[str, str]:
    """All variables, those of ``.env`` too, where secrets of sources are; the environment wins."""
    told = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return {**told, **os.environ}


def _problem(name: str, message: str) -> Problem:
    variable = f"FEEDSVC_{name.upper()}"
    return Problem("environment", 1, 1, f"{variable}: {message} (in the environment or in .env)")
