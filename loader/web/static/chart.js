// Shows the values of a chart under pointer, finger and arrow keys, and saves it as PNG.
// The chart itself is drawn on the server and works without this script.
(() => {
  "use strict";
  const DAY = 86400000;
  const COLOURS = 6;

  // The server sends differences from the previous value; a missing value is null.
  function unpacked(steps) {
    let sum = 0;
    return steps.map((step) => (step === null ? null : (sum += step)));
  }

  function read(carrier) {
    const data = JSON.parse(carrier.textContent);
    const start = Date.parse(`${data.start}T00:00:00Z`);
    const days = unpacked(data.days);
    return {
      ...data,
      dates: days.map((day) => new Date(start + day * DAY).toISOString().slice(0, 10)),
      places: days.map((day) => (data.span ? (day - data.from) / data.span : 0.5)),
      series: data.series.map((line) => ({ name: line.name, values: unpacked(line.values) })),
      moves: data.moves ? unpacked(data.moves) : [],
      suspect: new Set(data.suspect || []),
      articles: new Map((data.articles || []).map(([at, ...rest]) => [at, rest])),
    };
  }

  function figure(hundredths) {
    return (hundredths / 100).toLocaleString("en", {
      minimumFractionDigits: 2, maximumFractionDigits: 2,
    });
  }

  function linesAt(data, at) {
    const lines = [data.dates[at]];
    for (const { name, values } of data.series) {
      if (values[at] !== null) lines.push(`${name} ${figure(values[at])}`);
    }
    const move = data.moves[at];
    if (move !== undefined && move !== null) {
      lines.push(`${move > 0 ? "up" : move < 0 ? "down" : "unchanged"} ${figure(Math.abs(move))}%`);
    }
    if (data.suspect.has(at)) lines.push("✕ failed a check");
    const [count, headline] = data.articles.get(at) || [];
    if (count) lines.push(`${count} ${count === 1 ? "article" : "articles"}: ${headline}`);
    return lines;
  }

  function nearest(places, place) {
    let low = 0;
    let high = places.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (places[middle] < place) low = middle;
      else high = middle;
    }
    return place - places[low] < places[high] - place ? low : high;
  }

  function element(name, className, parent) {
    const made = document.createElement(name);
    made.className = className;
    parent.append(made);
    return made;
  }

  // A slider for assistive technology: arrow keys move by day, and each day is announced.
  function makeLayer(box, data, label) {
    const layer = element("div", "chart-layer", box);
    layer.tabIndex = 0;
    const attributes = {
      role: "slider", "aria-label": `Days of the chart: ${label}`, "aria-valuemin": 0,
      "aria-valuemax": data.dates.length - 1, "aria-valuenow": data.dates.length - 1,
      "aria-valuetext": linesAt(data, data.dates.length - 1).join(", "),
    };
    for (const [name, value] of Object.entries(attributes)) layer.setAttribute(name, value);
    return layer;
  }

  function makePointer(layer, data) {
    const cross = element("div", "chart-cross", layer);
    cross.style.top = `${data.top}px`;
    cross.style.height = `${data.bottom - data.top}px`;
    const spots = data.series.map((_, number) => (
      element("div", `chart-spot s${(number % COLOURS) + 1}`, layer)
    ));
    const values = element("div", "chart-values", layer);
    const parts = [cross, ...spots, values];
    function hide() {
      for (const part of parts) part.hidden = true;
    }
    function show(at) {
      const left = `${100 * data.places[at]}%`;
      cross.hidden = values.hidden = false;
      cross.style.left = left;
      spots.forEach((spot, number) => {
        const value = data.series[number].values[at];
        spot.hidden = value === null;
        const share = (data.high - value / 100) / (data.high - data.low);
        spot.style.left = left;
        spot.style.top = `${data.top + share * (data.floor - data.top)}px`;
      });
      const lines = linesAt(data, at);
      values.replaceChildren(...lines.map((line) => {
        const row = document.createElement("p");
        row.textContent = line;
        return row;
      }));
      const isRight = data.places[at] > 0.5;
      values.style.left = isRight ? "auto" : `calc(${left} + 12px)`;
      values.style.right = isRight ? `calc(${100 - 100 * data.places[at]}% + 12px)` : "auto";
      layer.setAttribute("aria-valuenow", at);
      layer.setAttribute("aria-valuetext", lines.join(", "));
    }
    hide();
    return { show, hide };
  }

  function addPointer(box, data, label) {
    const layer = makeLayer(box, data, label);
    const pointer = makePointer(layer, data);
    const last = data.dates.length - 1;
    let at = last;
    function follow(event) {
      const { left, width } = layer.getBoundingClientRect();
      at = nearest(data.places, (event.clientX - left) / width);
      pointer.show(at);
    }
    layer.addEventListener("pointermove", follow);
    layer.addEventListener("pointerdown", follow);
    layer.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") pointer.hide();
    });
    layer.addEventListener("focus", () => {
      if (layer.matches(":focus-visible")) pointer.show(at);
    });
    layer.addEventListener("blur", pointer.hide);
    const moves = {
      ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 20, PageDown: -20,
      Home: -last, End: last,
    };
    layer.addEventListener("keydown", (event) => {
      if (event.key === "Escape") pointer.hide();
      if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      at = Math.min(last, Math.max(0, at + moves[event.key]));
      pointer.show(at);
    });
  }

  // The SVG file of the chart at twice its size.
  async function savePng(link) {
    const picture = new Image();
    picture.src = link.href;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * picture.naturalWidth;
    canvas.height = 2 * picture.naturalHeight;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
    const saved = document.createElement("a");
    saved.href = URL.createObjectURL(blob);
    saved.download = link.getAttribute("download").replace(/svg$/, "png");
    saved.click();
    setTimeout(() => URL.revokeObjectURL(saved.href), 1000);
  }

  function addPng(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "PNG";
    button.addEventListener("click", () => savePng(link));
    link.after(" · ", button);
  }

  for (const chart of document.querySelectorAll("figure.chart")) {
    const carrier = chart.querySelector(".chart-data");
    const box = chart.querySelector(".chart-box");
    if (carrier && box) {
      addPointer(box, read(carrier), box.querySelector("svg").getAttribute("aria-label"));
    }
    for (const link of chart.querySelectorAll("a.svg-file")) addPng(link);
  }
})();
