"""Our rules: for everybody to read, for keepers to write down."""

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere
from porchlight.people.actions.network_rules import set_rule
from porchlight.people.forms.circles import AREA_WORDS, RuleForm
from porchlight.people.queries import network_rules as queries
from porchlight.people.rules.network_rules import Value
from porchlight.people.rules.rights import Right


@door("GET", who=SIGNED_IN)
def rules(request: Request) -> HttpResponse:
    return page(
        request,
        "people/rules.html",
        {
            "lines": [
                {
                    "rule": line.rule,
                    "value": _said(line.value),
                    "coming": [(_said(one.value), one) for one in line.coming],
                    "before": [(_said(one.value), one) for one in line.before],
                }
                for line in queries.rules_in_force(viewer=request.viewer, now=request.now)
            ],
            "may_set": request.viewer.may(Right.KEEP),
            "now": request.now,
        },
    )


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def change_rule(request: Request, key: str) -> HttpResponse:
    lines = queries.rules_in_force(viewer=request.viewer, now=request.now)
    line = next((one for one in lines if one.rule.key == key), None)
    if line is None:
        raise NotHere
    form = RuleForm(request.POST or None, rule=line.rule, value=line.value)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            set_rule,
            viewer=request.viewer,
            key=key,
            value=form.cleaned_data["value"],
            reason=form.cleaned_data["reason"],
            decided_by=form.cleaned_data["decided_by"],
            from_at=form.starts(zone=request.network.zoneinfo, now=request.now),
            client_key=form.client_key_sent,
            now=request.now,
        )
        if made:
            return redirect("people:rules", request.network.slug)
    return page(request, "people/rule_change.html", {"form": form, "line": line})


def _said(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(str(AREA_WORDS[name]) for name in value if name in AREA_WORDS) or "–"
    return str(value)
