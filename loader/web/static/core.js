// Names what scripts of Datasette build on its own pages, and opens their menus from the keyboard.
(() => {
  "use strict";
  // The editor is made when the page has loaded, after this.
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
      icon.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      const menu = document.querySelector("body > .dropdown-menu");
      const links = [...menu.querySelectorAll("a")].filter(link => link.offsetParent);
      if (links.length) links[0].focus();
      menu.onkeydown = pressed => {
        if (pressed.key !== "Escape") return;
        menu.style.display = "none";
        icon.focus();
      };
    });
  }

  document.querySelectorAll("svg.dropdown-menu-icon").forEach(asButton);
})();
