"""Who may do what in which state, beyond tests/doors_table.py. Reviewed by people; only exceptions.

An address that comes later needs its row in doors_table.py and nothing here: what it answers the
visitors below follows from that row. What differs from the rule is written down here, a line each.

| visitor | who it is | rule |
|---|---|---|
| left | kept the browser they were signed in with, and left the network | as nobody |
| expired | Ada's browser, whose session ran out | as nobody |
| device | signed out, holds Bo's key for calling | as nobody |
| Gus | member of the same network, in another pod | a thing of others: 404; else as Bo |
| Cora | the same, and coordinates calls | a thing of others: 404; else as Bo |
| Eve | in Bo's group, kept apart from Bo | a thing of others: 404; else as Bo |
| Tom | the same as Gus, and treasurer | a thing of others: 404; else as Bo |
| Dina | the same as Gus, and dispatcher | a thing of others: 404; else as Bo |
| Yara | in Bo's pod, under 18 | a thing of others: 404; else as Bo |
| Hal | in Bo's pod and household | a thing of others: 404; else as Bo |

`quiet`: 302 to the page it stands on, and nothing happens, as for a thing that does not exist.
`shut`: 409 for whoever comes and whatever they name, also for what does not exist.
`known`: 404 for something that they may know of, so it need not look as if it did not exist.
`.`: the rule holds.
"""

AS_NOBODY = ("left", "expired", "device")
MEMBERS = ("Gus", "Cora", "Eve", "Tom", "Dina", "Yara", "Hal")

MEMBER_ROWS: dict[str, str] = {
    # Gus, Cora, Eve, Tom, Dina, Yara, Hal
    "people:address-remove POST": "quiet quiet quiet quiet quiet quiet quiet",
    "people:push-end POST": "quiet quiet quiet quiet quiet quiet quiet",
    "people:lift-block POST": "quiet quiet quiet quiet quiet quiet quiet",
    "trust:stop-showing POST": "quiet quiet quiet quiet quiet quiet quiet",
    "alerts:drop-person POST": "quiet quiet quiet quiet quiet quiet quiet",
    "people:device-end POST": "quiet quiet quiet quiet quiet quiet quiet",
    "trust:take-back POST": "quiet quiet quiet quiet quiet quiet quiet",
    # Whoever knocks at the door of the network may be answered by any member.
    "people:join-request-answer POST": "302 302 302 302 302 404 302",
    # No phone of their own that could be tested.
    "people:test-phone POST": "409 409 409 409 409 409 409",
    # The name and purpose of a group are everybody's here; Eve is in it.
    "people:group GET": "200 200 200 200 200 200 200",
    "people:ask-group POST": "302 302 409 302 302 302 302",
    "people:change-group GET": ". . 200 . . . .",
    "people:change-group POST": ". . 422 . . . .",
    "people:group-part GET": ". . 200 . . . .",
    "people:group-part POST": ". . 302 . . . .",
    "people:leave-group GET": ". . 200 . . . .",
    "people:leave-group POST": ". . 302 . . . .",
    "people:ask-in GET": ". . 200 . . . .",
    "people:ask-in POST": ". . 422 . . . .",
    # Of Ada, whom Eve meets in the group, Yara (under 18) and Hal in the pod; Eve has no pod.
    "people:ask-buddy POST": ". . 302 . . 409 302",
    "people:block GET": ". . 200 . . 200 200",
    "people:block POST": ". . 302 . . 302 302",
    "people:pod-sheet GET": ". . 302 . . . .",
    "trust:paper GET": ". . 302 . . . .",
    # Only who looks after the paper of their pod; keepers and coordinators read reports.
    "trust:paper-hangs POST": "404 404 404 404 404 404 404",
    "trust:reports GET": ". 200 . . . . .",
    "trust:paper-file GET": ". . 302 . . . .",
    "trust:paper-sheet GET": ". . 302 . . . .",
    "people:hello POST": ". . 409 . . . .",
    "home:home POST": ". . 422 . . . .",
    # Whoever coordinates sees calls of other pods, may say «yes, this person» and end them with a
    # second one, reads texts that nobody understood, and talks with those whose doors are paused.
    "alerts:one GET": ". 200 . . . . 200",
    "alerts:live GET": ". 200 . . . . 200",
    "alerts:allow POST": ". 302 . . . . .",
    "alerts:end GET": ". 200 . . . . .",
    "alerts:tonight POST": ". 302 . . . . .",
    "alerts:pauses GET": ". 200 . . . . .",
    "alerts:lift POST": ". 302 . . . . .",
    "notices:inbox GET": ". 200 . . 200 . .",
    "notices:handled POST": ". 302 . . 302 . .",
    # What somebody asks for is everybody's to read and to help with; not Eve's, whom Bo keeps away,
    # and nobody under 18 promises anything.
    "sharing:one GET": "200 200 . 200 200 200 200",
    "sharing:help POST": "302 302 . 302 302 409 302",
    "sharing:outside GET": ". . 404 . . . .",
    # The desk is whoever's mandate it is; nobody but Ada offered such help, and she is asked.
    "sharing:desk GET": ". . . . 200 . .",
    "sharing:desk POST": ". . . . 302 . .",
    "sharing:on-desk GET": ". . . . 200 . .",
    "sharing:on-desk POST": ". . . . 409 . .",
    "sharing:spreadsheet GET": ". . . . 200 . .",
    "sharing:spreadsheet POST": ". . . . 422 . .",
    "sharing:call GET": ". . . . 200 . .",
    "sharing:call POST": ". . . . 422 . .",
    "sharing:ring-back GET": ". . . . 200 . .",
    "sharing:ring-back POST": ". . . . 422 . .",
    "sharing:drop-call GET": ". . . . 200 . .",
    "sharing:drop-call POST": ". . . . 302 . .",
    "sharing:reach GET": ". . . . 200 . .",
    "sharing:take-back-for GET": ". . . . 200 . .",
    "sharing:take-back-for POST": ". . . . 302 . .",
    "sharing:act-for POST": ". . . . 302 . .",
    # Hal was called like all of Bo's pod and did not say yet that he comes. Yara never is.
    "alerts:arrived POST": ". . . . . . 409",
    "alerts:at-home POST": ". . . . . . 409",
    # Asks to the pod are answered by whoever is in it and is 18; trainings are confirmed by nobody
    # of the household.
    "people:answer-ask POST": ". . . . . . 302",
    "people:confirm-training POST": ". . . . . . 409",
    # Under 18: hands out no invites, answers no strangers, says of nobody that they saw them.
    "people:invites POST": ". . . . . 422 .",
    "people:join-requests GET": ". . . . . 404 .",
    "people:saw GET": ". . . . . 404 .",
    "people:saw POST": ". . . . . 404 .",
    "people:my-age GET": ". . . . . 200 .",
    "people:my-age POST": ". . . . . 302 .",
}

