"""One module a publisher of area counts; each layout in it is found by `registry`."""
