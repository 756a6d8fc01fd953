/** Draws table and data_table blocks: aligned, scrollable sideways, and in pages and sortable where Slack's are. */
import { h, refill, freshId } from "../dom.js";
import { richText } from "./rich_text.js";

const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 6 });

function cellWords(cell) {
  if (typeof cell?.text === "string") return cell.text;
  if (typeof cell?.value === "number") return NUMBER.format(cell.value);
  if (cell?.value !== undefined) return String(cell.value);
  return "";
}

/** A head without words would be read as a nameless column. */
const isEmpty = (cell) => !cellWords(cell).trim() && !JSON.stringify(cell?.elements ?? "").match(/"(?:text|name)":"\s*[^\s"]/);

function cellNode(cell, context) {
  if (cell?.type === "rich_text") return richText(cell, context);
  return h("span", { class: "cell" }, cellWords(cell));
}

function cellClass(cell, setting) {
  const align = setting?.align ?? (cell?.type === "raw_number" ? "right" : "left");
  const side = ["left", "center", "right"].includes(align) ? align : "left";
  return `align-${side} ${setting?.is_wrapped ? "wrapped" : "unwrapped"}`;
}

function row(cells, settings, context, tag, headerColumn = -1) {
  return h(
    "tr",
    {},
    cells.map((cell, index) => {
      const isHead = (tag === "th" && !isEmpty(cell)) || index === headerColumn;
      const props = { class: cellClass(cell, settings[index]), scope: isHead ? (tag === "th" ? "col" : "row") : null };
      return h(isHead ? "th" : "td", props, cellNode(cell, context));
    }),
  );
}

const scroller = (label, table) =>
  h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": label }, table);

/** A table block; its first row is the head. */
export function table(block, context) {
  const settings = block.column_settings ?? [];
  const [head = [], ...rows] = block.rows ?? [];
  const body = rows.map((cells) => row(cells, settings, context, "td"));
  return scroller("Table", h("table", { class: "table" }, h("thead", {}, row(head, settings, context, "th")), h("tbody", {}, body)));
}

const sortValue = (cell) => (cell?.type === "raw_number" ? Number(cell.value ?? cell.text) : cellWords(cell));

function compare(one, two) {
  const [first, second] = [sortValue(one), sortValue(two)];
  if (typeof first === "number" && typeof second === "number") return first - second;
  return String(first).localeCompare(String(second), "en", { numeric: true });
}

/** A data_table block: caption, pages of `page_size` rows, a press on a head sorts. */
export function dataTable(block, context) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? 5;
  const state = { page: 0, column: -1, up: true };
  const body = h("tbody", {});
  const status = h("span", { class: "pages-words", "aria-live": "polite" });
  const turn = (by) => () => ((state.page += by), draw());
  const previous = h("button", { type: "button", class: "button button-small", on: { click: turn(-1) } }, "Previous");
  const next = h("button", { type: "button", class: "button button-small", on: { click: turn(1) } }, "Next");
  const heads = head.map((cell, index) => {
    const sort = () => {
      state.up = state.column === index ? !state.up : true;
      state.column = index;
      state.page = 0;
      draw();
    };
    const press = h("button", { type: "button", class: "sort", on: { click: sort } }, cellWords(cell));
    return h("th", { scope: "col", class: cellClass(rows[0]?.[index]) }, press);
  });

  function draw() {
    const sorted = state.column < 0 ? rows : [...rows].sort((a, b) => compare(a[state.column], b[state.column]));
    const ordered = state.up ? sorted : [...sorted].reverse();
    const shown = ordered.slice(state.page * size, (state.page + 1) * size);
    refill(body, shown.map((cells) => row(cells, [], context, "td", block.row_header_column_index ?? 0)));
    heads.forEach((cell, index) => {
      const sorting = state.column === index ? (state.up ? "ascending" : "descending") : "none";
      cell.setAttribute("aria-sort", sorting);
    });
    const last = Math.max(0, Math.ceil(rows.length / size) - 1);
    previous.disabled = state.page === 0;
    next.disabled = state.page >= last;
    refill(status, `${state.page * size + 1} to ${Math.min(rows.length, (state.page + 1) * size)} of ${rows.length}`);
  }

  draw();
  const id = freshId("caption");
  const made = h("table", { class: "table", "aria-labelledby": id }, h("thead", {}, h("tr", {}, heads)), body);
  const pages = rows.length > size && h("div", { class: "pages" }, previous, status, next);
  return h("figure", { class: "data-table" }, h("figcaption", { id }, block.caption ?? "Table"), scroller(block.caption ?? "Table", made), pages);
}
