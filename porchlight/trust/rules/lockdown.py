"""How the acts are called that lock everything, or open it again, where two have to say yes."""

LOCK = "lockdown"
UNLOCK = "lockdown.end"
