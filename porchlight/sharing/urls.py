"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.sharing.views import (
    asking,
    board,
    by_code,
    desk,
    intake,
    offers,
    one,
    outside,
    spreadsheet,
)

HERE = "n/<slug:slug>/board/"
NEED = HERE + "<uuid:need_id>/"
OUTSIDE = "n/<slug:slug>/ask/"
ON_DESK = HERE + "desk/<uuid:need_id>/"

app_name = "sharing"
urlpatterns: list[URLPattern] = [
    path(HERE, board.board, name="board"),
    path(HERE + "mine/", board.mine, name="mine"),
    path(HERE + "digest/", board.digest, name="digest"),
    path(HERE + "ask/", asking.choose, name="choose"),
    path(HERE + "ask/elsewhere/", asking.elsewhere, name="elsewhere"),
    path(HERE + "ask/<slug:category>/", asking.ask, name="ask"),
    path(HERE + "offers/", offers.offers, name="offers"),
    path(HERE + "offers/pause/", offers.pause_offers, name="pause-offers"),
    path(HERE + "offers/<slug:category>/", offers.offer, name="offer"),
    path(HERE + "offers/<slug:category>/stop/", offers.stop_offer, name="stop-offer"),
    path(HERE + "desk/", desk.desk, name="desk"),
    path(HERE + "desk/rows/", spreadsheet.spreadsheet, name="spreadsheet"),
    path(HERE + "desk/call/", intake.call, name="call"),
    path(HERE + "desk/call/<uuid:intake_id>/", intake.ring_back, name="ring-back"),
    path(HERE + "desk/call/<uuid:intake_id>/drop/", intake.drop_call, name="drop-call"),
    path(ON_DESK, desk.on_desk, name="on-desk"),
    path(ON_DESK + "reach/", intake.reach, name="reach"),
    path(ON_DESK + "take-back/", intake.take_back_for, name="take-back-for"),
    path(ON_DESK + "promise/<uuid:match_id>/<slug:what>/", intake.act_for, name="act-for"),
    path(OUTSIDE, by_code.outside_ask, name="outside-ask"),
    path(OUTSIDE + "words/", by_code.outside_words, name="outside-words"),
    path(OUTSIDE + "sent/", by_code.outside_sent, name="outside-sent"),
    path(OUTSIDE + "back/", by_code.outside_back, name="outside-back"),
    path(
        OUTSIDE + "back/<uuid:need_id>/<uuid:match_id>/<slug:what>/",
        by_code.outside_act,
        name="outside-act",
    ),
    path(OUTSIDE + "for/<slug:category>/", by_code.outside_questions, name="outside-questions"),
    path(NEED, one.one, name="one"),
    path("n/<slug:slug>/asks/<slug:shared_as>/", outside.outside, name="outside"),
    path(NEED + "link/", outside.link, name="link"),
    path(NEED + "poster/", outside.poster, name="poster"),
    path(NEED + "not-now/", offers.not_now, name="not-now"),
    path(NEED + "help/", one.help_with, name="help"),
    path(NEED + "take-back/", asking.take_back, name="take-back"),
    path(NEED + "promise/<uuid:match_id>/<slug:what>/", one.act, name="act"),
]
