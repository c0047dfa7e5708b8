// Validates MJML strictly. In: a JSON object of sources by name. Out: their errors by name.
// Debian 12's Node 18 keeps File in a module, where newer ones have it everywhere.
globalThis.File ??= require("node:buffer").File;
const { readFileSync } = require("node:fs");
const mjml = require("mjml");

async function errors(source) {
  try {
    await (mjml.default ?? mjml)(source, { validationLevel: "strict", keepComments: false });
    return [];
  } catch (refused) {
    return refused.errors?.map((one) => one.formattedMessage) ?? [String(refused)];
  }
}

async function main() {
  const sources = Object.entries(JSON.parse(readFileSync(0, "utf8")));
  const found = await Promise.all(sources.map(async ([name, source]) => [name, await errors(source)]));
  process.stdout.write(JSON.stringify(Object.fromEntries(found)));
}

main();
