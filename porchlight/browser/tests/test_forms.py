"""Forms: what was typed stays, a repeat is known, and a rule's no becomes a sentence."""

from enum import Enum
from uuid import UUID, uuid4

import pytest
from django import forms

from porchlight.browser.forms import Form, attempt
from porchlight.kit.errors import Refusal


class Why(Enum):
    FULL = "A pod has at most %(most)s neighbours."


class JoinForm(Form):
    name = forms.CharField(label="Name", max_length=20)
    story = forms.CharField(label="Story", required=False, widget=forms.Textarea)
    word = forms.CharField(label="Password", required=False, widget=forms.PasswordInput)


KEY = uuid4()


def joined(**typed: str) -> JoinForm:
    return JoinForm({"client_key": str(KEY), "name": "Bo", **typed})


def test_a_shown_form_carries_a_new_key_each_time() -> None:
    keys = {JoinForm()["client_key"].value() for _ in range(3)}
    assert len(keys) == 3
    assert all(UUID(key) for key in keys)


def test_a_form_sent_twice_carries_one_key() -> None:
    first, second = joined(), joined()
    assert first.is_valid()
    assert second.is_valid()
    assert first.client_key_sent == second.client_key_sent == KEY


@pytest.mark.parametrize("forged", ["", "1", "../../etc", "x" * 5000, "' OR 1=1"])
def test_a_forged_key_asks_to_send_once_more_with_a_fresh_one(forged: str) -> None:
    form = joined(client_key=forged)
    assert not form.is_valid()
    assert form.problems[0][1].startswith("This page was open for too long")
    fresh = form["client_key"].value()
    again = JoinForm({"name": form["name"].value(), "client_key": str(fresh)})
    assert again.is_valid()


def test_what_was_typed_stays_when_something_else_is_wrong() -> None:
    form = joined(name="", story="a long story")
    assert not form.is_valid()
    assert "a long story" in str(form)


def test_invisible_marks_and_control_letters_do_not_come_in() -> None:
    form = joined(name="B\u202eo\x00\u200b", story="one\r\ntwo\u2066")
    assert form.is_valid()
    assert form.facts == {"name": "Bo", "story": "one\ntwo", "word": ""}


def test_a_password_stays_exactly_as_typed() -> None:
    form = joined(word="  two  spaces ")
    form.fields["word"].strip = False  # type: ignore[attr-defined]  # CharField has it
    assert form.is_valid()
    assert form.facts["word"] == "  two  spaces "


def test_a_name_that_is_only_marks_is_no_name() -> None:
    assert not joined(name="\u202e\u200b").is_valid()


@pytest.mark.parametrize(("field", "longest"), [("name", 20), ("story", 4000), ("word", 200)])
def test_every_text_has_a_greatest_length(field: str, longest: int) -> None:
    assert joined(**{field: "x" * longest}).is_valid()
    assert not joined(**{field: "x" * (longest + 1)}).is_valid()


def test_a_browser_is_asked_to_keep_nothing_unless_a_field_says_what_for() -> None:
    class Reached(Form):
        mail = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
        many = forms.IntegerField()

    shown = JoinForm().as_div() + Reached().as_div()
    assert shown.count('autocomplete="off"') == 3
    assert 'autocomplete="email"' in shown


def test_the_summary_comes_first_and_leads_to_each_field() -> None:
    form = joined(name="")
    drawn = str(form)
    assert drawn.index("There is a problem") < drawn.index("<label")
    assert '<a href="#id_name">' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_name_error"' in drawn


def test_a_form_without_problems_shows_no_summary() -> None:
    assert "There is a problem" not in str(JoinForm())


def test_a_rules_no_becomes_a_sentence_above_the_form() -> None:
    def join(name: str) -> str:
        raise Refusal(Why.FULL, most=10)

    form = joined()
    assert form.is_valid()
    assert attempt(form, join, name="Bo") is None
    assert form.problems == [("", "A pod has at most 10 neighbours.")]


def test_an_action_that_agrees_hands_back_its_result() -> None:
    form = joined()
    assert form.is_valid()
    assert attempt(form, lambda name: f"welcome {name}", name=form.facts["name"]) == "welcome Bo"


def test_a_bug_is_not_taken_for_a_no() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        attempt(joined(), broken)


def test_one_fields_look_does_not_leak_into_the_next_form() -> None:
    first = joined()
    first.fields["name"].label = "Changed"
    assert JoinForm().fields["name"].label == "Name"
