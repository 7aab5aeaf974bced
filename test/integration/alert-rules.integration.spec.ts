import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findPromtool } from '../../tools/servers/promtool';

const folder = fileURLToPath(new URL('../../ops/prometheus/', import.meta.url));
const promtool = findPromtool((line) => process.stderr.write(`${line}\n`));
if (promtool === undefined) {
  process.stderr.write('promtool was not found: the alert rules are only parsed, not tested.\n');
}

function run(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(promtool ?? '', args, { cwd: folder, encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).toBe(0);
}

interface Rules {
  readonly groups: { readonly rules: { readonly alert?: string; readonly record?: string }[] }[];
}

interface RuleTests {
  readonly tests: { readonly alert_rule_test?: { readonly alertname: string; readonly exp_alerts: unknown[] }[] }[];
}

describe('the alert rules', () => {
  it.skipIf(promtool === undefined)('Alert rules are accepted by Prometheus itself', () => {
    run('check', 'rules', 'alerts.yaml');
    run('check', 'config', '--syntax-only', 'prometheus.yaml');
  });

  it.skipIf(promtool === undefined)('Alert rules fire when, and only when, their condition is met', () => {
    run('test', 'rules', 'alerts.test.yaml');
  });

  it('Every alert rule has a test in which it fires and one in which it does not', () => {
    const { groups } = parse(readFileSync(`${folder}alerts.yaml`, 'utf8')) as Rules;
    const { tests } = parse(readFileSync(`${folder}alerts.test.yaml`, 'utf8')) as RuleTests;
    const tested = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
    for (const { alert } of groups.flatMap(({ rules }) => rules)) {
      if (alert === undefined) continue;
      const counts = tested.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length);
      expect(
        counts.some((count) => count > 0),
        `${alert} fires`,
      ).toBe(true);
      expect(
        counts.some((count) => count === 0),
        `${alert} does not fire`,
      ).toBe(true);
    }
  });
});
