/** Draws a list of Block Kit blocks; one that this page does not know is shown as it was sent. */
import { h } from "../dom.js";
import { chart } from "./chart.js";
import { actions, input } from "./elements.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./table.js";
import { alert, context, divider, header, image, markdown, section } from "./text.js";

const DRAW = {
  section,
  header,
  context,
  divider,
  image,
  actions,
  input,
  markdown,
  alert,
  table,
  rich_text: richText,
  data_table: dataTable,
  data_visualization: chart,
};

function unknown(block, words) {
  return h(
    "details",
    { class: "unknown-block" },
    h("summary", {}, words),
    h("pre", {}, h("code", {}, JSON.stringify(block, null, 2))),
  );
}

function one(block, surroundings) {
  const draw = DRAW[block?.type];
  if (!draw) return unknown(block, `A block this page cannot draw: ${block?.type ?? "no type"}`);
  try {
    return draw(block, surroundings);
  } catch (error) {
    return unknown(block, `A ${block.type} block that could not be drawn (${error.message})`);
  }
}

/**
 * Elements for blocks. `surroundings` holds names (user(), channel(), people()…), and where things can be
 * pressed, press(block, element, payload) → {ok, error?}; forms add register(block, element, control).
 */
export function drawBlocks(blocks, surroundings) {
  return (blocks ?? []).map((block) =>
    h("div", { class: `block block-${String(block?.type).replace(/[^a-z_]/g, "")}` }, one(block, surroundings)),
  );
}
