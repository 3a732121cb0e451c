"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.alerts.views import acts, ends, links, lists, live, more, one

HERE = "n/<slug:slug>/"
ALERT = HERE + "alerts/<uuid:alert_id>/"

app_name = "alerts"
urlpatterns: list[URLPattern] = [
    # the page of an alert
    path(HERE + "alerts/", lists.all_alerts, name="all"),
    path(HERE + "alerts/doors/", lists.pauses, name="pauses"),
    path(HERE + "alerts/doors/<uuid:person_id>/", lists.lift, name="lift"),
    path(ALERT, one.one, name="one"),
    path(ALERT + "live/", live.stream, name="live"),
    path(ALERT + "picture/", one.picture, name="picture"),
    path(ALERT + "stop/", acts.stop, name="stop"),
    path(ALERT + "answer/", acts.answer, name="answer"),
    path(ALERT + "arrived/", acts.arrived, name="arrived"),
    path(ALERT + "home/", acts.at_home, name="at-home"),
    path(ALERT + "yes/<uuid:person_id>/", acts.allow, name="allow"),
    path(ALERT + "without/<uuid:person_id>/", acts.remove, name="remove"),
    path(ALERT + "more-people/", acts.more_people, name="more-people"),
    path(ALERT + "wider/", acts.wider, name="wider"),
    path(ALERT + "line/", acts.line, name="line"),
    path(ALERT + "task/", acts.task, name="task"),
    path(ALERT + "task/<uuid:task_id>/<slug:what>/", acts.task_act, name="task-act"),
    path(ALERT + "true/", acts.confirm, name="confirm"),
    path(ALERT + "im-safe/", acts.im_safe, name="im-safe"),
    path(ALERT + "say/", more.say_more, name="say-more"),
    path(ALERT + "end/", ends.end, name="end"),
    path(ALERT + "opened/", ends.opened, name="opened"),
    path(ALERT + "keep/", ends.keep, name="keep"),
    path(ALERT + "erase/", ends.erase, name="erase"),
    # by link, signed out
    path(HERE + "a/<str:token>/", links.linked, name="linked"),
    path(HERE + "a/<str:token>/where/", links.where, name="link-where"),
]
