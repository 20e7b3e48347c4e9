"""When a page has heard from the server all that came of what was done on it."""

from playwright.sync_api import Page

LISTEN = """(() => {
    window.WebSocket = class extends window.WebSocket {
        constructor(...words) {
            super(...words);
            this.addEventListener("message", () => { window.serverHeard = performance.now(); });
        }
        send(data) {
            window.serverAsked = performance.now();
            super.send(data);
        }
    };
})()"""
"""For a new browser context: when the page asked its server something, and when it last heard."""

IDLE = """(visit) => {
    const app = document.querySelector("[data-testid=stApp]");
    const now = performance.now(), { serverAsked: asked = -1, serverHeard: heard = 0 } = window;
    const idle = app?.dataset.testConnectionState === "CONNECTED"
        && app.dataset.testScriptState === "notRunning"
        && (heard >= asked || now - asked > 5000);  // not all that is asked has an answer
    if (!idle) return false;
    if (window.idleVisit !== visit) [window.idleVisit, window.idleSince] = [visit, now];
    return now - window.idleSince > 300;
}"""
"""No script runs, twice: a slider tells the server of its value 200 ms later, and how late a busy
browser is with that only its own clock knows."""

_visits = iter(range(10**9))


def wait_until_idle(page: Page) -> None:
    page.wait_for_function(IDLE, arg=next(_visits), timeout=120_000)
