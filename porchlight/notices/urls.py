from django.urls import path

from porchlight.notices.views import inbox, news, phones

app_name = "notices"
urlpatterns = [
    path("n/<slug:slug>/news/", news.news_page, name="news"),
    path("n/<slug:slug>/news/live", news.news_live, name="live"),
    path("n/<slug:slug>/news/bell", news.bell, name="bell"),
    path("n/<slug:slug>/news/<uuid:notice_id>/", news.open_notice, name="open"),
    path("n/<slug:slug>/news/<uuid:notice_id>/answer/", news.answer_notice, name="answer"),
    path("n/<slug:slug>/inbox/", inbox.inbox_page, name="inbox"),
    path("n/<slug:slug>/inbox/<uuid:text_id>/handled/", inbox.handled, name="handled"),
    path("phones/", phones.phones_page, name="phones"),
    path("phones/<uuid:phone_id>/write/", phones.write, name="write"),
]
