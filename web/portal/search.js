// search.js - search on a static copy of the portal: the names that were drawn or published, filtered here.
const found = document.getElementById("found");
const field = document.getElementById("q");
const words = (new URLSearchParams(location.search).get("q") || "").trim();

function show(rows) {
  const list = document.createElement("ul");
  list.className = "cards single";
  for (const [code, name, region] of rows) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const title = document.createElement("b");
    const line = document.createElement("span");
    link.href = found.dataset.targets + encodeURIComponent(code) + "/index.html";
    title.textContent = name;
    link.append(title);
    line.textContent = code + " · " + (region || "");
    item.append(link, line);
    list.append(item);
  }
  if (rows.length === 0) {
    const item = document.createElement("li");
    item.textContent = found.dataset.nothing;
    list.append(item);
  }
  found.replaceChildren(list);
}

if (words) {
  field.value = words;
  const upper = words.toUpperCase();
  fetch(found.dataset.index)
    .then((reply) => reply.json())
    .then((rows) => show(rows.filter(([code, name]) => code === upper || name.includes(words)).slice(0, 50)))
    .catch(() => show([]));
}
