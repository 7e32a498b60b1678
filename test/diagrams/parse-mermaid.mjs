// Reads a JSON list of Mermaid texts, and prints what Mermaid itself finds wrong with each: a message, or null.
// Mermaid cleans labels with a browser's means, which jsdom lends it.
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import('mermaid');

const problems = [];
for (const text of JSON.parse(await new Response(process.stdin).text())) {
  problems.push(
    await mermaid.parse(text).then(
      () => null,
      (error) => error.message,
    ),
  );
}
process.stdout.write(JSON.stringify(problems));
