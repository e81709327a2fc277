"""The methods in words: a row for each."""

from collections.abc import Collection, Sequence

from station.domain.training import MethodOffer

METHOD_HEADINGS = ("Method", "State", "What it looks at, needs and costs")
RECOMMENDED = "balanced"


def offered_in_order(offers: Sequence[MethodOffer]) -> tuple[MethodOffer, ...]:
    """Return those that can be used before those that cannot, each in the order in which they are offered."""
    return tuple(sorted(offers, key=lambda offer: not offer.available))


def method_rows(
    offers: Sequence[MethodOffer], marked: Collection[str] = frozenset()
) -> tuple[tuple[str, str, str], ...]:
    """Return a row for each method: its name, whether it can be used or is marked, and a sentence."""
    return tuple((offer.name, _state(offer, offer.name in marked), _sentence(offer)) for offer in offers)


def _state(offer: MethodOffer, marked: bool) -> str:
    if marked:
        return "\u2713 to compare"
    if not offer.available:
        return "not available"
    return "recommended" if offer.name == RECOMMENDED else "ready"


def _sentence(offer: MethodOffer) -> str:
    said = [_capital(offer.sentence), _capital(offer.cost)]
    if offer.refusal:
        said.append(f"Not available: {offer.refusal}")
    return " ".join(f"{each.rstrip('.')}." for each in said if each)


def _capital(words: str) -> str:
    """Begin as a sentence does; names of methods keep their letters."""
    first = words.partition(" ")[0]
    return words if first.lower() != first else f"{words[:1].upper()}{words[1:]}"
