"""Reading packs: judged by keyboard, one item at a time, blind."""
