"""Tests, and examples of the web app wherever veedor is installed, have a site to be read in."""

pytest_plugins = ["tests.web.opening"]
