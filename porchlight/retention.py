"""What is kept, how long and why: one list, from which the public page and the sweeps are made.

Every table that holds something about people has a line. `action` erases what is over: a dotted
name of a function that takes `now` and answers how many rows it worked on; none where something
stays as long as somebody is here, or goes with something else. `ALONG` are tables whose rows go
with those of another one, `NOBODY` those that hold nothing about people.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HERE = _("As long as you are here")
SWEEPING = "porchlight.people.actions.sweeping"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One line of the page."""

    table: str
    what: str | Promise
    how_long: str | Promise
    why: str | Promise
    action: str = ""


KEPT: list[Kept] = [
    Kept(
        table="people_person",
        what=_("Your name and the languages you speak"),
        how_long=_("As long as you are here, and 30 days after you leave"),
        why=_("So that your pod knows who you are, and what was agreed with you can be finished."),
        action="porchlight.people.actions.me.forget_names",
    ),
    Kept(
        table="people_person",
        what=_("An empty row with a number, where somebody erased everything"),
        how_long=_("One day, or as long as a training it confirmed"),
        why=_("So that no call for help breaks that was on its way at that moment."),
        action="porchlight.people.actions.erasing.forget_empty",
    ),
    Kept(
        table="people_address",
        what=_("How somebody who died was reached, and their sign-in. Locked and unused."),
        how_long=_("30 days"),
        why=_("So that an error can be put right by two keepers."),
        action="porchlight.people.actions.deaths.forget_dead",
    ),
    Kept(
        table="people_login",
        what=_("A scramble of your password and your six words"),
        how_long=HERE,
        why=_("To let you in. Nobody can read the words back."),
    ),
    Kept(
        table="people_session",
        what=_("Phones and computers you are signed in on, by the names you typed. Locked."),
        how_long=_("30 days after you signed in, or until you sign out"),
        why=_("To keep you signed in. No addresses of devices are kept."),
        action=f"{SWEEPING}.forget_sessions",
    ),
    Kept(
        table="mfa_authenticator",
        what=_("Your second step: passkeys, an app for codes, codes for paper. Locked."),
        how_long=_("Until you take it off or leave"),
        why=_("So that a password somebody saw is not enough to use your role."),
    ),
    Kept(
        table="people_address",
        what=_("Ways to reach you, such as your e-mail. Locked."),
        how_long=_("Until you remove them or leave"),
        why=_("To tell you when somebody needs you."),
        action=f"{SWEEPING}.forget_addresses",
    ),
    Kept(
        table="people_codesent",
        what=_("That we sent a code to an address, without the address"),
        how_long=_("One day"),
        why=_("So that nobody can flood a mailbox through us."),
        action=f"{SWEEPING}.forget_codes",
    ),
    Kept(
        table="people_place",
        what=_("Your places and usual ways. Locked."),
        how_long=_("Until you delete them or leave"),
        why=_("To ask you when somebody nearby needs help. Only you can read them."),
        action=f"{SWEEPING}.forget_places",
    ),
    Kept(
        table="people_reach",
        what=_("Marks for the parts of the map you chose, and the hours of the week"),
        how_long=_("Until you delete the place or leave"),
        why=_("To find who is near without a map of people."),
        action=f"{SWEEPING}.end_pauses",
    ),
    Kept(
        table="people_oncall",
        what=_("Hours at which you are on call for everybody here"),
        how_long=_("Three months, or until you stop it or leave the group"),
        why=_("To ask you where too few people near somebody come."),
        action="porchlight.people.actions.on_call.forget_on_call",
    ),
    Kept(
        table="people_askedon",
        what=_("On which days we asked you to help because of a place or a training"),
        how_long=_("7 days"),
        why=_("So that the same few are not asked each time. Only you can see it."),
        action="porchlight.people.actions.asked.forget_asked",
    ),
    Kept(
        table="people_alertkey",
        what=_("Phones that can call for you while signed out"),
        how_long=_("90 days after you used them last, then 30 days"),
        why=_("So that a phone can call your pod without a password."),
        action=f"{SWEEPING}.forget_alert_keys",
    ),
    Kept(
        table="people_circle",
        what=_("What a group is called and what it is for"),
        how_long=_("As long as the network is here"),
        why=_("So that everybody finds the group they look for. No names belong in it."),
    ),
    Kept(
        table="people_networkrule",
        what=_("Why you changed a rule"),
        how_long=_("As long as the network is here"),
        why=_("So that everybody can read what was decided. No names belong in it."),
    ),
    Kept(
        table="people_membership",
        what=_("Which groups you are in, and since when"),
        how_long=_("As long as the network is here"),
        why=_("So that a group knows who belonged to it when it decided something."),
    ),
    Kept(
        table="people_membershipask",
        what=_("Asks to join a group"),
        how_long=_("14 days without an answer, then 90 days"),
        why=_("So that nobody has to ask twice."),
        action="porchlight.people.actions.closing.close_old_asks",
    ),
    Kept(
        table="people_membershipask",
        what=_("Asks to join a group that were answered"),
        how_long=_("90 days"),
        why=_("So that a group can look back at what it answered."),
        action=f"{SWEEPING}.forget_asks",
    ),
    Kept(
        table="people_buddy",
        what=_("Who your buddies are"),
        how_long=_("Until one of you ends it, then 30 days"),
        why=_("To ask them first when you need somebody."),
        action=f"{SWEEPING}.forget_buddies",
    ),
    Kept(
        table="people_block",
        what=_("Whom you don't want to meet"),
        how_long=_("Until you lift it, then 30 days"),
        why=_("To keep you two apart. Only you can see it."),
        action=f"{SWEEPING}.forget_blocks",
    ),
    Kept(
        table="people_mandate",
        what=_("Roles you hold or held"),
        how_long=_("As long as the network is here"),
        why=_("So that everybody can check who was allowed to do what."),
    ),
    Kept(
        table="people_trainedrole",
        what=_("Trainings you told us about, and who confirmed them"),
        how_long=_("As long as the network is here, without your name once you left"),
        why=_("To send somebody who knows what to do."),
    ),
    Kept(
        table="people_hello",
        what=_("That you said hello today"),
        how_long=_("Until the day is over"),
        why=_("So that your pod sees your light. Nothing older is kept."),
        action="porchlight.people.actions.hello.forget_old_hellos",
    ),
    Kept(
        table="people_joinrequest",
        what=_("What somebody wrote who asks to come in. Locked."),
        how_long=_("14 days"),
        why=_("So that a neighbour can answer."),
        action="porchlight.people.actions.me.forget_old_ways_in",
    ),
    Kept(
        table="people_invite",
        what=_("Invites"),
        how_long=_("7 days, then 30 days without the words"),
        why=_("So that each invite lets in one person only."),
        action=f"{SWEEPING}.forget_invites",
    ),
    Kept(
        table="people_resetrequest",
        what=_("That somebody asked for a new way in"),
        how_long=_("Until its day is over; three days where no keeper helped"),
        why=_("So that two members can help together."),
    ),
    Kept(
        table="people_lockdown",
        what=_("That keepers locked everything, and who of them"),
        how_long=_("30 days after its day is over"),
        why=_("So that nobody locks everything again and again alone."),
        action="porchlight.people.actions.lockdown.end_old_lockdowns",
    ),
    Kept(
        table="people_auditrow",
        what=_("Who did what, in numbers without words"),
        how_long=_("Who and the details 90 days, the rest as long as the network is here"),
        why=_("So that nobody can do something in secret."),
        action=f"{SWEEPING}.forget_audit_detail",
    ),
    Kept(
        table="people_auditlink",
        what=_("The seal on the list of who did what. It holds no names."),
        how_long=_("As long as the network is here"),
        why=_("So that nobody can change the list afterwards without being noticed."),
    ),
    Kept(
        table="notices_topic",
        what=_("What we told you, and whether it arrived. Locked."),
        how_long=_("As long as it matters. The end is set when we tell you."),
        why=_("To send it again when it did not arrive."),
        action="porchlight.notices.actions.forgetting.forget_expired",
    ),
    Kept(
        table="notices_incomingtext",
        what=_("What people wrote to us that no page could answer. Locked."),
        how_long=_("30 days"),
        why=_("So that a neighbour can read it and help."),
    ),
    Kept(
        table="notices_addresshealth",
        what=_("When a way to reach you last worked"),
        how_long=_("180 days"),
        why=_("To warn you when nothing reaches you any more."),
    ),
    Kept(
        table="trust_vouch",
        what=_("Who said «I know this person» about whom"),
        how_long=_("Until one of the two leaves"),
        why=_("So that the network grows by people who know each other."),
    ),
    Kept(
        table="trust_disclosure",
        what=_("Who may see your address and words, and when they read them"),
        how_long=_("30 days after it ended"),
        why=_("So that you can look back at who read what."),
        action="porchlight.trust.actions.forgetting.forget_disclosures",
    ),
    Kept(
        table="trust_countersign",
        what=_("Who said yes to something that needs several people"),
        how_long=_("30 days after its time is over"),
        why=_("So that nobody decides alone."),
        action="porchlight.trust.actions.forgetting.forget_countersigns",
    ),
    Kept(
        table="trust_paperchoice",
        what=_("Whether your number may stand on your pod's paper"),
        how_long=_("Until you change it, or leave the pod"),
        why=_("So that only what you allowed is printed."),
        action="porchlight.trust.actions.paper.forget_strays",
    ),
    Kept(
        table="trust_report",
        what=_("What you wrote when something went wrong, and the answer. Locked."),
        how_long=_("30 days after it was closed; it closes by itself after 30 days"),
        why=_("So that two or three people who have nothing to do with it can help."),
        action="porchlight.trust.actions.reports.forget_reports",
    ),
    Kept(
        table="trust_report",
        what=_("Reports that nobody closed"),
        how_long=_("30 days, then they close by themselves"),
        why=_("So that nothing about people stays open for ever."),
        action="porchlight.trust.actions.reports.close_old_reports",
    ),
    Kept(
        table="alerts_alert",
        what=_("That somebody called for help, when, and who was asked. No words."),
        how_long=_("30 days after it ended"),
        why=_("So that those who were there can look back, and nobody is asked too often."),
        action="porchlight.alerts.actions.forgetting.forget_alerts",
    ),
    Kept(
        table="alerts_alert",
        what=_("Calls for help that nobody ended"),
        how_long=_("Until their hours are over"),
        why=_("So that nobody waits for an end that never comes."),
        action="porchlight.alerts.actions.ending.close_old",
    ),
    Kept(
        table="alerts_alertwords",
        what=_("What was written in a call for help, and where it was. Locked."),
        how_long=_("72 hours after it ended; who asked may keep it 30 days"),
        why=_("So that those who come find the door and know what to bring."),
        action="porchlight.alerts.actions.forgetting.forget_words",
    ),
    Kept(
        table="alerts_safeperson",
        what=_("Whom you chose for when you don't feel safe"),
        how_long=_("Until you take them off, or one of you leaves"),
        why=_("So that a call goes to them and nobody else. Only you can see it."),
    ),
    Kept(
        table="alerts_alertchoice",
        what=_("How your own calls for help work"),
        how_long=HERE,
        why=_("So that you need not say it when it matters."),
    ),
    Kept(
        table="alerts_doorpause",
        what=_("That somebody said «on my way» too often without arriving"),
        how_long=_("30 days after somebody talked with them, a year at most"),
        why=_("So that doors are shown to people who come."),
        action="porchlight.alerts.actions.forgetting.forget_pauses",
    ),
    Kept(
        table="alerts_checkin",
        what=_("That you asked to be seen home, until when, who hears of it; your words, locked"),
        how_long=_("A day after you were there, two days after the time at most"),
        why=_("So that somebody notices when you don't arrive. Until then only you can see it."),
        action="porchlight.alerts.actions.forgetting.forget_check_ins",
    ),
    Kept(
        table="alerts_endnumbers",
        what=_("Two numbers of yours that end things. Locked."),
        how_long=_("Until you take them off or leave"),
        why=_("So that nobody who holds your phone ends a thing in your name."),
    ),
    Kept(
        table="alerts_closedtonight",
        what=_("Nights in which nobody coordinates. No names."),
        how_long=_("A day after they are over"),
        why=_("So that whoever calls for help knows whom it reaches."),
        action="porchlight.alerts.actions.forgetting.forget_closed_nights",
    ),
    Kept(
        table="sharing_need",
        what=_("What somebody asked for, in a few words everybody here reads; who promised help"),
        how_long=_("30 days after it was over"),
        why=_("So that those who helped and those who were helped can look back."),
        action="porchlight.sharing.actions.forgetting.forget_needs",
    ),
    Kept(
        table="sharing_needwords",
        what=_("What somebody wrote for their helper only. Locked."),
        how_long=_("72 hours after it was over"),
        why=_("So that a helper finds the door."),
        action="porchlight.sharing.actions.forgetting.forget_words",
    ),
    Kept(
        table="sharing_offer",
        what=_("What you offered to do for neighbours, and when you have time for it"),
        how_long=_("180 days, unless you offer it anew, take it off or leave"),
        why=_("So that you are asked for what fits you."),
        action="porchlight.sharing.actions.forgetting.forget_offers",
    ),
    Kept(
        table="sharing_digestchoice",
        what=_("That you want the week's figures by mail"),
        how_long=_("A year, unless you choose it anew, end it or leave"),
        why=_("So that you get them, and not for ever."),
        action="porchlight.sharing.actions.forgetting.forget_digests",
    ),
    Kept(
        table="sharing_intake",
        what=_("Name, number and own words of somebody who asked by phone or at a door. Locked."),
        how_long=_("24 hours after it was over; a week where they are to be rung back"),
        why=_("So that the desk can tell them who comes."),
        action="porchlight.sharing.actions.intake.forget_intakes",
    ),
    Kept(
        table="sharing_desknote",
        what=_("The note one person at the desk leaves for the next. Locked; no names or numbers."),
        how_long=_("14 days, or until there is a new one"),
        why=_("So that nothing is forgotten when somebody else goes on."),
        action="porchlight.sharing.actions.forgetting.forget_desk_notes",
    ),
]

