"""What each visitor is answered at each address. Reviewed by people; tests/test_doors.py walks it.

Visitors, in the order of the columns: nobody (not signed in), Dee (newcomer), Bo (member), Ada
(keeper), Cy (keeper of another network), and nobody on an install that is no demo. Besides, Ada
before she showed her second factor: she is answered as Ada is, unless the row says otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.world import Street

VISITORS = ("nobody", "Dee", "Bo", "Ada", "Cy", "no demo")
UNPROVEN = "Ada unproven"


@dataclass(frozen=True, kw_only=True)
class Row:
    """Answers by visitor to each method a door has; `values` gives the address its words.

    unproven: what Ada is answered to every method before she showed her second factor, where that
    is something else: `prove`, the page that asks for it.
    """

    GET: str = ""
    POST: str = ""
    values: Callable[[Street], dict[str, Any]] | None = None
    unproven: str = ""

    def expected(self, method: str, visitor: str) -> str:
        if visitor == UNPROVEN:
            return self.unproven or self.expected(method, "Ada")
        return str(getattr(self, method).split()[VISITORS.index(visitor)])

    @property
    def methods(self) -> list[str]:
        return [method for method in ("GET", "POST") if getattr(self, method)]


def here(**words: str) -> Callable[[Street], dict[str, Any]]:
    """The words of an address below Linden Street: `here(circle_id="group")` names a thing."""

    def values(street: Street) -> dict[str, Any]:
        named = {"group": street.group.id, "pod": street.pod.id, **street.things}
        named |= {name: person.id for name, person in street.people.items()}
        return {"slug": street.network.slug} | {
            word: named.get(thing, thing) for word, thing in words.items()
        }

    return values


def there(**words: str) -> Callable[[Street], dict[str, Any]]:
    """The same for an address that is not below a network."""
    inside = here(**words)
    return lambda street: {word: value for word, value in inside(street).items() if word != "slug"}


def of_gateway(**words: int) -> Row:
    """A door for gateways."""
    return Row(POST="404 404 404 404 404 404", values=lambda _: words)


TABLE: dict[str, Row] = {
    "browser:look": Row(POST="302 302 302 302 302 302"),
    "browser:language": Row(POST="302 302 302 302 302 302"),
    "browser:leave": Row(GET="302 302 302 302 302 302"),
    "browser:offline": Row(GET="200 200 200 200 200 200"),
    "browser:sheet": Row(GET="200 200 200 200 200 200"),
    "browser:design": Row(GET="200 200 200 200 200 404", POST="422 422 422 422 422 404"),
    "browser:manifest": Row(GET="200 200 200 200 200 200"),
    "browser:worker": Row(GET="200 200 200 200 200 200"),
    "browser:favicon": Row(GET="302 302 302 302 302 302"),
    "browser:health": Row(GET="200 200 200 200 200 200"),
    "browser:robots": Row(GET="200 200 200 200 200 200"),
    "notices:news": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "notices:live": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "notices:bell": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "notices:open": Row(
        GET="sign-in 404 302 404 404 sign-in",
        POST="sign-in 404 302 404 404 sign-in",
        values=here(notice_id="notice"),
    ),
    "notices:answer": Row(POST="sign-in 404 409 404 404 sign-in", values=here(notice_id="notice")),
    "notices:inbox": Row(GET="sign-in 404 404 200 404 sign-in", values=here(), unproven="prove"),
    "notices:handled": Row(
        POST="sign-in 404 404 302 404 sign-in", values=here(text_id="text"), unproven="prove"
    ),
    "notices:link": Row(
        GET="200 200 200 200 200 200",
        POST="302 302 302 302 302 302",
        values=there(token="question link"),
    ),
    "notices:tap": Row(POST="204 204 204 204 204 204", values=there(token="question push")),
    # Nobody but a gateway that is set and signs what it says; the tests set none here.
    "notices:twilio-text": of_gateway(),
    "notices:twilio-receipt": of_gateway(delivery_id=1),
    "notices:call-say": of_gateway(delivery_id=1),
    "notices:call-key": of_gateway(delivery_id=1),
    "notices:call-ended": of_gateway(delivery_id=1),
    "notices:called": of_gateway(),
    "notices:called-key": of_gateway(),
    "notices:json-text": of_gateway(),
    "notices:json-receipt": of_gateway(),
    "notices:twilio-text-2": of_gateway(),
    "notices:twilio-receipt-2": of_gateway(delivery_id=1),
    "notices:call-say-2": of_gateway(delivery_id=1),
    "notices:call-key-2": of_gateway(delivery_id=1),
    "notices:call-ended-2": of_gateway(delivery_id=1),
    "notices:called-2": of_gateway(),
    "notices:called-key-2": of_gateway(),
    "notices:json-text-2": of_gateway(),
    "notices:json-receipt-2": of_gateway(),
    "notices:phones": Row(GET="200 200 200 200 200 404"),
    "notices:write": Row(POST="302 302 302 302 302 404", values=there(phone_id="phone")),
    "people:start": Row(GET="404 404 404 404 404 404", POST="404 404 404 404 404 404"),
    "people:founded": Row(GET="sign-in 404 404 200 404 sign-in", values=here(), unproven="prove"),
    "people:network-settings": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "people:sign-in": Row(GET="200 200 200 200 200 200", POST="422 422 422 422 422 422"),
    "people:sign-in 2": Row(
        GET="200 302 302 302 200 200", POST="422 422 422 422 422 422", values=here()
    ),
    "people:sign-out": Row(POST="302 302 302 302 302 302", values=here()),
    "people:sign-out-elsewhere": Row(POST="sign-in 302 302 302 404 sign-in", values=here()),
    "people:sign-in-passkey": Row(POST="422 422 422 422 422 422", values=here()),
    "people:sign-in-question": Row(POST="200 200 200 200 200 200", values=here()),
    # Nobody here has set one up: who would show it is led to setting it up.
    "people:prove": Row(
        GET="sign-in 302 302 302 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "people:factors": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    # The password is asked for first: a GET answers with that page.
    "people:factor-app": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:app-remove": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:factor-codes": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:factor-passkey": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:passkey-remove": Row(
        GET="sign-in 404 404 404 404 sign-in",
        POST="sign-in 404 404 404 404 sign-in",
        values=here(factor_id="place"),
    ),
    "people:passkey-question": Row(
        POST="sign-in 200 200 200 404 sign-in", values=here(what="prove")
    ),
    "people:devices": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:device-end": Row(
        POST="sign-in 302 302 302 404 sign-in", values=here(device_id="place")
    ),
    "people:phone-taken-from": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "people:password": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:recovery": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:recovery-words": Row(
        GET="sign-in 302 302 302 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "people:recover": Row(
        GET="200 200 200 200 200 200", POST="422 422 422 422 422 422", values=here()
    ),
    "people:lost": Row(
        GET="200 200 200 200 200 200", POST="422 422 422 422 422 422", values=here()
    ),
    "people:reset": Row(
        GET="200 200 200 200 200 200", POST="422 422 422 422 422 422", values=here()
    ),
    "people:resets": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "people:saw": Row(
        GET="sign-in 404 200 200 404 sign-in", POST="sign-in 404 422 422 404 sign-in", values=here()
    ),
    "people:reset-seen": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 302 404 sign-in",
        values=here(request_id="reset"),
        unproven="prove",
    ),
    "people:reset-words": Row(
        POST="sign-in 404 404 409 404 sign-in", values=here(request_id="reset"), unproven="404"
    ),
    "people:reset-stop": Row(
        POST="sign-in 302 404 302 404 sign-in",
        values=here(request_id="reset"),
        unproven="404",
    ),
    "people:join": Row(GET="200 200 200 200 200 200", POST="422 422 422 422 422 422"),
    "people:join 2": Row(
        GET="200 200 200 200 200 200", POST="422 422 422 422 422 422", values=here()
    ),
    "people:join-name": Row(
        GET="302 302 302 302 302 302", POST="302 302 302 302 302 302", values=here()
    ),
    "people:join-end": Row(
        GET="302 302 302 302 302 302", POST="302 302 302 302 302 302", values=here()
    ),
    "people:invite-link": Row(
        GET="404 302 302 302 404 404",
        POST="404 302 302 302 404 404",
        values=here(token="some-words-that-are-no-invite-here"),
    ),
    "people:joined": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:invites": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 302 302 404 sign-in", values=here()
    ),
    "people:invite": Row(GET="sign-in 404 200 404 404 sign-in", values=here(invite_id="invite")),
    "people:invite-revoke": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(invite_id="invite")
    ),
    "people:ask-to-join": Row(
        GET="200 302 302 302 200 200", POST="422 302 302 302 422 422", values=here()
    ),
    "people:asked-words": Row(
        GET="200 200 200 200 200 200", POST="422 422 422 422 422 422", values=here()
    ),
    "people:asked": Row(GET="200 200 200 200 200 200", values=here(token="asked token")),
    "people:join-requests": Row(GET="sign-in 404 200 200 404 sign-in", values=here()),
    "people:join-request-answer": Row(
        POST="sign-in 404 302 302 404 sign-in", values=here(request_id="join request")
    ),
    "people:poster": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:me": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:my-name": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:my-age": Row(
        GET="sign-in 404 404 404 404 sign-in", POST="sign-in 404 404 404 404 sign-in", values=here()
    ),
    "people:person-age": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 302 404 sign-in",
        values=here(person_id="Bo"),
        unproven="prove",
    ),
    "people:my-languages": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:quiet-hours": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "people:test-phone": Row(POST="sign-in 409 302 409 404 sign-in", values=here()),
    "people:addresses": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:phone": Row(POST="sign-in 422 422 422 404 sign-in", values=here()),
    "people:phone-ways": Row(
        POST="sign-in 404 422 404 404 sign-in", values=here(address_id="mobile")
    ),
    "people:address": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 422 404 404 sign-in",
        values=here(address_id="address"),
    ),
    "people:address-again": Row(  # no mail server is named here
        POST="sign-in 404 409 404 404 sign-in", values=here(address_id="address")
    ),
    "people:address-move": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(address_id="address")
    ),
    "people:address-remove": Row(
        POST="sign-in 302 302 302 404 sign-in", values=here(address_id="address")
    ),
    "people:push": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:push-end": Row(
        POST="sign-in 302 302 302 404 sign-in", values=here(address_id="ringing phone")
    ),
    "people:push-again": Row(POST="404 404 404 404 404 404"),
    "people:card": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:card-file": Row(GET="sign-in 404 404 404 404 sign-in", values=here()),
    "people:moving": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "people:erasing": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:house-name": Row(POST="sign-in 404 404 404 404 sign-in", values=here(person_id="Bo")),
    "people:house-down": Row(
        GET="sign-in 404 404 404 404 sign-in",
        POST="sign-in 404 404 404 404 sign-in",
        values=here(person_id="Bo"),
    ),
    "trust:deaths": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "trust:not-died": Row(
        POST="sign-in 404 404 404 404 sign-in", values=here(person_id="Bo"), unproven="prove"
    ),
    "home:ending": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "home:machine": Row(GET="sign-in 404 404 200 404 sign-in", values=here(), unproven="prove"),
    "people:leaving": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "people:left": Row(GET="200 200 200 200 200 200"),
    "people:pod": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:pod-sheet": Row(GET="sign-in 302 200 200 404 sign-in", values=here()),
    "people:hello": Row(POST="sign-in 409 302 302 404 sign-in", values=here()),
    "people:hello-back": Row(POST="sign-in 302 302 302 404 sign-in", values=here()),
    "people:groups": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:open-group": Row(
        GET="sign-in 404 200 200 404 sign-in", POST="sign-in 404 422 422 404 sign-in", values=here()
    ),
    "people:group": Row(GET="sign-in 200 200 200 404 sign-in", values=here(circle_id="group")),
    "people:change-group": Row(
        GET="sign-in 404 200 200 404 sign-in",
        POST="sign-in 404 422 422 404 sign-in",
        values=here(circle_id="group"),
    ),
    "people:group-part": Row(
        GET="sign-in 404 200 200 404 sign-in",
        POST="sign-in 404 302 302 404 sign-in",
        values=here(circle_id="group"),
    ),
    "people:on-call": Row(
        GET="sign-in 404 200 200 404 sign-in",
        POST="sign-in 404 422 422 404 sign-in",
        values=here(circle_id="partners"),
    ),
    "people:close-group": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 302 404 sign-in",
        values=here(circle_id="group"),
        unproven="404",
    ),
    "people:leave-group": Row(
        GET="sign-in 404 200 200 404 sign-in",
        POST="sign-in 404 302 302 404 sign-in",
        values=here(circle_id="group"),
    ),
    "people:ask-group": Row(POST="sign-in 302 409 409 404 sign-in", values=here(circle_id="group")),
    "people:ask-in": Row(
        GET="sign-in 404 200 200 404 sign-in",
        POST="sign-in 404 422 422 404 sign-in",
        values=here(circle_id="group"),
    ),
    "people:answer-ask": Row(POST="sign-in 404 302 302 404 sign-in", values=here(ask_id="ask")),
    "people:withdraw-ask": Row(POST="sign-in 302 404 404 404 sign-in", values=here(ask_id="ask")),
    "people:ask-buddy": Row(POST="sign-in 404 409 409 404 sign-in", values=here(person_id="Ada")),
    "people:answer-buddy": Row(
        POST="sign-in 404 404 302 404 sign-in", values=here(buddy_id="buddy")
    ),
    "people:withdraw-buddy": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(buddy_id="buddy")
    ),
    "people:end-buddy": Row(POST="sign-in 404 409 409 404 sign-in", values=here(buddy_id="buddy")),
    "people:person-blocks": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:block": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 302 404 404 sign-in",
        values=here(person_id="Ada"),
    ),
    "people:lift-block": Row(POST="sign-in 302 302 302 404 sign-in", values=here(block_id="block")),
    "people:roles": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:give-role": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "people:put-down-role": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 302 404 404 sign-in",
        values=here(mandate_id="mandate"),
    ),
    "people:recall-role": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(mandate_id="mandate"),
        unproven="prove",
    ),
    "people:trainings": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:confirm-training": Row(
        POST="sign-in 404 409 302 404 sign-in", values=here(training_id="training")
    ),
    "people:end-training": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(training_id="training")
    ),
    "people:rules": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:change-rule": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(key="invites.days"),
        unproven="prove",
    ),
    "people:audit": Row(GET="sign-in 404 404 200 404 sign-in", values=here(), unproven="prove"),
    "people:proof": Row(
        GET="sign-in 200 200 200 404 sign-in",
        POST="sign-in 422 422 422 404 sign-in",
        values=here(),
    ),
    "people:places": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "people:place-new": Row(
        GET="sign-in 200 200 200 404 sign-in",
        POST="sign-in 422 422 422 404 sign-in",
        values=here(kind="work"),
    ),
    "people:places-pause": Row(POST="sign-in 302 302 302 404 sign-in", values=here()),
    "people:places-resume": Row(POST="sign-in 302 302 302 404 sign-in", values=here()),
    # Both files ask for the password first: a GET answers with that page, not with the file.
    "people:places-file": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:middle": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "people:place": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 422 404 404 sign-in",
        values=here(place_id="place"),
    ),
    "people:place-delete": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 302 404 404 sign-in",
        values=here(place_id="place"),
    ),
    "people:this-phone": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "people:phone-taken": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "people:alert-key-end": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(key_id="alert key")
    ),
    "people:export": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "trust:vouch": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 422 404 404 sign-in",
        values=here(person_id="Dee"),
    ),
    "trust:seen": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "trust:stop-showing": Row(
        POST="sign-in 302 302 302 404 sign-in", values=here(disclosure_id="disclosure")
    ),
    "trust:lockdown": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "trust:lock": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "trust:unlock": Row(POST="sign-in 404 404 302 404 sign-in", values=here(), unproven="prove"),
    "trust:unlock-first": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "trust:report": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    # Everybody who was there may say so: of this call Bo, who asked, and Ada, who came.
    "trust:report-about": Row(
        GET="sign-in 404 200 200 404 sign-in",
        POST="sign-in 404 422 422 404 sign-in",
        values=lambda street: here(thing_id="alert")(street) | {"about": "alert"},
    ),
    "trust:report-sent": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "trust:my-reports": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "trust:take-back": Row(POST="sign-in 302 302 302 404 sign-in", values=here(report_id="report")),
    "trust:reports": Row(GET="sign-in 404 404 200 404 sign-in", values=here(), unproven="404"),
    "trust:one-report": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(report_id="report"),
        unproven="404",
    ),
    "trust:take": Row(
        POST="sign-in 404 404 302 404 sign-in", values=here(report_id="report"), unproven="404"
    ),
    "trust:give-back": Row(
        POST="sign-in 404 404 302 404 sign-in", values=here(report_id="report"), unproven="404"
    ),
    "trust:paper": Row(
        GET="sign-in 302 200 200 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "trust:paper-hangs": Row(POST="sign-in 404 302 404 404 sign-in", values=here()),
    "trust:paper-sheet": Row(GET="sign-in 302 200 200 404 sign-in", values=here()),
    "trust:paper-file": Row(GET="sign-in 302 200 200 404 sign-in", values=here()),
    "alerts:all": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "alerts:coverage": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "alerts:late": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "alerts:see-me-home": Row(
        GET="sign-in 200 200 200 404 sign-in",
        POST="sign-in 422 422 422 404 sign-in",
        values=here(),
    ),
    "alerts:see-me-home-say": Row(
        POST="sign-in 404 404 404 404 sign-in", values=here(check_in_id="way")
    ),
    "alerts:late-way": Row(POST="sign-in 404 404 404 404 sign-in", values=here(check_in_id="way")),
    "alerts:late-look-in": Row(
        POST="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert")
    ),
    "alerts:late-say": Row(POST="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:late-spoke": Row(
        POST="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert", person_id="Bo")
    ),
    "alerts:tonight": Row(POST="sign-in 404 404 404 404 sign-in", values=here()),
    "alerts:pauses": Row(GET="sign-in 404 404 404 404 sign-in", values=here()),
    "alerts:lift": Row(POST="sign-in 404 404 404 404 sign-in", values=here(person_id="Bo")),
    "alerts:one": Row(GET="sign-in 404 200 200 404 sign-in", values=here(alert_id="alert")),
    "alerts:live": Row(GET="sign-in 404 200 200 404 sign-in", values=here(alert_id="alert")),
    "alerts:picture": Row(GET="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:stop": Row(POST="sign-in 404 409 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:answer": Row(POST="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:arrived": Row(POST="sign-in 404 404 302 404 sign-in", values=here(alert_id="alert")),
    "alerts:at-home": Row(POST="sign-in 404 404 302 404 sign-in", values=here(alert_id="alert")),
    "alerts:allow": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(alert_id="alert", person_id="Ada")
    ),
    "alerts:remove": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(alert_id="alert", person_id="Ada")
    ),
    "alerts:more-people": Row(
        POST="sign-in 404 302 404 404 sign-in", values=here(alert_id="alert")
    ),
    "alerts:wider": Row(POST="sign-in 404 409 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:line": Row(POST="sign-in 404 409 409 404 sign-in", values=here(alert_id="alert")),
    "alerts:task": Row(POST="sign-in 404 409 409 404 sign-in", values=here(alert_id="alert")),
    "alerts:task-act": Row(
        POST="sign-in 404 302 302 404 sign-in",
        values=here(alert_id="alert", task_id="alert task", what="take"),
    ),
    "alerts:second": Row(POST="sign-in 404 422 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:confirm": Row(POST="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:im-safe": Row(POST="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:say-more": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 422 404 404 sign-in",
        values=here(alert_id="alert"),
    ),
    "alerts:end": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 404 404 404 sign-in",
        values=here(alert_id="alert"),
    ),
    "alerts:opened": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 422 404 404 sign-in",
        values=here(alert_id="alert"),
    ),
    "alerts:after": Row(POST="sign-in 404 404 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:keep": Row(POST="sign-in 404 409 404 404 sign-in", values=here(alert_id="alert")),
    "alerts:erase": Row(
        GET="sign-in 404 404 404 404 sign-in",
        POST="sign-in 404 409 404 404 sign-in",
        values=here(alert_id="alert"),
    ),
    # Whoever holds the link: the link itself is the right to read it.
    "alerts:linked": Row(
        GET="200 200 200 200 200 200",
        POST="404 404 404 404 404 404",
        values=here(token="answer link"),
    ),
    "alerts:link-where": Row(POST="200 200 200 200 200 200", values=here(token="answer link")),
    "alerts:help": Row(
        GET="200 200 200 200 200 200", POST="409 422 422 422 409 409", values=here()
    ),
    "alerts:missing": Row(
        GET="200 200 200 200 200 200", POST="409 422 422 422 409 409", values=here()
    ),
    "alerts:not-sent": Row(GET="200 200 200 200 200 200", values=here()),
    "alerts:note": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 422 404 404 sign-in",
        values=here(alert_id="note"),
    ),
    "alerts:my-people": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "alerts:my-numbers": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "alerts:drop-person": Row(POST="sign-in 302 302 302 404 sign-in", values=here(person_id="Ada")),
    "alerts:my-calls": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 302 302 302 404 sign-in", values=here()
    ),
    "alerts:ready-texts": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "sharing:board": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "sharing:mine": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "sharing:digest": Row(POST="sign-in 302 302 302 404 sign-in", values=here()),
    "sharing:choose": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 422 422 404 sign-in", values=here()
    ),
    "sharing:elsewhere": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "sharing:ask": Row(
        GET="sign-in 200 200 200 404 sign-in",
        POST="sign-in 422 422 422 404 sign-in",
        values=here(category="food"),
    ),
    "sharing:offers": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "sharing:offer": Row(
        GET="sign-in 200 200 200 404 sign-in",
        POST="sign-in 422 422 422 404 sign-in",
        values=here(category="carry"),
    ),
    "sharing:stop-offer": Row(
        POST="sign-in 302 302 302 404 sign-in", values=here(category="carry")
    ),
    "sharing:pause-offers": Row(POST="sign-in 302 302 302 404 sign-in", values=here()),
    "sharing:not-now": Row(POST="sign-in 404 404 302 404 sign-in", values=here(need_id="need")),
    # What is open is everybody's here to read; Bo asked for it, and Ada is agreed.
    "sharing:one": Row(GET="sign-in 200 200 200 404 sign-in", values=here(need_id="need")),
    "sharing:help": Row(POST="sign-in 409 409 302 404 sign-in", values=here(need_id="need")),
    "sharing:desk": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 302 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    # Nobody but Ada offered such help, and she is asked already.
    "sharing:on-desk": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 409 404 sign-in",
        values=here(need_id="need"),
        unproven="prove",
    ),
    # Somebody without an account rang, and Bo offered to help; another one is to be rung back.
    "sharing:call": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "sharing:spreadsheet": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(),
        unproven="prove",
    ),
    "sharing:ring-back": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 422 404 sign-in",
        values=here(intake_id="ring back"),
        unproven="prove",
    ),
    "sharing:drop-call": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 302 404 sign-in",
        values=here(intake_id="ring back"),
        unproven="prove",
    ),
    "sharing:reach": Row(
        GET="sign-in 404 404 200 404 sign-in", values=here(need_id="guest need"), unproven="prove"
    ),
    "sharing:take-back-for": Row(
        GET="sign-in 404 404 200 404 sign-in",
        POST="sign-in 404 404 302 404 sign-in",
        values=here(need_id="guest need"),
        unproven="prove",
    ),
    "sharing:act-for": Row(
        POST="sign-in 404 404 302 404 sign-in",
        values=here(need_id="guest need", match_id="guest match", what="yes"),
        unproven="prove",
    ),
    # Bo made a link to it: whoever has it reads what and when.
    "sharing:outside": Row(GET="200 200 200 200 200 200", values=here(shared_as="need link")),
    # Somebody without an account asks and comes back with six words; whoever has an account is led
    # to the board. Nothing was typed before, no words are known, and no page was opened with them.
    "sharing:outside-ask": Row(GET="200 302 302 302 200 200", values=here()),
    "sharing:outside-questions": Row(
        GET="200 302 302 302 200 200", POST="422 302 302 302 422 422", values=here(category="food")
    ),
    "sharing:outside-words": Row(
        GET="302 302 302 302 302 302", POST="302 302 302 302 302 302", values=here()
    ),
    "sharing:outside-sent": Row(GET="200 200 200 200 200 200", values=here()),
    "sharing:outside-back": Row(
        GET="200 200 200 200 200 200", POST="422 422 422 422 422 422", values=here()
    ),
    "sharing:outside-act": Row(
        POST="403 403 403 403 403 403",
        values=here(need_id="guest need", match_id="guest match", what="yes"),
    ),
    "sharing:link": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 302 404 404 sign-in",
        values=here(need_id="need"),
    ),
    "sharing:poster": Row(GET="sign-in 404 200 404 404 sign-in", values=here(need_id="need")),
    "sharing:take-back": Row(
        GET="sign-in 404 200 404 404 sign-in",
        POST="sign-in 404 302 404 404 sign-in",
        values=here(need_id="need"),
    ),
    "sharing:act": Row(
        POST="sign-in 404 302 302 404 sign-in",
        values=here(need_id="need", match_id="match", what="done"),
    ),
    "home:welcome": Row(GET="200 302 302 302 302 200"),
    "home:alive": Row(GET="200 200 200 200 200 200"),
    "home:demo-sign-in": Row(POST="404 404 404 404 404 404"),
    "home:where": Row(GET="sign-in 404 302 404 404 sign-in", values=there(thing="notice")),
    "home:home": Row(
        GET="sign-in 200 200 200 404 sign-in", POST="sign-in 422 302 302 404 sign-in", values=here()
    ),
    "home:emergency": Row(GET="200 200 200 200 200 200", values=here()),
    "home:more": Row(GET="sign-in 200 200 200 404 sign-in", values=here()),
    "home:kept": Row(GET="200 200 200 200 200 200", values=here()),
    "home:limits": Row(GET="200 200 200 200 200 200", values=here()),
}
