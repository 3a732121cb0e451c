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

`quiet`: 302 to the page it stands on, and nothing happens, as for a thing that does not exist.
`.`: the rule holds.
"""

AS_NOBODY = ("left", "expired", "device")
MEMBERS = ("Gus", "Cora", "Eve")

MEMBER_ROWS: dict[str, str] = {
    # Gus, Cora, Eve
    "people:address-remove POST": "quiet quiet quiet",
    "people:push-end POST": "quiet quiet quiet",
    "people:lift-block POST": "quiet quiet quiet",
    "trust:stop-showing POST": "quiet quiet quiet",
    "alerts:drop-person POST": "quiet quiet quiet",
    "people:device-end POST": "quiet quiet quiet",
    "trust:take-back POST": "quiet quiet quiet",
    # Whoever knocks at the door of the network may be answered by any member.
    "people:join-request-answer POST": "302 302 302",
    # No phone of their own that could be tested.
    "people:test-phone POST": "409 409 409",
    # The name and purpose of a group are everybody's here; Eve is in it.
    "people:group GET": "200 200 200",
    "people:ask-group POST": "302 302 409",
    "people:change-group GET": ". . 200",
    "people:change-group POST": ". . 422",
    "people:group-part GET": ". . 200",
    "people:group-part POST": ". . 302",
    "people:leave-group GET": ". . 200",
    "people:leave-group POST": ". . 302",
    "people:ask-in GET": ". . 200",
    "people:ask-in POST": ". . 422",
    # Of Ada, whom Eve meets in the group; Eve has no pod.
    "people:ask-buddy POST": ". . 302",
    "people:block GET": ". . 200",
    "people:block POST": ". . 302",
    "people:pod-sheet GET": ". . 302",
    "trust:paper GET": ". . 302",
    "trust:paper-file GET": ". . 302",
    "trust:paper-sheet GET": ". . 302",
    "people:hello POST": ". . 409",
    "home:home POST": ". . 422",
    # Whoever coordinates sees calls of other pods, may say «yes, this person» and end them with a
    # second one, reads texts that nobody understood, and talks with those whose doors are paused.
    "alerts:one GET": ". 200 .",
    "alerts:allow POST": ". 302 .",
    "alerts:end GET": ". 200 .",
    "alerts:pauses GET": ". 200 .",
    "alerts:lift POST": ". 302 .",
    "notices:inbox GET": ". 200 .",
    "notices:handled POST": ". 302 .",
}

DEVICE_ROWS: dict[str, str] = {
    # It raises, and follows and ends its owner's own call; nothing else opens.
    "alerts:help POST": "422",
    "alerts:missing POST": "422",
    "alerts:one GET": "200",
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

STATE_VISITORS = ("Dee", "Bo", "Ada", "Gus", "Cora", "Eve", "device")
STATES: dict[str, dict[str, str]] = {
    # Dee, Bo (who asked), Ada (in his pod), Gus, Cora (coordinates), Eve, Bo's device; or «all»
    "alert verifying": {  # Ada is asked whether it is true; there is no list of tasks yet
        "alerts:arrived POST": ". . 409 . . . .",
        "alerts:at-home POST": ". . 409 . . . .",
        "alerts:line POST": ". . 404 . . . .",
        "alerts:task POST": ". . 404 . . . .",
        "alerts:task-act POST": ". 404 404 . . . 404",
        # Nobody more hears of it before it is checked; its kind stands, so nothing must be said.
        "alerts:more-people POST": ". 409 . . . . 409",
        "alerts:say-more POST": ". 302 . . . . 302",
    },
    "alert enough": {"alerts:task-act POST": ". 404 404 . . . 404"},
    "alert over": {
        "alerts:arrived POST": ". . 409 . . . .",
        "alerts:task-act POST": ". 409 409 . . . 409",
        "alerts:link-where POST": "all 302",
        "alerts:allow POST": ". 409 . . 409 . 409",
        "alerts:remove POST": ". 409 . . . . 409",
        "alerts:more-people POST": ". 409 . . . . 409",
        "alerts:end GET": ". 404 . . 404 . 404",
        "alerts:erase GET": ". 200 . . . . .",
        "alerts:erase POST": ". 302 . . . . .",
        "alerts:keep POST": ". 302 . . . . .",
        "alerts:say-more GET": ". 302 . . . . 302",
        "alerts:say-more POST": ". 302 . . . . 302",
    },
    "alert cancelled": {  # nobody heard of it, and nobody learns that there was one
        "alerts:one GET": ". . 404 . 404 . .",
        "alerts:arrived POST": ". . 404 . . . .",
        "alerts:at-home POST": ". . 404 . . . .",
        "alerts:line POST": ". . 404 . . . .",
        "alerts:task POST": ". . 404 . . . .",
        "alerts:task-act POST": ". 409 404 . . . 409",
        "alerts:allow POST": ". 409 . . 404 . 409",
        "alerts:remove POST": ". 409 . . . . 409",
        "alerts:more-people POST": ". 409 . . . . 409",
        "alerts:stop POST": ". 302 . . . . 302",
        "alerts:end GET": ". 404 . . 404 . 404",
        "alerts:erase GET": ". 200 . . . . .",
        "alerts:erase POST": ". 302 . . . . .",
        "alerts:say-more GET": ". 302 . . . . 302",
        "alerts:say-more POST": ". 302 . . . . 302",
    },
    "ask answered": {
        "people:answer-ask POST": ". 409 409 . . . .",
        "people:withdraw-ask POST": "409 . . . . . .",
    },
    "buddies": {
        "people:answer-buddy POST": ". . 409 . . . .",
        "people:withdraw-buddy POST": ". 409 . . . . .",
        "people:end-buddy POST": ". 302 302 . . . .",
    },
    "reset stopped": {
        "people:reset-seen GET": ". . 404 . . . .",
        "people:reset-seen POST": ". . 404 . . . .",
        "people:reset-words POST": ". . 404 . . . .",
    },
    "notice over": {
        "notices:link POST": "all 409",
        "notices:tap POST": "all 409",
    },
}
"""State of a thing: address and method: what each of STATE_VISITORS is answered then."""
