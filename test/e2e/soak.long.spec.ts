import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { randomSeed } from '../soak/options';
import { renderResult } from '../soak/report/render-result';
import { isGood } from '../soak/report/result';
import { soak } from '../soak/soak';

const FOLDER = fileURLToPath(new URL('../../.local/soak', import.meta.url));
const MINUTES = 0.6;

describe('A short soak', () => {
  const cases: [string, number][] = [
    ['a fixed seed', 20_260],
    ['a random seed', randomSeed()],
  ];

  it.each(cases)(
    'A short soak with %s (%i) finds no lost, doubled, backward or phantom change',
    async (_which, seed) => {
      const lines: string[] = [];
      const result = await soak({
        minutes: MINUTES,
        seed,
        writers: 4,
        folder: `${FOLDER}/short-${seed}`,
        print: (line) => lines.push(line),
      });
      expect(isGood(result), `${lines.join('\n')}\n${renderResult(result)}`).toBe(true);
      expect(result.changes).toBeGreaterThan(100);
      expect(result.episodes).toBeGreaterThan(0);
    },
    600_000,
  );
});
