// portal.js - the large-text switch of a portal that is written as files; a server has a link for it.
const chinese = document.documentElement.lang.startsWith("zh");
const key = "mingqian-large";
const root = document.documentElement;

function remembered() {
  try {
    return localStorage.getItem(key) === "1";
  } catch (e) {
    return false; // storage is switched off: the choice lasts for this page
  }
}

function remember(on) {
  try {
    localStorage.setItem(key, on ? "1" : "0");
  } catch (e) {
    // the choice lasts for this page
  }
}

function show(button, on) {
  root.classList.toggle("large", on);
  button.setAttribute("aria-pressed", String(on));
}

const tools = document.querySelector(".tools");
if (tools && !tools.querySelector(".size")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = chinese ? "大字版" : "Large text";
  button.addEventListener("click", () => {
    const on = !root.classList.contains("large");
    show(button, on);
    remember(on);
  });
  show(button, remembered());
  tools.prepend(button);
}
