"""Addresses of starting, signing in, coming in, inviting, and one's own page."""

from django.urls import URLPattern, path

from porchlight.people.views import (
    accounts,
    card,
    erasing,
    invites,
    joining,
    me,
    networks,
    push,
    reached,
    resets,
)

HERE = "n/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("start/", networks.start, name="start"),
    path(HERE + "started/", networks.founded, name="founded"),
    path(HERE + "settings/", networks.network_settings, name="network-settings"),
    # signing in
    path("sign-in/", accounts.where, name="sign-in"),
    path(HERE + "sign-in/", accounts.sign_in, name="sign-in"),
    path(HERE + "sign-out/", accounts.sign_out, name="sign-out"),
    path(HERE + "sign-out/elsewhere/", accounts.sign_out_elsewhere, name="sign-out-elsewhere"),
    path(HERE + "me/password/", accounts.password, name="password"),
    path(HERE + "me/six-words/", accounts.recovery, name="recovery"),
    path(HERE + "me/six-words/new/", accounts.recovery_words, name="recovery-words"),
    path(HERE + "six-words/", accounts.recover_page, name="recover"),
    path(HERE + "lost/", accounts.lost, name="lost"),
    path(HERE + "new-way-in/", accounts.reset, name="reset"),
    path(HERE + "keepers/lost/", resets.resets, name="resets"),
    path(HERE + "keepers/lost/<uuid:request_id>/", resets.reset_seen, name="reset-seen"),
    path(HERE + "keepers/lost/<uuid:request_id>/words/", resets.reset_words, name="reset-words"),
    path(HERE + "keepers/lost/<uuid:request_id>/stop/", resets.reset_stop, name="reset-stop"),
    # coming in
    path("join/", joining.words, name="join"),
    path(HERE + "join/", joining.words, name="join"),
    path(HERE + "join/you/", joining.name, name="join-name"),
    path(HERE + "join/end/", joining.end, name="join-end"),
    path(HERE + "join/<str:token>/", joining.invite_link, name="invite-link"),
    path(HERE + "joined/", joining.joined, name="joined"),
    # inviting, and asking at the door
    path(HERE + "invites/", invites.invites, name="invites"),
    path(HERE + "invites/<uuid:invite_id>/", invites.invite, name="invite"),
    path(HERE + "invites/<uuid:invite_id>/revoke/", invites.revoke, name="invite-revoke"),
    path(HERE + "ask-to-join/", invites.ask_to_join, name="ask-to-join"),
    path(HERE + "asked/", invites.asked_words, name="asked-words"),
    path(HERE + "asked/<str:token>/", invites.asked, name="asked"),
    path(HERE + "at-the-door/", invites.requests, name="join-requests"),
    path(HERE + "at-the-door/<uuid:request_id>/", invites.answer, name="join-request-answer"),
    path(HERE + "poster/", invites.poster, name="poster"),
    # one's own page
    path(HERE + "me/", me.me, name="me"),
    path(HERE + "me/name/", me.name, name="my-name"),
    path(HERE + "me/18/", me.age, name="my-age"),
    path(HERE + "keepers/18/<uuid:person_id>/", me.age_of, name="person-age"),
    path(HERE + "me/languages/", me.languages, name="my-languages"),
    path(HERE + "me/quiet-hours/", me.quiet_hours, name="quiet-hours"),
    path(HERE + "me/test/", me.test_phone, name="test-phone"),
    path(HERE + "me/reached/", reached.addresses, name="addresses"),
    path(HERE + "me/reached/phone/", reached.phone, name="phone"),
    path(HERE + "me/reached/<uuid:address_id>/ways/", reached.phone_ways, name="phone-ways"),
    path(HERE + "me/reached/<uuid:address_id>/", reached.address, name="address"),
    path(HERE + "me/reached/<uuid:address_id>/again/", reached.address_again, name="address-again"),
    path(HERE + "me/reached/<uuid:address_id>/move/", reached.address_move, name="address-move"),
    path(
        HERE + "me/reached/<uuid:address_id>/remove/", reached.address_remove, name="address-remove"
    ),
    path(HERE + "me/push/", push.push, name="push"),
    path(HERE + "me/push/<uuid:address_id>/end/", push.end, name="push-end"),
    path("push/again/", push.again, name="push-again"),
    path(HERE + "me/card/", card.card, name="card"),
    path(HERE + "card.vcf", card.card_file, name="card-file"),
    path(HERE + "me/moving/", me.moving, name="moving"),
    path(HERE + "me/leaving/", me.leaving, name="leaving"),
    path(HERE + "me/erasing/", erasing.erasing, name="erasing"),
    path("left/", me.left, name="left"),
]
