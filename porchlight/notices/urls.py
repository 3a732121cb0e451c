from django.urls import path

from porchlight.notices.views import calls, gateway, inbox, incoming_calls, links, news, phones

app_name = "notices"
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
    path("gateway/twilio/text/", gateway.twilio_text, name="twilio-text"),
    path(
        "gateway/twilio/receipt/<int:delivery_id>/", gateway.twilio_receipt, name="twilio-receipt"
    ),
    path("gateway/twilio/call/<int:delivery_id>/say/", calls.say, name="call-say"),
    path("gateway/twilio/call/<int:delivery_id>/key/", calls.key, name="call-key"),
    path("gateway/twilio/call/<int:delivery_id>/ended/", calls.ended, name="call-ended"),
    path("gateway/twilio/call/", incoming_calls.called, name="called"),
    path("gateway/twilio/call/key/", incoming_calls.called_key, name="called-key"),
    path("gateway/text/", gateway.json_text, name="json-text"),
    path("gateway/receipt/", gateway.json_receipt, name="json-receipt"),
    path("phones/", phones.phones_page, name="phones"),
    path("phones/<uuid:phone_id>/write/", phones.write, name="write"),
]
