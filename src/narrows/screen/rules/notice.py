"""What no answer of the screening is."""

__all__ = ["NOTICE"]

NOTICE = (
    "Decision support, not legal advice. It knows the rules held here and no others, "
    "and never says that a shipment may go."
)
