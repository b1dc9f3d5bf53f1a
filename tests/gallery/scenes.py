"""Every page and dialog: a function opens each and leaves it as it is to be seen. Its name is the picture's."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.gallery.stage import Stage
from tests.support.cable import Cable
from tests.support.desk import Desk
from tests.support.site import ROOT

Scene = Callable[[Stage], Page]
SCENES: dict[str, Scene] = {}


def scene(play: Scene) -> Scene:
    SCENES[play.__name__.replace("_", "-")] = play
    return play


def page_at(name: str, path: str, who: int | None = 0) -> None:
    """A scene in which nothing is done. `{document}` and the like in the path are the set's."""
    SCENES[name] = lambda stage: stage.open(path.format_map({each: getattr(stage.set, each) for each in _IDS}), who)


_IDS = ("document", "trashed", "snapshot", "token")
_ADMIN = "admin/docs_app/document/{document}/snapshots/"

page_at("sign-in", "accounts/login/", None)
page_at("sign-up", "accounts/signup/", None)
page_at("sign-out", "accounts/logout/")
page_at("password", "accounts/password/change/")
page_at("password-forgotten", "accounts/password/reset/", None)
page_at("addresses", "accounts/email/")
page_at("account", "account/")
page_at("documents", "")
page_at("documents-shared", "?show=shared", 1)
page_at("documents-trash", "?show=trash")
page_at("documents-empty", "", 5)
page_at("documents-trash-empty", "?show=trash", 5)
page_at("documents-none-found", "?q=zebra")
page_at("trashed", "d/{trashed}/")
page_at("share-page", "d/{document}/share/")
page_at("snapshot-page", "d/{document}/snapshots/{snapshot}/")
page_at("guest-entrance", "s/{token}/", None)
page_at("not-found", "nowhere/")
page_at("refused", "d/{document}/", 5)
page_at("admin-sign-in", "admin/", None)
page_at("admin", "admin/")
page_at("admin-document", "admin/docs_app/document/{document}/change/")
page_at("admin-snapshots", _ADMIN)
page_at("admin-snapshot", f"{_ADMIN}{{snapshot}}/")
page_at("admin-restore", f"{_ADMIN}{{snapshot}}/restore/")


@scene
def sign_in_wrong(stage: Stage) -> Page:
    page = stage.open("accounts/login/", None)
    page.locator("input[name=login]").fill("ines")
    page.locator("input[name=password]").fill("not this one")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    return page


@scene
def account_menu(stage: Stage) -> Page:
    page = stage.open("")
    page.locator(".masthead summary").click()
    return page


@scene
def documents_menu(stage: Stage) -> Page:
    page = stage.open("")
    page.locator(".document-row summary").nth(2).click()
    return page


@scene
def new_document(stage: Stage) -> Page:
    page = stage.open("", 4)
    page.locator("form[action$='/new/'] button").first.click()
    return Desk(page).ready().page


# --- A document -----------------------------------------------------------------------------------------------------


def with_company(stage: Stage) -> Desk:
    """Two others are at the places of the cast, and have just moved there."""
    desk = stage.desk()
    second, third = (stage.desk(who) for who in (1, 2))
    second.select(stage.cast.places[0])
    third.editor.get_by_text(stage.cast.places[1]).first.click()
    third.page.keyboard.press("End")
    desk.saved()
    expect(desk.editor.locator(".caret")).to_have_count(2)
    expect(desk.editor.locator("h2 .caret")).to_be_attached()
    return desk


@scene
def document(stage: Stage) -> Page:
    return with_company(stage).page


@scene
def document_below(stage: Stage) -> Page:
    page = stage.desk().page
    page.locator("#editor table").evaluate("table => scrollTo(0, table.getBoundingClientRect().top - 200)")
    page.locator("#editor .image img").evaluate("image => image.decode()")
    return page


@scene
def document_end(stage: Stage) -> Page:
    page = stage.desk().page
    expect(page.locator("#editor .katex").first).to_be_visible()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    return page


@scene
def viewer(stage: Stage) -> Page:
    return stage.desk(4).page


@scene
def commenter(stage: Stage) -> Page:
    return stage.desk(3).page


@scene
def guest(stage: Stage) -> Page:
    page = stage.open(f"s/{stage.set.token}/", None)
    page.locator("main input[name=name]").fill(stage.cast.guest)
    page.locator("main button[type=submit]").click()
    return Desk(page).ready().page


@scene
def more_menu(stage: Stage) -> Page:
    page = stage.desk().page
    page.locator(".topbar .topbar-end > .menu > summary").click()
    return page


@scene
def slash_menu(stage: Stage) -> Page:
    page = new_document(stage)
    page.locator("#editor p").click()
    page.keyboard.type("/")
    expect(page.locator(".slash-menu:visible")).to_be_visible()
    return page


@scene
def bubble(stage: Stage) -> Page:
    desk = stage.desk()
    desk.select(stage.cast.passage)
    expect(desk.page.locator(".bubble")).to_be_visible()
    return desk.page


@scene
def link_form(stage: Stage) -> Page:
    page = bubble(stage)
    page.keyboard.press("Control+k")
    expect(page.locator(".link-form")).to_be_visible()
    return page


@scene
def tool_menu(stage: Stage) -> Page:
    page = bubble(stage)
    page.locator(".toolbar .tool-menu").nth(1).click()
    return page


