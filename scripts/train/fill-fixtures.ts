/**
 * Gives rules without a fixture one out of the corpus: the first line there that the rule decides, word for word.
 * Writes proofs.json too: which rule decides which text, kept apart from the rules, so that none can go unnoticed.
 *   tsx -C dev scripts/train/fill-fixtures.ts
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMap, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { loadCorpus } from '../../test/corpus/load.ts';
import { baselinePack } from '../../services/classifier/src/domain/rules/pack.generated.ts';
import { decidingRule } from '../../services/classifier/src/domain/rules/deciding-rule.ts';
import { RuleSet } from '../../services/classifier/src/domain/rules/rule-set.ts';
import { splitLines } from '../../services/classifier/src/domain/text/split-lines.ts';

const MAX_FIXTURE_UNITS = 600;
const rules = new RuleSet(baselinePack);
const found = new Map<string, { readonly text: string; readonly source: string }>();
for (const item of loadCorpus().filter(({ kind }) => kind === 'failure')) {
  for (const line of splitLines(item.output)) {
    // oxlint-disable-next-line no-control-regex
    if (line.length > MAX_FIXTURE_UNITS || /[\u0000-\u0008\u000b-\u001f]/.test(line)) continue;
    const id = decidingRule(rules, line);
    if (id !== undefined && !found.has(id))
      found.set(id, { text: line, source: `test/corpus/data/${item.path}` });
  }
}
const folder = fileURLToPath(new URL('../../services/classifier/rules/', import.meta.url));
let filled = 0;
const proofs: { readonly rule: string; readonly text: string }[] = [];
for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
  const document = parseDocument(readFileSync(`${folder}${name}`, 'utf8'));
  if (!(document.contents instanceof YAMLSeq)) continue;
  for (const rule of document.contents.items) {
    if (!isMap(rule) || !(rule instanceof YAMLMap)) continue;
    if (rule.has('fixture')) {
      proofs.push({ rule: String(rule.get('id')), text: String(rule.get('fixture')) });
      continue;
    }
    rule.flow = false;
    const fixture = found.get(String(rule.get('id')));
    if (fixture === undefined) continue;
    rule.add(document.createPair('fixture', fixture.text), true);
    rule.add(document.createPair('source', fixture.source), true);
    proofs.push({ rule: String(rule.get('id')), text: fixture.text });
    filled += 1;
  }
  writeFileSync(`${folder}${name}`, document.toString({ lineWidth: 110 }));
}
writeFileSync(`${folder}proofs.json`, `${JSON.stringify(proofs, null, 2)}\n`);
process.stderr.write(`${filled} rules were given a fixture\n`);
