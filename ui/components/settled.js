/** Whether the page has all of the last answer. A question that overtakes an answer makes Streamlit's
 * server forget the rest of that. */
function settled() {
  const state = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState;
  return state === undefined || state === "notRunning";
}
