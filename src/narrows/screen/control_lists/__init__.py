"""Control lists as governments publish them."""
