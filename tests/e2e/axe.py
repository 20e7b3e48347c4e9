"""What axe-core finds on a page, in a form that a failed test can show."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ("serious", "critical")

FORGIVEN: dict[str, tuple[str, str]] = {}
"""By axe's rule: a narrow selector of what isn't ours to mend, and why."""

RUN = """async ([rules, forgiven]) => {
    const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const { violations } = await axe.run(document, { ...only, resultTypes: ["violations"] });
    const ours = (id, { target }) => {
        const selector = forgiven[id]?.[0];
        const element = target.length === 1 && document.querySelector(target[0]);
        return !(selector && element?.closest(selector));
    };
    return violations.flatMap(({ id, impact, nodes }) =>
        nodes.filter((node) => ours(id, node)).map(({ html, failureSummary }) =>
            ({ id, impact, html, why: failureSummary })));
}"""


def barriers(page: Page, rules: list[str] | None = None) -> list[str]:
    """A line for each serious or critical finding; of these rules alone, if there are any."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [rules, FORGIVEN])
    return [
        f"{each['id']}: {each['html'][:200]} {each['why']}"
        for each in found
        if each["impact"] in GRAVE
    ]
