// src/markup.ts
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

export {
  escapeMarkup,
  literal,
  tableOf
};
