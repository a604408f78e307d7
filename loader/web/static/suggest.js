// Suggests pages while the user types in a search box. Without it the search lists them.
(() => {
  "use strict";
  const WAIT = 120; // milliseconds without a key before the archive is asked
  const LEAST = 2; // letters

  function prepare(form, number) {
    const input = form.querySelector("input[type=search]");
    const list = document.createElement("ul");
    list.id = `suggested-${number}`;
    list.className = "suggested";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Leads");
    list.hidden = true;
    input.after(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"],
      ["aria-expanded", "false"], ["aria-controls", list.id], ["autocomplete", "off"]]) {
      input.setAttribute(name, value);
    }
    let timer = 0;
    let chosen = -1;
    let asked = "";

    function close() {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(place) {
      const options = [...list.children];
      chosen = (place + options.length) % options.length;
      options.forEach((option, index) => {
        option.setAttribute("aria-selected", String(index === chosen));
      });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    }

    function show(leads) {
      list.replaceChildren(...leads.map((lead, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.address = (lead.is_table ? form.dataset.tables : form.dataset.pages)
          + encodeURI(lead.path);
        const title = document.createElement("bdi");
        title.textContent = lead.title;
        const kind = document.createElement("span");
        kind.className = "meta";
        kind.textContent = lead.kind;
        option.append(title, " ", kind);
        return option;
      }));
      chosen = -1;
      list.hidden = !leads.length;
      input.setAttribute("aria-expanded", String(leads.length > 0));
    }

    async function ask() {
      const words = input.value.trim();
      asked = words;
      if (words.length < LEAST) return close();
      try {
        const answer = await fetch(`${form.dataset.pages.replace(/\/$/, "")}/suggest.json?q=${encodeURIComponent(words)}`);
        if (answer.ok && asked === words && document.activeElement === input) {
          show((await answer.json()).leads);
        }
      } catch {
        close(); // the server cannot be reached, as the search itself will report
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") choose(chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
      else if (event.key === "Enter" && chosen >= 0) location.href = list.children[chosen].dataset.address;
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.href = option.dataset.address;
    });
    input.addEventListener("blur", close);
  }

  document.querySelectorAll("form[data-pages]").forEach(prepare);
})();