DEVICE_ROWS: dict[str, str] = {
    # It raises, and follows and ends its owner's own call; nothing else opens.
    "alerts:help POST": "422",
    "alerts:missing POST": "422",
    "alerts:one GET": "200",
    "alerts:live GET": "200",
    "alerts:picture GET": "404",
    "alerts:stop POST": "409",
    "alerts:allow POST": "302",
    "alerts:remove POST": "302",
    "alerts:more-people POST": "302",
    "alerts:wider POST": "409",
    "alerts:line POST": "409",
    "alerts:task POST": "409",
    "alerts:task-act POST": "302",
    "alerts:say-more GET": "200",
    "alerts:say-more POST": "422",
    "alerts:end GET": "200",
    "alerts:end POST": "404",
    "alerts:note GET": "200",
    "alerts:note POST": "422",
}

STATE_VISITORS = ("Dee", "Bo", "Ada", "Gus", "Cora", "Eve", "device", "Yara", "Hal")
STATES: dict[str, dict[str, str]] = {
    # Dee, Bo (who asked), Ada (in his pod), Gus, Cora (coordinates), Eve, Bo's device, Yara, Hal;
    # or «all»
    "alert verifying": {  # Ada is asked whether it is true; there is no list of tasks yet
        "alerts:one GET": ". . . . . . . . 404",
        "alerts:live GET": ". . . . . . . . 404",
        "alerts:arrived POST": ". . 409 . . . . . 404",
        "alerts:at-home POST": ". . 409 . . . . . 404",
        "alerts:line POST": ". . 404 . . . . . .",
        "alerts:task POST": ". . 404 . . . . . .",
        "alerts:task-act POST": ". 404 404 . . . 404 . .",
        # Nobody more hears of it before it is checked; its kind stands, so nothing must be said.
        "alerts:more-people POST": ". 409 . . . . 409 . .",
        "alerts:say-more POST": ". 302 . . . . 302 . .",
    },
    "alert enough": {"alerts:task-act POST": ". 404 404 . . . 404 . ."},
    "alert over": {
        "alerts:arrived POST": ". . 409 . . . . . .",
        "alerts:task-act POST": ". 409 409 . . . 409 . .",
        "alerts:link-where POST": "all 302",
        "alerts:allow POST": ". 409 . . 409 . 409 . .",
        "alerts:remove POST": ". 409 . . . . 409 . .",
        "alerts:more-people POST": ". 409 . . . . 409 . .",
        "alerts:end GET": ". 404 . . 404 . 404 . .",
        "alerts:erase GET": ". 200 . . . . . . .",
        "alerts:erase POST": ". 302 . . . . . . .",
        "alerts:keep POST": ". 302 . . . . . . .",
        "alerts:say-more GET": ". 302 . . . . 302 . .",
        "alerts:say-more POST": ". 302 . . . . 302 . .",
    },
    "alert cancelled": {  # nobody heard of it, and nobody learns that there was one
        "alerts:one GET": ". . 404 . 404 . . . 404",
        "alerts:live GET": ". . 404 . 404 . . . 404",
        "alerts:arrived POST": ". . 404 . . . . . 404",
        "alerts:at-home POST": ". . 404 . . . . . 404",
        "alerts:line POST": ". . 404 . . . . . .",
        "alerts:task POST": ". . 404 . . . . . .",
        "alerts:task-act POST": ". 409 404 . . . 409 . .",
        "alerts:allow POST": ". 409 . . 404 . 409 . .",
        "alerts:remove POST": ". 409 . . . . 409 . .",
        "alerts:more-people POST": ". 409 . . . . 409 . .",
        "alerts:stop POST": ". 302 . . . . 302 . .",
        "alerts:end GET": ". 404 . . 404 . 404 . .",
        "alerts:erase GET": ". 200 . . . . . . .",
        "alerts:erase POST": ". 302 . . . . . . .",
        "alerts:say-more GET": ". 302 . . . . 302 . .",
        "alerts:say-more POST": ". 302 . . . . 302 . .",
    },
    "ask answered": {
        "people:answer-ask POST": ". 409 409 . . . . . 409",
        "people:withdraw-ask POST": "409 . . . . . . . .",
    },
    "buddies": {
        "people:answer-buddy POST": ". . 409 . . . . . .",
        "people:withdraw-buddy POST": ". 409 . . . . . . .",
        "people:end-buddy POST": ". 302 302 . . . . . .",
    },
    "reset stopped": {
        "people:reset-seen GET": ". . 404 . . . . . .",
        "people:reset-seen POST": ". . 404 . . . . . .",
        "people:reset-words POST": ". . 404 . . . . . .",
    },
    "notice over": {
        "notices:link POST": "all 409",
        "notices:tap POST": "all 409",
    },
    "locked": {  # whoever asks, and for whatever; calls for help go on as before
        "notices:inbox GET": "all shut",
        "people:ask-to-join GET": "all shut",
        "people:ask-to-join POST": "all shut",
        "people:export GET": "all shut",
        "people:export POST": "all shut",
        "people:give-role GET": "all shut",
        "people:give-role POST": "all shut",
        "people:invite GET": "all shut",
        "people:invite-link GET": "all shut",
        "people:invite-link POST": "all shut",
        "people:invites GET": "all shut",
        "people:invites POST": "all shut",
        "people:join 2 GET": "all shut",
        "people:join 2 POST": "all shut",
        "people:join-end GET": "all shut",
        "people:join-end POST": "all shut",
        "people:join-name GET": "all shut",
        "people:join-name POST": "all shut",
        "people:join-request-answer POST": "all shut",
        "people:join-requests GET": "all shut",
        "people:lost GET": "all shut",
        "people:lost POST": "all shut",
        "people:phone-taken-from GET": "all shut",
        "people:phone-taken-from POST": "all shut",
        "people:places-file GET": "all shut",
        "people:places-file POST": "all shut",
        "people:recall-role GET": "all shut",
        "people:recall-role POST": "all shut",
        "people:recover GET": "all shut",
        "people:recover POST": "all shut",
        "people:reset GET": "all shut",
        "people:reset POST": "all shut",
        "people:reset-seen GET": "all shut",
        "people:reset-seen POST": "all shut",
        "people:reset-words POST": "all shut",
        "people:resets GET": "all shut",
        "people:resets POST": "all shut",
        "people:saw GET": "all shut",
        "people:saw POST": "all shut",
        "sharing:desk GET": "all shut",
        "sharing:desk POST": "all shut",
        "sharing:on-desk GET": "all shut",
        "sharing:on-desk POST": "all shut",
        "sharing:spreadsheet GET": "all shut",
        "sharing:spreadsheet POST": "all shut",
        "sharing:call GET": "all shut",
        "sharing:call POST": "all shut",
        "sharing:ring-back GET": "all shut",
        "sharing:ring-back POST": "all shut",
        "sharing:drop-call GET": "all shut",
        "sharing:drop-call POST": "all shut",
        "sharing:reach GET": "all shut",
        "sharing:take-back-for GET": "all shut",
        "sharing:take-back-for POST": "all shut",
        "sharing:act-for POST": "all shut",
    },
    # Dee, Bo, Ada, Gus, Cora, Eve, Bo's device, Yara, Hal
    "Bo died": {  # his call is over, nothing of his asks any more, and his house stays for the pod
        "alerts:arrived POST": ". . 409 . . . . . .",
        "alerts:task-act POST": ". . 409 . . . . . .",
        "alerts:link-where POST": "all 302",
        "alerts:allow POST": ". . . . 409 . . . .",
        "alerts:end GET": ". . . . 404 . . . .",
        "notices:link GET": "all 404",
        "notices:link POST": "all 404",
        "notices:tap POST": "all 404",
        "people:answer-buddy POST": ". . 404 . . . . . .",
        "people:end-buddy POST": ". . 404 . . . . . .",
        "people:confirm-training POST": ". . 404 . . . . . 404",
        "people:recall-role GET": ". . 404 . . . . . .",
        "people:recall-role POST": ". . 404 . . . . . .",
        "people:person-age GET": ". . 404 . . . . . .",
        "people:person-age POST": ". . 404 . . . . . .",
        "people:house-name POST": ". . 302 . . . . 302 302",
        "people:house-down GET": ". . 200 . . . . 200 200",
        "people:house-down POST": ". . 302 . . . . 302 302",
        "trust:not-died POST": ". . 302 . . . . . .",
        # What he asked for is over; Ada, who was agreed, can still read that it is.
        "sharing:one GET": "404 . . 404 404 . . 404 404",
        "sharing:help POST": "404 . 404 404 404 . . 404 404",
        "sharing:outside GET": "all 404",
        # A newcomer sees the groups of whoever invited them, and he is in none now.
        "people:group GET": "404 . . . . . . . .",
        "people:ask-group POST": "404 . . . . . . . .",
    },
    "roles over": {
        "people:put-down-role GET": ". 404 . . . . . . .",
        "people:put-down-role POST": ". 404 . . . . . . .",
        "people:close-group GET": ". . known . . . . . .",
        "people:close-group POST": ". . known . . . . . .",
    },
    "place deleted": {
        "people:place GET": ". 404 . . . . . . .",
        "people:place POST": ". 404 . . . . . . .",
        "people:place-delete GET": ". 404 . . . . . . .",
        "people:place-delete POST": ". 404 . . . . . . .",
    },
}
"""State of a thing: address and method: what each of STATE_VISITORS is answered then."""
# «Ada recalled»: 404 where she would have to prove herself first (doors_table.py), else as Ada.
STATE_AS: dict[tuple[str, str], str] = {
    ("Bo died", "Bo"): "nobody",
    ("Bo died", "device"): "nobody",
    ("alert keys ended", "device"): "nobody",
    ("roles over", "Ada"): "Ada recalled",
    ("roles over", "Cora"): "Gus",
    ("roles over", "Tom"): "Gus",
    ("roles over", "Dina"): "Gus",
}
"""State and visitor: as whom they are answered then, where a row says nothing else."""
