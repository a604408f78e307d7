// Draws the chart of a symbol page with Bokeh from the figures that the page carries.
// Without this script the page shows the same line as a still picture, and a table.
(() => {
  "use strict";
  const DAY = 86400000;
  const SERIES = ["--line", "--accent"];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function toTime(date) {
    return Date.parse(`${date}T00:00:00Z`);
  }

  // One look for every plot, taken from the style sheet, so that dark mode needs no second one.
  function makePlot(height, options) {
    const font = getComputedStyle(document.body).fontFamily;
    const plot = Bokeh.Plotting.figure({
      sizing_mode: "stretch_width", height, x_axis_type: "datetime", toolbar_location: null,
      tools: [], background_fill_alpha: 0, border_fill_alpha: 0, outline_line_color: null,
      min_border_left: 8, min_border_right: 64, ...options,
    });
    for (const axis of [plot.xaxis, plot.yaxis]) {
      axis.axis_line_color = colour("--rule");
      axis.major_tick_line_color = colour("--rule");
      axis.minor_tick_line_color = null;
      axis.major_label_text_color = colour("--soft");
      axis.axis_label_text_color = colour("--soft");
      axis.axis_label_text_font_style = "normal";
      axis.axis_label_text_font = font;
      axis.major_label_text_font = font;
      axis.major_label_text_font_size = "12px";
    }
    plot.xaxis.formatter = new Bokeh.DatetimeTickFormatter({
      days: "%Y-%m-%d", months: "%Y-%m", years: "%Y", hours: "%Y-%m-%d", strip_leading_zeros: false,
    });
    plot.xgrid.grid_line_color = null;
    plot.ygrid.grid_line_color = colour("--rule");
    return plot;
  }

  function columns(dates, values, more) {
    return new Bokeh.ColumnDataSource({
      data: { x: dates.map(toTime), date: dates, y: values, ...more },
    });
  }

  function addLine(plot, source, variable, label) {
    return plot.line({ field: "x" }, { field: "y" }, {
      source, line_color: colour(variable), line_width: 2, line_join: "round",
      ...(label ? { legend_label: label } : {}),
    });
  }

  function addHover(plot, renderers, tooltips, mode) {
    plot.add_tools(new Bokeh.HoverTool({ renderers, tooltips, mode }));
  }

  function styleLegend(plot) {
    for (const legend of [plot.legend].flat()) {
      legend.location = "top_left";
      legend.background_fill_color = colour("--paper");
      legend.background_fill_alpha = 0.8;
      legend.border_line_color = null;
      legend.label_text_color = colour("--ink");
    }
  }

  // Days whose figure failed a check: crosses that can be pointed at.
  function addSuspects(plot, data, values) {
    const at = data.suspect.flatMap((flag, index) => (flag ? [index] : []));
    if (!at.length) return;
    const source = columns(at.map((i) => data.dates[i]), at.map((i) => values[i]));
    const crosses = plot.scatter({ field: "x" }, { field: "y" }, {
      source, marker: "x", size: 11, line_width: 3, line_color: colour("--down"),
    });
    addHover(plot, [crosses], [["Day", "@date"], ["Figure", "@y{0,0.00}"], ["Check", "failed"]], "mouse");
  }

  // Days with articles that name the symbol: dots on its line.
  function addArticles(plot, data, values) {
    const place = new Map(data.dates.map((date, index) => [date, values[index]]));
    const marks = data.articles.filter((mark) => place.has(mark.date));
    if (!marks.length) return;
    const source = columns(marks.map((m) => m.date), marks.map((m) => place.get(m.date)), {
      headline: marks.map((m) => m.headline), count: marks.map((m) => m.count),
    });
    const dots = plot.scatter({ field: "x" }, { field: "y" }, {
      source, marker: "circle", size: 7, fill_color: colour("--paper"), line_color: colour("--ink"),
    });
    addHover(plot, [dots], [["Day", "@date"], ["Articles", "@count"], ["", "@headline"]], "mouse");
  }

  function pricePlot(data, source) {
    const plot = makePlot(330, { y_axis_location: "right" });
    const line = addLine(plot, source, SERIES[0]);
    addHover(plot, [line], [
      ["Day", "@date"], [data.symbol, "@y{0,0.00}"], ["Move", "@percent{+0.00}%"],
    ], "vline");
    addSuspects(plot, data, data.prices);
    addArticles(plot, data, data.prices);
    return plot;
  }

  function changePlot(data, source, priceRange) {
    const plot = makePlot(110, { y_axis_location: "right", x_range: priceRange });
    const colours = data.percents.map((value) => colour(value < 0 ? "--down" : "--up"));
    source.data.colour = colours;
    const bars = plot.vbar({ field: "x" }, 0.7 * DAY, { field: "percent" }, 0, {
      source, fill_color: { field: "colour" }, line_color: null,
    });
    addHover(plot, [bars], [["Day", "@date"], ["Move", "@percent{+0.00}%"]], "vline");
    return plot;
  }

  function comparePlot(data) {
    const plot = makePlot(380, { y_axis_location: "right" });
    const own = columns(data.dates, data.rebased, { price: data.prices });
    const first = addLine(plot, own, SERIES[0], data.symbol);
    const second = addLine(plot, columns(data.other_dates, data.other_rebased), SERIES[1], data.other);
    addHover(plot, [first], [["Day", "@date"], [data.symbol, "@y{0.00}"]], "vline");
    addHover(plot, [second], [["Day", "@date"], [data.other, "@y{0.00}"]], "vline");
    addSuspects(plot, data, data.rebased);
    addArticles(plot, data, data.rebased);
    styleLegend(plot);
    return plot;
  }

  function plots(data) {
    if (data.rebased) return [comparePlot(data)];
    const source = columns(data.dates, data.prices, { percent: data.percents });
    const price = pricePlot(data, source);
    return [price, changePlot(data, source, price.x_range)];
  }

  function addZoom(plot) {
    const wheel = new Bokeh.WheelZoomTool({ dimensions: "width", modifiers: { shift: true } });
    plot.add_tools(new Bokeh.PanTool({ dimensions: "width" }), wheel, new Bokeh.ResetTool());
    plot.toolbar.active_scroll = wheel;
  }

  async function draw(figure, data) {
    const target = document.createElement("div");
    target.className = "chart-plots";
    target.setAttribute("role", "group");
    target.setAttribute("aria-label", `Chart of ${data.symbol}; the table below holds its figures`);
    figure.prepend(target);
    figure.classList.add("drawn");
    const drawn = plots(data);
    drawn.forEach(addZoom);
    await Bokeh.Plotting.show(drawn, target); // Together: they share one range.
  }

  function redraw(figure, data) {
    figure.querySelector(".chart-plots")?.remove();
    draw(figure, data).catch((error) => {
      console.error(error);
      figure.querySelector(".chart-plots")?.remove();
      figure.classList.remove("drawn"); // The still picture comes back.
    });
  }

  const figure = document.getElementById("chart");
  const carrier = document.getElementById("chart-data");
  if (!figure || !carrier || typeof Bokeh === "undefined") return;
  const data = JSON.parse(carrier.textContent);
  if (data.dates.length < 2) return;
  redraw(figure, data);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw(figure, data));
})();
