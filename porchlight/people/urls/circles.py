"""Addresses of pods, groups, buddies, roles, trainings, blocks and rules."""

from django.urls import URLPattern, path

from porchlight.people.views import (
    audit,
    blocks,
    circles,
    houses,
    network_rules,
    pods,
    proof,
    roles,
)

urlpatterns: list[URLPattern] = [
    path("n/<slug:slug>/pod/", pods.pod, name="pod"),
    path("n/<slug:slug>/pod/print/", pods.pod_sheet, name="pod-sheet"),
    path("n/<slug:slug>/pod/hello/", pods.hello, name="hello"),
    path("n/<slug:slug>/pod/hello/back/", pods.hello_back, name="hello-back"),
    path("n/<slug:slug>/groups/", circles.groups, name="groups"),
    path("n/<slug:slug>/groups/new/", circles.open_group, name="open-group"),
    path("n/<slug:slug>/groups/<uuid:circle_id>/", circles.group, name="group"),
    path(
        "n/<slug:slug>/groups/<uuid:circle_id>/change/", circles.change_group, name="change-group"
    ),
    path("n/<slug:slug>/groups/<uuid:circle_id>/part/", circles.group_part, name="group-part"),
    path("n/<slug:slug>/groups/<uuid:circle_id>/close/", circles.close_group, name="close-group"),
    path("n/<slug:slug>/groups/<uuid:circle_id>/leave/", circles.leave_group, name="leave-group"),
    path("n/<slug:slug>/groups/<uuid:circle_id>/on-call/", circles.on_call, name="on-call"),
    path("n/<slug:slug>/groups/<uuid:circle_id>/ask/", circles.ask_group, name="ask-group"),
    path("n/<slug:slug>/groups/<uuid:circle_id>/ask-in/", circles.ask_in, name="ask-in"),
    path("n/<slug:slug>/asks/<uuid:ask_id>/answer/", circles.answer_ask, name="answer-ask"),
    path("n/<slug:slug>/asks/<uuid:ask_id>/withdraw/", circles.withdraw_ask, name="withdraw-ask"),
    path("n/<slug:slug>/buddies/ask/<uuid:person_id>/", pods.ask_buddy, name="ask-buddy"),
    path("n/<slug:slug>/buddies/<uuid:buddy_id>/answer/", pods.answer_buddy, name="answer-buddy"),
    path(
        "n/<slug:slug>/buddies/<uuid:buddy_id>/withdraw/",
        pods.withdraw_buddy,
        name="withdraw-buddy",
    ),
    path("n/<slug:slug>/buddies/<uuid:buddy_id>/end/", pods.end_buddy, name="end-buddy"),
    path("n/<slug:slug>/kept-away/", blocks.person_blocks, name="person-blocks"),
    path("n/<slug:slug>/kept-away/new/<uuid:person_id>/", blocks.block, name="block"),
    path("n/<slug:slug>/kept-away/<uuid:block_id>/lift/", blocks.lift_block, name="lift-block"),
    path("n/<slug:slug>/pod/houses/<uuid:person_id>/name/", houses.name, name="house-name"),
    path("n/<slug:slug>/pod/houses/<uuid:person_id>/", houses.down, name="house-down"),
    path("n/<slug:slug>/roles/", roles.roles, name="roles"),
    path("n/<slug:slug>/roles/give/", roles.give_role, name="give-role"),
    path(
        "n/<slug:slug>/roles/<uuid:mandate_id>/put-down/", roles.put_down_role, name="put-down-role"
    ),
    path("n/<slug:slug>/roles/<uuid:mandate_id>/recall/", roles.recall_role, name="recall-role"),
    path("n/<slug:slug>/trainings/", roles.trainings, name="trainings"),
    path(
        "n/<slug:slug>/trainings/<uuid:training_id>/confirm/",
        roles.confirm_training,
        name="confirm-training",
    ),
    path(
        "n/<slug:slug>/trainings/<uuid:training_id>/end/", roles.end_training, name="end-training"
    ),
    path("n/<slug:slug>/rules/", network_rules.rules, name="rules"),
    path("n/<slug:slug>/rules/<str:key>/", network_rules.change_rule, name="change-rule"),
    path("n/<slug:slug>/audit/", audit.audit, name="audit"),
    path("n/<slug:slug>/proof/", proof.proof, name="proof"),
]
