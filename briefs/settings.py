"""Every setting there is, read from the environment once; nothing else in the product reads the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

PREFIX = "BRIEFS_"
PROVIDERS = frozenset({"openai_base_url", "openai_api_key"})
"""These keep the names their clients gave them; they can be told with the prefix too."""


class Settings(BaseModel):
    """Each is set by `BRIEFS_` and its name in capitals, but for those of a provider; what is given to the constructor wins."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    home: Path = Field(default=Path(".briefs"), description="The folder all state lives in.")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL of the database; empty: SQLite in the home folder.")
    chroma_url: str | None = Field(default=None, description="URL of a Chroma server; empty: Chroma embedded in the home folder.")
    collection_from: int = Field(default=256, ge=1, description="Passages from which an account gets a Chroma collection of its own.")
    embedder: Literal["wordllama", "minilm", "openai"] = Field(default="wordllama", description="What turns text into vectors.")
    embedding_model: str = Field(default="text-embedding-3-small", description="Model name of the openai embedder.")
    rubric: Path | None = Field(default=None, description="A rubric file of your own; empty: the one that ships.")
    token: SecretStr | None = Field(default=None, description="Whose token acts on the command line.")
    review_mode: Literal["solo", "four_eyes"] = Field(default="solo", description="four_eyes: whoever edited last cannot approve.")
    team_access: Literal["own", "team"] = Field(default="own", description="team: a CSM sees the accounts of everybody in their team.")
    calendar: str | None = Field(default=None, description="Country whose holidays are free, such as `DE` or `US-CA`; empty: weekends only.")
    timezone: str = Field(default="UTC", description="Where a business day begins, such as `Europe/Berlin`.")
    decide_within_days: int = Field(default=3, ge=1, description="Business days after which an undecided brief is brought to an admin's notice.")
    expire_after_days: int = Field(default=10, ge=1, description="Business days after which an undecided brief expires; it is never approved.")
    approval_days: int = Field(default=5, ge=1, description="Business days an approval holds that could not be delivered.")
    answer_hours: int = Field(default=24, ge=1, description="Business hours sales has to accept or decline a hand-off.")
    cool_down_days: int = Field(default=14, ge=0, description="Days a rejected brief stays away, unless the customer asks anew.")
    weekly_briefs: int = Field(default=10, ge=0, description="New briefs a CSM gets in a week, best first; the others wait. 0: no limit.")
    import_folder: Path | None = Field(default=None, description="Where the service may import files and folders from by path; empty: nowhere.")
    rate_per_minute: int = Field(default=3000, ge=0, description="Requests one token or session may make in a minute; 0: no limit.")
    oidc_issuer: str | None = Field(default=None, description="The identity provider people sign in with (OpenID Connect); empty: tokens only.")
    oidc_client_id: str | None = Field(default=None, description="As which client this service is known there.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="The secret of that client.")
    model: str | None = Field(default=None, description="`provider:name` of a chat model, such as `openai:gpt-4.1-mini`; empty: the offline engine.")
    model_timeout: float = Field(default=60.0, gt=0, description="Seconds of silence after which one try of a model call is given up.")
    model_retries: int = Field(default=2, ge=0, le=10, description="Further tries of a model call after 429, 5xx or a broken connection.")
    model_deadline: float = Field(default=180.0, gt=0, description="Seconds one answer may take, with all tries and waits.")
    temperature: float | None = Field(default=None, ge=0, le=2, description="Sent only where set; reasoning models refuse it.")
    max_output_tokens: int | None = Field(default=None, gt=0, description="Tokens a model may write; empty: each prompt's own limit.")
    context_tokens: int = Field(default=12000, ge=500, description="Tokens of an account's text one model call may hold; what is left out is said.")
    concurrency: int = Field(default=4, ge=1, le=64, description="Accounts read by a model at the same time.")
    processes: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Processes that read accounts without a model; 0: one a core, and one beside the service; 1: none but this.",
    )
    max_cost: float | None = Field(default=None, ge=0, description="A scan stops asking the model at this cost.")
    max_calls: int | None = Field(default=None, ge=0, description="A scan stops asking the model after this many calls.")
    prices: Path | None = Field(default=None, description="A price list of your own; empty: the one that ships.")
    prompts: Path | None = Field(default=None, description="A folder of prompts of your own; empty: those that ship.")
    public_url: str | None = Field(default=None, description="Where people reach the service, such as `https://briefs.example`; empty: as called.")
    secret_key: SecretStr | None = Field(default=None, description="Seals the secrets of targets in the database; empty: they lie in the clear.")
    traces_endpoint: str | None = Field(
        default=None,
        pattern="^https?://",
        description="Where spans of requests and model calls go (OTLP over gRPC), such as `http://127.0.0.1:4317`.",
    )
    zendesk_secret: SecretStr | None = Field(default=None, description="The signing secret of the Zendesk webhook that flags tickets; empty: none.")
    zendesk_prefix: str = Field(default="", max_length=40, description="What stands before Zendesk's ticket numbers in the ids of imported tickets.")
    allow_private_targets: bool = Field(default=False, description="Hand-offs may be sent to addresses of the private network and of this machine.")
    smtp_host: str | None = Field(default=None, description="The mail server that notices and hand-offs go through; empty: no e-mail.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(default="starttls", description="How the way to it is encrypted.")
    smtp_user: str | None = Field(default=None, description="Who signs in to it, where it asks.")
    smtp_password: SecretStr | None = Field(default=None, description="The password for it; never sent in the clear.")
    smtp_sender: str | None = Field(default=None, description="The address e-mails come from.")
    openai_base_url: str | None = Field(default=None, description="Any OpenAI-compatible server.")
    openai_api_key: SecretStr | None = Field(default=None, description="The key sent to it.")

    @model_validator(mode="before")
    @classmethod
    def _with_environment(cls, given: dict[str, Any]) -> dict[str, Any]:
        there = {name.upper(): value for name, value in os.environ.items()}
        told = {field: there[name] for field in cls.model_fields for name in reversed(variables(field)) if name in there}
        return told | given


def variables(setting: str) -> tuple[str, ...]:
    """The environment variables a setting is read from, in capitals or not; the first that is there counts."""
    name = setting.upper()
    return (name, PREFIX + name) if setting in PROVIDERS else (PREFIX + name,)


def load(home: Path | None = None) -> Settings:
    """The settings of this process; `home` from the command line wins. A bad value is a pydantic ValidationError naming the setting."""
    return Settings(home=home) if home is not None else Settings()
