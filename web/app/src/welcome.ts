// welcome.ts - the one-time link is /app/#/welcome/TOKEN: what follows # never reaches a server or its log. It leaves the
// address bar at once, before the router looks at it.
const found = /^#\/welcome\/([\w-]+)$/.exec(location.hash);
if (found) {
  sessionStorage.setItem("invitation", found[1]);
  history.replaceState(null, "", "/app/welcome");
}
export {};
