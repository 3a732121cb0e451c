"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.alerts.views import (
    acts,
    beforehand,
    check_ins,
    coverage,
    ends,
    holding,
    late,
    links,
    lists,
    live,
    more,
    notes,
    one,
    raising,
)

HERE = "n/<slug:slug>/"
ALERT = HERE + "alerts/<uuid:alert_id>/"

app_name = "alerts"
urlpatterns: list[URLPattern] = [
    # calling for help
    path(HERE + "help/", raising.help_page, name="help"),
    path(HERE + "help/missing/", raising.missing, name="missing"),
    path(HERE + "help/not-sent/", holding.not_sent, name="not-sent"),
    path(HERE + "notes/<uuid:alert_id>/", notes.note, name="note"),
    # beforehand
    path(HERE + "me/people/", beforehand.my_people, name="my-people"),
    path(HERE + "me/people/<uuid:person_id>/drop/", beforehand.drop_person, name="drop-person"),
    path(HERE + "me/people/numbers/", check_ins.my_numbers, name="my-numbers"),
    path(HERE + "coverage/", coverage.who_would_come, name="coverage"),
    path(HERE + "me/calls/", beforehand.my_calls, name="my-calls"),
    path(HERE + "me/this-phone/", beforehand.ready_texts, name="ready-texts"),
    # the page of an alert
    path(HERE + "alerts/", lists.all_alerts, name="all"),
    path(HERE + "late/", late.late, name="late"),
    path(HERE + "see-me-home/", check_ins.see_me_home, name="see-me-home"),
    path(HERE + "see-me-home/<uuid:check_in_id>/", check_ins.say, name="see-me-home-say"),
    path(HERE + "late/way/<uuid:check_in_id>/", check_ins.about, name="late-way"),
    path(HERE + "late/after/<uuid:alert_id>/", late.look_in, name="late-look-in"),
    path(HERE + "late/<uuid:alert_id>/", late.say, name="late-say"),
    path(HERE + "late/<uuid:alert_id>/<uuid:person_id>/", late.spoke, name="late-spoke"),
    path(HERE + "alerts/tonight/", lists.tonight, name="tonight"),
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
    path(ALERT + "second/", acts.second, name="second"),
    path(ALERT + "true/", acts.confirm, name="confirm"),
    path(ALERT + "im-safe/", acts.im_safe, name="im-safe"),
    path(ALERT + "say/", more.say_more, name="say-more"),
    path(ALERT + "end/", ends.end, name="end"),
    path(ALERT + "opened/", ends.opened, name="opened"),
    path(ALERT + "after/", ends.after, name="after"),
    path(ALERT + "keep/", ends.keep, name="keep"),
    path(ALERT + "erase/", ends.erase, name="erase"),
    # by link, signed out
    path(HERE + "a/<str:token>/", links.linked, name="linked"),
    path(HERE + "a/<str:token>/where/", links.where, name="link-where"),
]
