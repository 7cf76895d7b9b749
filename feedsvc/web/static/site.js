// Three conveniences: copy buttons for feed addresses, unfolding the article that a link leads to, and "/" for
// the search field. Without this script the addresses are there to be selected, articles unfold at a click, and
// the field is reached as all others are.
(() => {
  "use strict";

  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.body.append(said);

  // The clipboard interface exists on secure origins only; on others there is the old way.
  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("copying was refused");
  };

  const tell = (button, text) => {
    const before = button.dataset.label ?? button.textContent;
    button.dataset.label = before;
    button.textContent = text;
    said.textContent = text === "Copied" ? `Copied ${button.dataset.copy}` : text;
    clearTimeout(Number(button.dataset.timer));
    button.dataset.timer = String(setTimeout(() => {
      button.textContent = before;
      said.textContent = "";
    }, 2000));
  };

  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      copy(button.dataset.copy).then(() => tell(button, "Copied"), () => tell(button, "Press Ctrl+C"));
      button.focus();
    });
  }

  const unfold = () => {
    const folded = document.getElementById(location.hash.slice(1))?.querySelector("details.body");
    if (folded) folded.open = true;
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector('input[type="search"]');
    if (!field) return;
    event.preventDefault();
    field.focus();
  });

  for (const field of document.querySelectorAll(".field input")) {
    field.addEventListener("focus", () => field.select());
  }
})();
