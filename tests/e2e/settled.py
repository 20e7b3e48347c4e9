"""When a page has heard from the server all that came of what was done on it."""

from playwright.sync_api import Page

LISTEN = """(() => {
    // Whether a message, in the format of protobuf, has the field with that number.
    function has(message, wanted) {
        const bytes = new Uint8Array(message);
        let at = 0;
        const number = () => {
            let [value, digit, byte] = [0, 1];
            do {
                byte = bytes[at++];
                value += (byte & 127) * digit;
                digit *= 128;
            } while (byte > 127);
            return value;
        };
        while (at < bytes.length) {
            const tag = number();
            if (tag >>> 3 === wanted) return true;
            const size = tag & 7;
            if (size === 2) at += number();
            else if (size === 0) number();
            else at += size === 1 ? 8 : 4;
        }
        return false;
    }
    window.WebSocket = class extends window.WebSocket {
        constructor(...words) {
            super(...words);
            this.addEventListener("message", ({ data }) => {
                if (has(data, 4)) window.runBegan = performance.now();  // new_session
            });
        }
        send(data) {
            if (has(data, 11)) window.runAsked = performance.now();  // rerun_script
            super.send(data);
        }
    };
})()"""
"""For a new browser context: when the page asked for a run of its script, and when one began."""

IDLE = """(visit) => {
    const app = document.querySelector("[data-testid=stApp]");
    const now = performance.now(), { runAsked: asked = -1, runBegan: began = 0 } = window;
    const idle = app?.dataset.testConnectionState === "CONNECTED"
        && app.dataset.testScriptState === "notRunning"
        && (began >= asked || now - asked > 5000)  // not all that is asked for is run
        && !document.querySelector("[data-testid=stSkeleton]");  // what draws it is being fetched
    if (!idle) return false;
    if (window.idleVisit !== visit) [window.idleVisit, window.idleSince] = [visit, now];
    return now - window.idleSince > 400;
}"""
"""No script runs, twice: a slider tells the server of its value 200 ms later, a part of the page
may take as long to come, and how late a busy browser is with that only its own clock knows."""

_visits = iter(range(10**9))


def wait_until_idle(page: Page) -> None:
    page.wait_for_function(IDLE, arg=next(_visits), timeout=120_000)
