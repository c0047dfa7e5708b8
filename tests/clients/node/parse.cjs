// Reads mails. In: a JSON object of base64 by name. Out: what each of them says, by name.
const { readFileSync } = require("node:fs");
const PostalMime = require("postal-mime");

async function read(base64) {
  const mail = await (PostalMime.default ?? PostalMime).parse(Buffer.from(base64, "base64"));
  const header = (name) => mail.headers.find((one) => one.key === name)?.value ?? "";
  return {
    subject: mail.subject,
    from: [mail.from.name, mail.from.address],
    to: [mail.to[0].name, mail.to[0].address],
    message_id: mail.messageId,
    list_unsubscribe: header("list-unsubscribe"),
    text: mail.text,
    html: mail.html,
  };
}

async function main() {
  const mails = Object.entries(JSON.parse(readFileSync(0, "utf8")));
  const said = await Promise.all(mails.map(async ([name, raw]) => [name, await read(raw)]));
  process.stdout.write(JSON.stringify(Object.fromEntries(said)));
}

main();
