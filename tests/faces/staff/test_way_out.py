"""Every page of the staff has its way out, and who went is out for good.

Planted: the post left out of `leave()` in login.js -> red on every page. The button's click taken from desk/static/page.js -> red there.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.faces.staff.mall import Mall, fill_login

PASSWORD = "keluar dengan selamat"


@pytest.mark.parametrize(
    ("path", "role"),
    [("/counter", "officer"), ("/desk", "receptionist"), ("/supervisor", "viewer"), ("/supervisor/riwayat", "supervisor"), ("/admin", "admin")],
)
def test_who_goes_out_is_out(mall: Mall, path: str, role: str) -> None:
    name = f"pulang-{role.replace('_', '-')}"
    gerai = ["DKC"] if role == "officer" else []
    mall.call("POST", "/users", {"username": name, "name": name, "role": role, "gerai": gerai, "password": PASSWORD, "must_change": False})
    page = mall.page()
    page.goto(mall.address(path))
    fill_login(page, name, PASSWORD)
    page.locator("#gate").wait_for(state="hidden")
    cookies = page.context.cookies()
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.get_by_label("Nama pengguna")).to_be_visible()
    page.context.add_cookies(cookies)  # what somebody kept of the session
    page.reload()
    expect(page.get_by_label("Nama pengguna")).to_be_visible()
