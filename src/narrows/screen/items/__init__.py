"""Items: control entries as conditions on typed parameters, and what an item is under them."""
