"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.sharing.views import asking, board, one

HERE = "n/<slug:slug>/board/"
NEED = HERE + "<uuid:need_id>/"

app_name = "sharing"
urlpatterns: list[URLPattern] = [
    path(HERE, board.board, name="board"),
    path(HERE + "mine/", board.mine, name="mine"),
    path(HERE + "ask/", asking.choose, name="choose"),
    path(HERE + "ask/elsewhere/", asking.elsewhere, name="elsewhere"),
    path(HERE + "ask/<slug:category>/", asking.ask, name="ask"),
    path(NEED, one.one, name="one"),
    path(NEED + "help/", one.help_with, name="help"),
    path(NEED + "take-back/", asking.take_back, name="take-back"),
    path(NEED + "promise/<uuid:match_id>/<slug:what>/", one.act, name="act"),
]
