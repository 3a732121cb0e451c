"""Doors of the ways one can be reached: mail, phones, their order and their codes."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.queries import test_my_phone
from porchlight.notices.queries.ways import can_call, can_mail, can_text, our_number
from porchlight.people.actions import addresses as ways
from porchlight.people.actions.phones import add_phone, choose_ways
from porchlight.people.forms.accounts import ButtonForm
from porchlight.people.forms.me import AddressForm, CodeForm, PhoneForm
from porchlight.people.queries.persons import myself
from porchlight.people.queries.reaching import own_landlines, recipients, why_no_code


@door("GET", "POST", who=SIGNED_IN)
def addresses(request: Request) -> HttpResponse:
    """All ways one can be reached, in order; adding one."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            ways.add_email,
            viewer=request.viewer,
            email=form.cleaned_data["email"],
            client_key=form.client_key_sent,
            now=request.now,
        )
        if made:
            return redirect("people:address", request.network.slug, made.id)
    return _addresses_page(request, form, PhoneForm(zone=request.network.zone))


def _addresses_page(
    request: Request, form: AddressForm, phone_form: PhoneForm, trouble: str = ""
) -> HttpResponse:
    person = myself(viewer=request.viewer)
    [told] = recipients(viewer=request.viewer, person_ids=[person.id])
    is_refused = bool(trouble or form.errors or phone_form.errors)
    return page(
        request,
        "people/addresses.html",
        {
            "form": form,
            "phone_form": phone_form,
            "phone": test_my_phone(viewer=request.viewer, addresses=told.addresses),
            "landlines": own_landlines(viewer=request.viewer),
            "can_text": can_text(),
            "can_mail": can_mail(),
            "can_call": can_call(),
            "our_number": our_number(),
            "trouble": trouble,
        },
        status=422 if is_refused else 200,
    )


@door("POST", who=SIGNED_IN)
def phone(request: Request) -> HttpResponse:
    """Add a phone; the code goes there by text, or a voice says it on a landline."""
    form = PhoneForm(request.POST, zone=request.network.zone)
    if form.is_valid():
        made = attempt(
            form,
            add_phone,
            viewer=request.viewer,
            phone=form.cleaned_data["phone"],
            client_key=form.client_key_sent,
            now=request.now,
        )
        if made:
            return redirect("people:address", request.network.slug, made.id)
    return _addresses_page(request, AddressForm(), form)


@door("POST", who=SIGNED_IN)
def phone_ways(request: Request, address_id: UUID) -> HttpResponse:
    """Texts, calls, or both."""
    chosen = set(request.POST.getlist("ways"))
    try:
        choose_ways(
            viewer=request.viewer,
            address_id=address_id,
            may_text="texts" in chosen,
            may_call="calls" in chosen,
            now=request.now,
        )
    except Refusal as no:
        return _addresses_page(
            request, AddressForm(), PhoneForm(zone=request.network.zone), no.sentence
        )
    return redirect("people:addresses", request.network.slug)


@door("GET", "POST", who=SIGNED_IN)
def address(request: Request, address_id: UUID) -> HttpResponse:
    """Type the code that was sent there."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = ways.verify(
            viewer=request.viewer,
            address_id=address_id,
            typed=form.cleaned_data["code"],
            now=request.now,
        )
        if refused is None:
            return redirect("people:addresses", request.network.slug)
        form.refuse(Refusal(refused), "code")
    [told] = recipients(viewer=request.viewer, person_ids=[myself(viewer=request.viewer).id])
    found = next((one for one in told.addresses if one.id == address_id), None)
    if found is None:
        raise NotHere
    if found.is_verified:
        return redirect("people:addresses", request.network.slug)
    why = why_no_code(channel=found.channel)
    return page(
        request,
        "people/address.html",
        {
            "form": form,
            "address": found,
            "again": ButtonForm(),
            "why_no_code": gettext(why.value) if why else "",
            "is_landline": found.id in own_landlines(viewer=request.viewer),
        },
    )


@door("POST", who=SIGNED_IN)
def address_again(request: Request, address_id: UUID) -> HttpResponse:
    """Send a fresh code."""
    ways.send_code_again(viewer=request.viewer, address_id=address_id, now=request.now)
    return redirect("people:address", request.network.slug, address_id)


@door("POST", who=SIGNED_IN)
def address_move(request: Request, address_id: UUID) -> HttpResponse:
    """One place up or down."""
    by = 1 if request.POST.get("to") == "down" else -1
    ways.move_address(viewer=request.viewer, address_id=address_id, by=by, now=request.now)
    return redirect("people:addresses", request.network.slug)


@door("POST", who=SIGNED_IN)
def address_remove(request: Request, address_id: UUID) -> HttpResponse:
    """Forget it."""
    ways.remove_address(viewer=request.viewer, address_id=address_id, now=request.now)
    return redirect("people:addresses", request.network.slug)
