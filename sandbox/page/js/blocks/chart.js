/** Draws data_visualization blocks (line, area, bar, pie) as SVG, with the same numbers as a table for those who listen. */
import { h, s } from "../dom.js";

const WIDTH = 560;
const HEIGHT = 240;
const INSET = { left: 52, right: 12, top: 12, bottom: 34 };
const COLOURS = 6;

const short = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 4, notation: "compact" });
const colour = (index) => `chart-${index % COLOURS}`;

/** Round steps that cover low..high. */
function ticks(low, high, count = 4) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const found = [];
  for (let at = Math.floor(low / step); at * step < high + step * 0.999; at += 1) found.push(at * step);
  return found;
}

function readSeries(chart) {
  const categories = chart.axis_config?.categories ?? chart.series?.[0]?.data?.map((point) => point.label) ?? [];
  const series = (chart.series ?? []).map((one) => ({
    name: one.name ?? "",
    values: categories.map((label, index) => {
      const point = one.data?.find((item) => item?.label === label) ?? one.data?.[index];
      const value = Number(typeof point === "number" ? point : point?.value);
      return Number.isFinite(value) ? value : null;
    }),
  }));
  return { categories, series };
}

function frame(categories, series, fromZero) {
  const values = series.flatMap((one) => one.values).filter((value) => value !== null);
  const low = Math.min(...values, ...(fromZero ? [0] : []));
  const high = Math.max(...values, ...(fromZero ? [0] : []));
  const marks = ticks(Number.isFinite(low) ? low : 0, Number.isFinite(high) ? high : 1);
  const [bottom, top] = [marks[0], marks.at(-1)];
  const inner = { width: WIDTH - INSET.left - INSET.right, height: HEIGHT - INSET.top - INSET.bottom };
  const y = (value) => INSET.top + inner.height * (1 - (value - bottom) / (top - bottom || 1));
  const slot = inner.width / Math.max(1, categories.length);
  const x = (index) => INSET.left + slot * (index + 0.5);
  return { marks, x, y, slot, zero: y(Math.max(bottom, Math.min(0, top))) };
}

function axes(plot, categories) {
  const every = Math.ceil(categories.length / 8);
  return [
    plot.marks.map((mark) => [
      s("line", { class: "chart-grid", x1: INSET.left, x2: WIDTH - INSET.right, y1: plot.y(mark), y2: plot.y(mark) }),
      s("text", { class: "chart-label", x: INSET.left - 8, y: plot.y(mark) + 4, "text-anchor": "end" }, short.format(mark)),
    ]),
    categories.map((label, index) =>
      index % every ? null : s("text", { class: "chart-label", x: plot.x(index), y: HEIGHT - 14, "text-anchor": "middle" }, clip(label)),
    ),
  ];
}

const clip = (label) => (String(label).length > 14 ? `${String(label).slice(0, 13)}…` : String(label));
const titled = (shape, words) => (shape.append(s("title", {}, words)), shape);

function lines(plot, categories, series, filled) {
  return series.map((one, index) => {
    const points = one.values.map((value, at) => (value === null ? null : [plot.x(at), plot.y(value)])).filter(Boolean);
    const path = points.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    const area = points.length && `${path}L${points.at(-1)[0]} ${plot.zero}L${points[0][0]} ${plot.zero}Z`;
    return s(
      "g",
      { class: colour(index) },
      filled && area ? s("path", { class: "chart-area", d: area }) : null,
      s("path", { class: "chart-line", d: path }),
      one.values.map((value, at) =>
        value === null
          ? null
          : titled(s("circle", { class: "chart-dot", cx: plot.x(at), cy: plot.y(value), r: 3 }), `${one.name}, ${categories[at]}: ${value}`),
      ),
    );
  });
}

function bars(plot, categories, series) {
  const width = (plot.slot * 0.72) / Math.max(1, series.length);
  return series.map((one, index) =>
    s(
      "g",
      { class: colour(index) },
      one.values.map((value, at) => {
        if (value === null) return null;
        const x = plot.x(at) - (width * series.length) / 2 + width * index;
        const [top, bottom] = [plot.y(value), plot.zero].sort((a, b) => a - b);
        const bar = s("rect", { class: "chart-bar", x, y: top, width: Math.max(1, width - 2), height: Math.max(1, bottom - top), rx: 2 });
        return titled(bar, `${one.name}, ${categories[at]}: ${value}`);
      }),
    ),
  );
}

function pie(segments) {
  const total = segments.reduce((sum, segment) => sum + Number(segment.value), 0) || 1;
  let angle = -Math.PI / 2;
  const [cx, cy, r] = [WIDTH / 2, HEIGHT / 2, 100];
  return segments.map((segment, index) => {
    const share = Number(segment.value) / total;
    const words = `${segment.label}: ${segment.value} (${Math.round(share * 100)} %)`;
    if (share > 0.9999) return titled(s("circle", { class: `chart-slice ${colour(index)}`, cx, cy, r }), words);
    const from = [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
    angle += share * 2 * Math.PI;
    const to = [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
    const d = `M${cx} ${cy}L${from.join(" ")}A${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 ${to.join(" ")}Z`;
    return titled(s("path", { class: `chart-slice ${colour(index)}`, d }), words);
  });
}

function spoken(head, rows) {
  const line = (cells, tag) => h("tr", {}, cells.map((cell) => h(cell === "" ? "td" : tag, {}, cell === null ? "" : String(cell))));
  return h("table", { class: "unseen" }, h("thead", {}, line(head, "th")), h("tbody", {}, rows.map((cells) => line(cells, "td"))));
}

function legend(labels) {
  return h("ul", { class: "chart-legend" }, labels.map((label, index) => h("li", { class: colour(index) }, h("span", { class: "chart-key" }), label)));
}

/** A chart with its title, legend and (unseen) table. */
export function chart(block) {
  const data = block.chart ?? {};
  const svg = s("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  const figure = h("figure", { class: "chart-figure" }, h("figcaption", {}, block.title ?? "Chart"));
  if (data.type === "pie") {
    const segments = data.segments ?? [];
    svg.append(...pie(segments));
    figure.append(svg, legend(segments.map((one) => `${one.label} ${one.value}`)), spoken(["Part", "Value"], segments.map((one) => [one.label, one.value])));
    return figure;
  }
  const { categories, series } = readSeries(data);
  const plot = frame(categories, series, data.type !== "line");
  svg.append(...[axes(plot, categories), data.type === "bar" ? bars(plot, categories, series) : lines(plot, categories, series, data.type === "area")].flat(3).filter(Boolean));
  const axis = data.axis_config ?? {};
  const units = [
    ["Across", axis.x_axis_label ?? axis.x_label],
    ["Up", axis.y_axis_label ?? axis.y_label],
  ]
    .filter(([, label]) => label)
    .map((pair) => pair.join(": "))
    .join(" · ");
  figure.append(svg, series.length > 1 || units ? legend(series.map((one) => one.name)) : "", units ? h("p", { class: "chart-units" }, units) : "");
  figure.append(spoken(["", ...series.map((one) => one.name)], categories.map((label, at) => [label, ...series.map((one) => one.values[at])])));
  return figure;
}
