"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.trust.views import deaths, lockdown, paper, reports, seen, vouches

app_name = "trust"
urlpatterns: list[URLPattern] = [
    path("n/<slug:slug>/vouch/<uuid:person_id>/", vouches.vouch, name="vouch"),
    path("n/<slug:slug>/keepers/died/", deaths.died, name="deaths"),
    path("n/<slug:slug>/keepers/died/<uuid:person_id>/wrong/", deaths.not_died, name="not-died"),
    path("n/<slug:slug>/locked/", lockdown.lockdown, name="lockdown"),
    path("n/<slug:slug>/locked/lock/", lockdown.lock, name="lock"),
    path("n/<slug:slug>/locked/open/", lockdown.unlock, name="unlock"),
    path("n/<slug:slug>/locked/open/password/", lockdown.unlock_first, name="unlock-first"),
    path("n/<slug:slug>/went-wrong/", reports.report, name="report"),
    path("n/<slug:slug>/went-wrong/sent/", reports.sent, name="report-sent"),
    path("n/<slug:slug>/went-wrong/mine/", reports.my_reports, name="my-reports"),
    path(
        "n/<slug:slug>/went-wrong/mine/<uuid:report_id>/take-back/",
        reports.take_back,
        name="take-back",
    ),
    path("n/<slug:slug>/went-wrong/desk/", reports.reports, name="reports"),
    path("n/<slug:slug>/went-wrong/desk/<uuid:report_id>/", reports.one_report, name="one-report"),
    path("n/<slug:slug>/went-wrong/desk/<uuid:report_id>/take/", reports.take, name="take"),
    path(
        "n/<slug:slug>/went-wrong/desk/<uuid:report_id>/give-back/",
        reports.give_back,
        name="give-back",
    ),
    path(
        "n/<slug:slug>/went-wrong/<slug:about>/<uuid:thing_id>/",
        reports.report_about,
        name="report-about",
    ),
    path("n/<slug:slug>/pod/paper/", paper.paper, name="paper"),
    path("n/<slug:slug>/pod/paper/hangs/", paper.hangs, name="paper-hangs"),
    path("n/<slug:slug>/pod/paper/sheet/", paper.sheet, name="paper-sheet"),
    path("n/<slug:slug>/pod/paper/sheet.pdf", paper.sheet_file, name="paper-file"),
    path("n/<slug:slug>/me/seen/", seen.seen, name="seen"),
    path("n/<slug:slug>/me/seen/<uuid:disclosure_id>/stop/", seen.stop, name="stop-showing"),
]
