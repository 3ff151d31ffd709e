// Checks one entity's history by hand: node verify-history.mjs history.json [aggregate]
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
const sorted = (x) =>
  x && typeof x === 'object' && !Array.isArray(x)
    ? Object.fromEntries(
        Object.keys(x)
          .sort()
          .map((k) => [k, x[k]]),
      )
    : x;
const canonical = (value) => JSON.stringify(value, (_, inner) => sorted(inner)); // RFC 8785: sorted keys, numbers as JavaScript writes them
const [path, aggregate = 'need'] = process.argv.slice(2);
const { needId: entity, events } = JSON.parse(readFileSync(path, 'utf8'));
let prevHash = '0'.repeat(64);
for (const [
  i,
  { hash, prevHash: said, seq, type, time, actor, storedActor = actor, commandId, data, stored = data, rules, typeVersion, suite },
] of events.entries()) {
  const body = { v: 1, aggregate, entity, seq, type, time, actor: storedActor, commandId, data: stored, prevHash, rules, typeVersion, suite }; // the last three are there only when they are not the first
  const good = seq === i + 1 && said === prevHash && hash === createHash('sha256').update(canonical(body), 'utf8').digest('hex');
  if (!good) throw new Error(`record ${i + 1} is not what was written`);
  prevHash = hash;
}
console.log(`${events.length} records hold, the last hash is ${prevHash}`);
