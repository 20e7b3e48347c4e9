/** Whether the page has all that the server has begun to tell. */
function settled() {
  const state = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState;
  return state === undefined || state === "notRunning";
}