@scene
def block_menu(stage: Stage) -> Page:
    desk = stage.desk()
    if stage.is_phone:
        desk.editor.locator("h2").first.click()
        desk.page.locator(".toolbar .tool-menu").last.click()
    else:
        desk.editor.locator("h2").first.hover()
        desk.page.locator(".block-handle").click()
    return desk.page


@scene
def table(stage: Stage) -> Page:
    desk = stage.desk()
    cell = desk.editor.locator("td").nth(5)
    cell.scroll_into_view_if_needed()
    cell.click()
    cell.hover()
    return desk.page


@scene
def image(stage: Stage) -> Page:
    desk = stage.desk()
    picture = desk.editor.locator(".image img")
    picture.scroll_into_view_if_needed()
    picture.click()
    return desk.page


@scene
def formula_form(stage: Stage) -> Page:
    desk = stage.desk()
    formula = desk.editor.locator(".math-block")
    formula.scroll_into_view_if_needed()
    formula.click()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".block-form")).to_be_visible()
    return desk.page


def pressed(stage: Stage, keys: str, shown: str) -> Page:
    desk = stage.desk()
    desk.editor.locator("p").first.click()
    desk.page.keyboard.press(keys)
    expect(desk.page.locator(shown).first).to_be_visible()
    return desk.page


def by_keys(name: str, keys: str, shown: str) -> None:
    """A scene in which keys are pressed in the text, and something is shown."""
    SCENES[name] = lambda stage: pressed(stage, keys, shown)


by_keys("commands", "Control+Shift+p", "dialog.command-list")
by_keys("outline", "Control+Alt+Shift+o", "#outline .outline-link")
by_keys("shortcuts", "Control+/", "dialog.dialog[open]")
by_keys("counts", "Control+Shift+c", "#counts")
by_keys("focus-mode", "Control+Alt+Shift+f", ".leave-focus")
by_keys("full-width", "Control+Alt+Shift+w", ".is-wide")
by_keys("saved", "Control+s", "#notices .toast")


@scene
def find(stage: Stage) -> Page:
    page = pressed(stage, "Control+h", ".find-bar")
    page.keyboard.type(stage.cast.search)
    expect(page.locator(".find-bar").get_by_role("status")).not_to_be_empty()
    return page


@scene
def offline(stage: Stage) -> Page:
    cable = Cable(stage.browser.site.port)
    desk = Desk(stage.open(f"{cable.address}{stage.document}")).ready()
    desk.saved()
    cable.pull()
    desk.write(" ")
    expect(desk.page.locator("#save-state[data-state=offline]")).to_be_visible(timeout=20_000)
    return desk.page


@scene
def paper(stage: Stage) -> Page:
    page = stage.desk().page
    page.emulate_media(media="print")
    return page


# --- Beside the text ------------------------------------------------------------------------------------------------


@scene
def comments(stage: Stage) -> Page:
    page = stage.desk().page
    if stage.is_phone:
        page.locator("#comments-button").click()
    page.locator("article.thread").first.click()
    return page


@scene
def comment_form(stage: Stage) -> Page:
    page = bubble(stage)
    page.locator(".bubble [data-tool=comment]").click()
    expect(page.locator("#comment-form")).to_be_visible()
    return page


@scene
def share_dialog(stage: Stage) -> Page:
    page = stage.desk().page
    page.locator("#share-button").click()
    expect(page.locator("#share-dialog[open] .share")).to_be_visible()
    return page


@scene
def share_link_made(stage: Stage) -> Page:
    page = share_dialog(stage)
    page.locator("#share .new-link button[type=submit]").click()
    page.locator("#link-address").scroll_into_view_if_needed()
    return page


@scene
def history(stage: Stage) -> Page:
    page = stage.desk().page
    page.keyboard.press("Control+Alt+Shift+h")
    expect(page.locator("#history.is-open .snapshot-link").first).to_be_visible()
    return page


@scene
def snapshot(stage: Stage) -> Page:
    page = history(stage)
    page.locator("#history .snapshot-link[data-kind=named]").first.click()
    expect(page.locator("#preview .preview-head")).to_be_visible()
    return page


@scene
def snapshot_changes(stage: Stage) -> Page:
    page = history(stage)
    page.locator("#history .snapshot-link[data-kind=named]").last.click()
    page.locator(".preview-body > label").nth(1).click()
    return page


@scene
def restore_question(stage: Stage) -> Page:
    page = snapshot(stage)
    page.locator("#preview .preview-actions .button-primary").click()
    expect(page.locator("dialog[open]")).to_be_visible()
    return page


@scene
def account_token(stage: Stage) -> Page:
    page = stage.open("account/", 1)
    page.locator("form[action$='/tokens/'] button").click()
    expect(page.locator("#token-secret")).to_be_visible()
    return page


def broken(stage: Stage, template: str) -> Page:
    page = stage.open("accounts/login/", None)
    page.route("**/broken", lambda route: route.fulfill(path=ROOT / "templates" / template, content_type="text/html"))
    page.goto("broken")
    return page


@scene
def error(stage: Stage) -> Page:
    return broken(stage, "500.html")


@scene
def unavailable(stage: Stage) -> Page:
    return broken(stage, "503.html")
