"""Screen: items, parties and shipments against dated lists and rules; every verdict explains itself."""
