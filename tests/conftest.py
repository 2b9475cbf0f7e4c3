"""What every test may ask for: see tests/servers.py and tests/browser.py."""

pytest_plugins = ["tests.servers", "tests.browser"]
