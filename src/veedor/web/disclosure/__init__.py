"""Records of systems, requests for information, and the calendar of their deadlines."""
