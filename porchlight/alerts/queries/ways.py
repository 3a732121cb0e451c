"""How to call for help without the internet, for paper."""

from porchlight.alerts.rules.texts import WORD_TO_PRINT
from porchlight.kit.viewer import Viewer
from porchlight.notices.queries.ways import our_number, our_number_rings


def ways_to_call(*, viewer: Viewer) -> dict[str, object]:
    """Our number and one word in each language of the network. Answers `ways_to_call`.

    An empty number: this install takes no texts. Costs: nothing.
    """
    return {
        "number": our_number(),
        "can_call": our_number_rings(),
        "words": [
            (language, WORD_TO_PRINT[language])
            for language in viewer.network.languages
            if language in WORD_TO_PRINT
        ],
    }
