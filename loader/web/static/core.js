// Labels the controls that Datasette's scripts add, and opens their menus from the keyboard.
(() => {
  "use strict";
  // The editor is created after this, when the page has loaded.
  if (window.CodeMirror) CodeMirror.defaults.screenReaderLabel = "SQL query";

  function asButton(icon) {
    const column = icon.closest("th").dataset.column;
    icon.setAttribute("role", "button");
    icon.setAttribute("tabindex", "0");
    icon.setAttribute("aria-label", `Menu of ${column}`);
    icon.setAttribute("aria-haspopup", "true");
    icon.addEventListener("keydown", event => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      // Datasette closes the menu when the table scrolls, as it may for the focus on this icon:
      // the event of that scroll comes before the next frame.
      requestAnimationFrame(() => openMenu(icon));
    });
  }

  function openMenu(icon) {
    icon.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    const menu = document.querySelector("body > .dropdown-menu");
    const links = [...menu.querySelectorAll("a")].filter(link => link.offsetParent);
    if (links.length) links[0].focus({ preventScroll: true });
    menu.onkeydown = pressed => {
      if (pressed.key !== "Escape") return;
      menu.style.display = "none";
      icon.focus({ preventScroll: true });
    };
  }

  document.querySelectorAll("svg.dropdown-menu-icon").forEach(asButton);
})();
