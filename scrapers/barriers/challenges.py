"""Pages that stand in a publisher's place: bot challenges and refusals, which often come with status 200.

Conservative on purpose: each sign is the wording of the whole page, together with what makes it up. The
script that a protection service adds to every genuine page is no sign.
"""

from __future__ import annotations

from dataclasses import dataclass

from servanda.scrapers.barriers.page_view import PageView
from servanda.scrapers.redirects import is_challenge_address


@dataclass(frozen=True, slots=True)
class ChallengeSign:
    """A page is of ``service`` if its title starts with one of ``titles`` (where given) and it holds all of
    ``marks`` and one of ``any_of`` (where given). All in lower case, white space as one blank."""

    service: str
    titles: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()

    def fits(self, title: str, page: str) -> bool:
        return (
            (not self.titles or title.startswith(self.titles))
            and all(mark in page for mark in self.marks)
            and (not self.any_of or any(mark in page for mark in self.any_of))
        )


CAPTCHA_TITLES = (
    "are you a robot", "are you human", "captcha", "human verification", "just a quick check", "robot check",
    "robot or human", "security check", "verify you are human", "verifying you are human",
    "verificación de seguridad", "verifica que eres humano",
)  # fmt: skip

SIGNS = (
    ChallengeSign(
        "Cloudflare", ("just a moment", "un momento"), any_of=("challenge-platform", "cf-chl", "cf_chl_")
    ),
    ChallengeSign("Cloudflare", ("attention required!",), ("cloudflare", "cf-error-details")),
    ChallengeSign("Cloudflare", ("access denied",), ("cloudflare", "cf-error-details")),
    ChallengeSign(
        "Akamai", ("access denied",), any_of=("reference #", "reference&#32;&#35;", "errors.edgesuite.net")
    ),
    ChallengeSign("Imperva", marks=("incapsula incident id",)),
    ChallengeSign("Imperva", marks=("_incapsula_resource", "request unsuccessful")),
    ChallengeSign("Imperva", marks=("_incapsula_resource", 'id="main-iframe"')),
    ChallengeSign("Federal Register", ("federal register :: request access",)),
    ChallengeSign("Federal Register", marks=("due to aggressive automated scraping of federalregister.gov",)),
    ChallengeSign("F5", ("request rejected",), ("support id",)),
    ChallengeSign("Sucuri", marks=("sucuri website firewall", "access denied")),
    ChallengeSign("DataDome", marks=("captcha-delivery.com", "please enable js and disable any ad blocker")),
    ChallengeSign("PerimeterX", marks=("px-captcha",), any_of=("press &amp; hold", "press & hold")),
    ChallengeSign("AWS WAF", marks=("awswafcookiedomainlist", "challenge-container")),
    ChallengeSign("AWS WAF", ("human verification",), any_of=("awswaf", "captcha-container")),
    ChallengeSign("Anubis", ("making sure you're not a bot", "making sure you&#39;re not a bot")),
    ChallengeSign("gob.mx", ("challenge validation",)),
    ChallengeSign("state.gov", marks=("experiencing technical difficulties", "exception: forbidden")),
    ChallengeSign("a captcha", CAPTCHA_TITLES, any_of=("captcha", "cf-turnstile", "arkoselabs")),
)

HEADER_SIGNS = (
    ("Cloudflare", "cf-mitigated", ("challenge",)),
    ("AWS WAF", "x-amzn-waf-action", ("challenge", "captcha")),
)


def challenge_in(seen: PageView) -> str | None:
    """What shows that this response is a challenge or refusal in the page's place; None for any other."""
    if seen.status == 0:
        return None
    if is_challenge_address(seen.exchange.final_url):
        return f"{seen.host} answered, where clients are sent that ask too fast or are taken for robots"
    for service, header, values in HEADER_SIGNS:
        if (seen.exchange.header(header) or "").strip().lower() in values:
            return f"the header {header} says that {service} challenges this client"
    if not seen.is_html:
        return None
    sign = next((sign for sign in SIGNS if sign.fits(seen.title, seen.markup)), None)
    return (
        None if sign is None else f"the page is a challenge or refusal of {sign.service}: {seen.title[:80]!r}"
    )
