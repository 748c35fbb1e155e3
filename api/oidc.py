# pyright: basic, reportMissingTypeStubs=false
# Authlib ships no types: strictness is relaxed in this one door.
"""The company's identity provider: OpenID Connect with authorization code, PKCE and nonce. The only file that imports Authlib.

What the provider signs is believed only after its signature, issuer, audience, age and nonce were checked, and only with a public-key signature.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import httpx

from api.problems import ServiceMissing
from briefs.errors import NotAllowed
from briefs.identity import Vouched
from briefs.settings import Settings
from briefs.store.sessions import Login

SCOPE = "openid email profile"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY, TIMEOUT = 60, 10.0


@dataclass(frozen=True)
class Company:
    """Where people sign in, and as which client this service is known there."""

    issuer: str
    client_id: str
    client_secret: str


def of(settings: Settings) -> Provider | None:
    """The provider of the settings; None where none is configured."""
    if not settings.oidc_issuer or not settings.oidc_client_id:
        return None
    secret = settings.oidc_client_secret
    return Provider(Company(settings.oidc_issuer.rstrip("/"), settings.oidc_client_id, secret.get_secret_value() if secret else ""))


class Provider:
    """One identity provider; what it says about itself is read once, when somebody first signs in."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._about: dict[str, Any] = {}
        self._lock = Lock()

    def begin(self, back: str, next: str, new_token: Callable[[], str], at: datetime) -> tuple[str, Login]:
        """Where to send the browser, and what has to come back. Raises ServiceMissing."""
        login = Login(state=new_token(), nonce=new_token(), verifier=new_token() + new_token(), next=next, created_at=at)
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                self._metadata()["authorization_endpoint"], state=login.state, nonce=login.nonce, code_verifier=login.verifier
            )
        return address, login

    def finish(self, back: str, login: Login, code: str, at: datetime) -> Vouched:
        """Whom the provider vouches for. Raises NotAllowed where what it says does not hold, ServiceMissing."""
        from authlib.integrations.base_client.errors import OAuthError

        try:
            with self._client(back) as client:
                answer = client.fetch_token(self._metadata()["token_endpoint"], code=code, code_verifier=login.verifier)
                claims = self._claims(str(answer.get("id_token", "")), login.nonce, at)
                if "email" not in claims and "userinfo_endpoint" in self._metadata():
                    more = client.get(self._metadata()["userinfo_endpoint"]).json()
                    claims |= more if more.get("sub") == claims["sub"] else {}
        except OAuthError as refused:
            raise NotAllowed("The identity provider refused this sign-in.", "Sign in again.") from refused
        except (*_transport_faults(), ValueError) as cause:
            raise ServiceMissing("The identity provider does not answer.", "Try again; an admin checks BRIEFS_OIDC_ISSUER.") from cause
        return Vouched(self._company.issuer, str(claims["sub"]), claims.get("email"), claims.get("email_verified") is True)

    def _claims(self, id_token: str, nonce: str, at: datetime) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(self._get(self._metadata()["jwks_uri"]))
            token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
            rules: dict[str, Any] = {
                "iss": {"essential": True, "value": self._metadata()["issuer"]},
                "aud": {"essential": True, "value": self._company.client_id},
                "nonce": {"essential": True, "value": nonce},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
            }
            jwt.JWTClaimsRegistry(now=int(at.timestamp()), leeway=LEEWAY, **rules).validate(token.claims)
        except (JoseError, ValueError) as refused:
            raise NotAllowed("What the identity provider said does not hold.", "Sign in again.") from refused
        return dict(token.claims)

    def _metadata(self) -> dict[str, Any]:
        with self._lock:
            if not self._about:
                about = self._get(f"{self._company.issuer}/.well-known/openid-configuration")
                if str(about.get("issuer", "")).rstrip("/") != self._company.issuer:
                    raise ServiceMissing("The identity provider names itself otherwise than BRIEFS_OIDC_ISSUER.", "Set it to the issuer it names.")
                self._about = about
        return self._about

    def _get(self, address: str) -> Any:
        try:
            return httpx.get(address, timeout=TIMEOUT).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as cause:
            raise ServiceMissing("The identity provider does not answer.", "Try again; an admin checks BRIEFS_OIDC_ISSUER.") from cause

    def _client(self, back: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._company.client_id,
            self._company.client_secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )


def _transport_faults() -> tuple[type[Exception], ...]:
    """What a broken connection raises: Authlib's client rides on httpx2 where that is installed, else on httpx."""
    return (httpx.HTTPError, getattr(sys.modules.get("httpx2"), "HTTPError", httpx.HTTPError))
