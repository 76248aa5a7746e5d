// src/report/markdown.ts
function escapeMarkup(text) {
  return escaped(text, /[&<>|[]/g);
}
function literal(value) {
  return `<code>${escaped(value, /[&<>|[\]\\`*~$]|(?<!\w)_|_(?!\w)/g)}</code>`;
}
function tableOf(rows) {
  let lines = rows.map(([name, value]) => `| ${escapeMarkup(name)} | ${value} |`);
  return lines.length === 0 ? [] : ["| what | value |", "| --- | --- |", ...lines];
}
function escaped(text, special) {
  return text.replace(special, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, " ");
}
function snippetLines({ title, language, text, isFolded }) {
  let fence = fenceFor(text, 3), block = [`${fence}${language}`, text, fence, ""];
  return isFolded ? ["<details>", `<summary>${escapeMarkup(title)}</summary>`, "", ...block, "</details>", ""] : [`${escapeMarkup(title)}:`, "", ...block];
}
function fenceFor(text, least) {
  let runs = [...text.matchAll(/`+/g)].map(([run]) => run.length + 1);
  return "`".repeat(Math.max(least, ...runs));
}

export {
  escapeMarkup,
  literal,
  tableOf,
  snippetLines
};
