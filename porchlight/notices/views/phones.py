"""The demo's phones: read what each person received, and answer as that phone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from porchlight.browser.doors import ANYONE, Request, door, page
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import receive_text
from porchlight.notices.forms import PhoneTextForm
from porchlight.notices.queries import demo_phone, demo_phones


@door("GET", who=ANYONE, demo_only=True)
def phones_page(request: Request) -> HttpResponse:
    """All phones of a group, or one, newest message first."""
    group, phone_id = request.GET.get("group", ""), _phone_asked(request)
    found = demo_phones(viewer=_viewer(request), group=group, phone_id=phone_id, now=request.now)
    return page(
        request,
        "notices/phones.html",
        {
            "phones": found,
            "group": group,
            "phone_id": phone_id,
            "form": PhoneTextForm(auto_id=False),
            "now": request.now,
        },
    )


@door("POST", who=ANYONE, demo_only=True)
def write(request: Request, phone_id: UUID) -> HttpResponse:
    """A text written on a made-up phone arrives as any text would. Sent twice it is one."""
    network_id, label = demo_phone(viewer=_viewer(request), phone_id=phone_id)
    form = PhoneTextForm(request.POST)
    if form.is_valid():
        receive_text(
            network_id=network_id,
            channel="demo",
            provider_id=f"demo:{form.client_key_sent}",
            address_value=label,
            text=form.cleaned_data["text"],
            now=request.now,
        )
    return redirect(f"{reverse('notices:phones')}?phone={phone_id}")


def _phone_asked(request: Request) -> UUID | None:
    try:
        return UUID(request.GET.get("phone", ""))
    except ValueError:
        return None


def _viewer(request: Request) -> Viewer | None:
    """Whoever looks; outside a network's addresses there may be nobody."""
    return getattr(request, "viewer", None)
