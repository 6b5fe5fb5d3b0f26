"""Screen: items, parties and shipments against dated lists and rules; all of it explained."""

__all__: list[str] = []
