"""What every test may ask for: see tests/servers.py, tests/beginning.py, tests/people.py and tests/browser.py."""

pytest_plugins = ["tests.servers", "tests.beginning", "tests.people", "tests.browser"]
