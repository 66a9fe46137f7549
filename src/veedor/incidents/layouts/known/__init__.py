"""One layout a module, of its name; a module put here is a layout that veedor knows."""
