from typing import Any

from django.urls import URLPattern, path

from porchlight.notices.rules import FIRST, SECOND
from porchlight.notices.views import calls, gateway, inbox, incoming_calls, links, news, phones

app_name = "notices"


def of_gateway(start: str, provider: int) -> list[URLPattern]:
    """Where one of our gateways finds us."""

    def at(route: str, view: Any, name: str) -> URLPattern:
        named = gateway.named_for(name, provider)
        found: URLPattern = path(start + route, view, {"provider": provider}, name=named)
        return found

    ours = "twilio/call/<int:delivery_id>/"
    return [
        at("twilio/text/", gateway.twilio_text, "twilio-text"),
        at("twilio/receipt/<int:delivery_id>/", gateway.twilio_receipt, "twilio-receipt"),
        at(f"{ours}say/", calls.say, "call-say"),
        at(f"{ours}key/", calls.key, "call-key"),
        at(f"{ours}ended/", calls.ended, "call-ended"),
        at("twilio/call/", incoming_calls.called, "called"),
        at("twilio/call/key/", incoming_calls.called_key, "called-key"),
        at("text/", gateway.json_text, "json-text"),
        at("receipt/", gateway.json_receipt, "json-receipt"),
    ]


urlpatterns = [
    path("n/<slug:slug>/news/", news.news_page, name="news"),
    path("n/<slug:slug>/news/live", news.news_live, name="live"),
    path("n/<slug:slug>/news/bell", news.bell, name="bell"),
    path("n/<slug:slug>/news/<uuid:notice_id>/", news.open_notice, name="open"),
    path("n/<slug:slug>/news/<uuid:notice_id>/answer/", news.answer_notice, name="answer"),
    path("n/<slug:slug>/inbox/", inbox.inbox_page, name="inbox"),
    path("n/<slug:slug>/inbox/<uuid:text_id>/handled/", inbox.handled, name="handled"),
    path("a/<str:token>/", links.answer_link, name="link"),
    path("a/<str:token>/tap/", links.tap, name="tap"),
    *of_gateway("gateway/", FIRST),
    *of_gateway("gateway/2/", SECOND),
    path("phones/", phones.phones_page, name="phones"),
    path("phones/<uuid:phone_id>/write/", phones.write, name="write"),
]
