"""What can be asked of the web app at a terminal: a module each, as those of `veedor.tasks`."""
