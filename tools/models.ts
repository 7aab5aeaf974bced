import { INVALID_END_STATE, MODEL_CHECKS, type ModelCheck } from './models/checks';
import { verify } from './models/verifier';
import { reportResult } from './results';
import { ensureSpin } from './servers/spin';

/**
 * `[TEXT…]`: checks the Promela models of `docs/models`, all of them or those whose model, variant or fault contains
 * one of the texts. Without a fault nothing must be found and everything must have been explored; each seeded fault
 * must be found. Ends with 1 otherwise.
 */
const texts = process.argv.slice(2);
const nameOf = ({ model, defines, formula }: ModelCheck) =>
  [model, ...defines, ...(formula === undefined ? [] : [formula])].join(' ');
const checks = MODEL_CHECKS.filter((check) => texts.length === 0 || texts.some((text) => nameOf(check).includes(text)));

ensureSpin((line) => console.log(line));
console.log('| model | variant or fault | checks | states | seconds | result |');
console.log('| --- | --- | --- | --- | --- | --- |');
let failed = 0;
for (const check of checks) {
  const { states, seconds, violated, incomplete } = verify(check);
  const isAsExpected = violated === check.violates && incomplete === undefined;
  if (!isAsExpected) failed += 1;
  const found = incomplete ?? (violated === undefined ? 'holds' : `found: ${violated}`);
  const result = isAsExpected ? found : `FAILED: ${found}, expected ${check.violates ?? 'no violation'}`;
  const properties = check.formula ?? `asserts, ${INVALID_END_STATE}s`;
  const variant = check.defines.join(' ') || '—';
  console.log(
    `| ${check.model} | ${variant} | ${properties} | ${states.toLocaleString('en')} | ${seconds.toFixed(1)} | ${result} |`,
  );
}
reportResult('model', { passed: checks.length - failed, failed });
process.exit(failed > 0 || checks.length === 0 ? 1 : 0);
