"""What every test may ask for: see tests/servers.py, tests/people.py and tests/browser.py."""

pytest_plugins = ["tests.servers", "tests.people", "tests.browser"]