ALONG: dict[str, str] = {
    "alerts_checkinperson": "alerts_checkin",
    "alerts_handover": "alerts_alert",
    "sharing_match": "sharing_need",
    "sharing_proposal": "sharing_need",
    "sharing_sharingevent": "sharing_need",
    "trust_reading": "trust_disclosure",
    "trust_countersignature": "trust_countersign",
    "trust_reportreceiver": "trust_report",
    "trust_reportevent": "trust_report",
    "alerts_wave": "alerts_alert",
    "alerts_invitation": "alerts_alert",
    "alerts_alertevent": "alerts_alert",
    "alerts_alertupdate": "alerts_alertwords",
    "alerts_alerttask": "alerts_alertwords",
    "people_auditsalt": "people_person",
    "people_buddyseat": "people_buddy",
    "people_resetapproval": "people_resetrequest",
    "people_trainedroleconfirmation": "people_trainedrole",
    "notices_text": "notices_topic",
    "notices_notice": "notices_topic",
    "notices_delivery": "notices_topic",
    "notices_attempt": "notices_topic",
    "notices_outcome": "notices_topic",
    "notices_receipt": "notices_topic",
    "notices_demophonemessage": "notices_topic",
}
NOBODY: set[str] = {
    "people_localnumber",
    "people_network",
    "notices_demophone",
    "notices_gatewaycursor",
    "notices_providercount",
    "notices_providerhealth",
    "notices_providerpace",
    "notices_providershare",
    "notices_strangecalls",
    "notices_textcost",
    "kit_clockshift",
    "kit_keycheck",
    "kit_lasttry",
    "account_emailaddress",
    "account_emailconfirmation",
}
