"""The one button under the street."""

from porchlight.browser.forms import Form


class HelloForm(Form):
    """Nothing to type: the press itself is the hello."""
