import type { BenchCase } from '../cases/bench-case';
import type { Sample, Series } from '../report/sample';
import type { Stage } from './stage';
import { StatementProfile } from './statement-profile';
import { World } from './world';

/** Runs all variants of a case in turn, for several rounds; each run has its own world. */
export async function runCase(benchCase: BenchCase, stage: Stage): Promise<Series[]> {
  const { options } = stage;
  const variants = benchCase
    .variants(options)
    .filter(({ point }) => options.point === undefined || point.includes(options.point))
    .filter(({ side }) => options.side === undefined || side === options.side);
  const samples = new Map(variants.map((variant) => [variant, [] as Sample[]]));
  for (let round = 1; round <= options.repeat; round += 1) {
    for (const variant of variants) {
      const label = [benchCase.name, variant.point, variant.side].filter((part) => part !== '').join(' / ');
      const world = await World.on(stage);
      const statements = options.profile ? await StatementProfile.start(stage.postgres.urlOf('postgres')) : undefined;
      try {
        const sample = await Promise.race([variant.run(world), world.failed]);
        samples.get(variant)?.push(sample);
        console.log(`${label}, round ${round}: ${textOf(sample)}`);
        for (const line of (await statements?.finish()) ?? []) console.log(`  ${line}`);
      } finally {
        await world.drop();
      }
    }
  }
  return variants.map((variant) => ({
    case: benchCase.name,
    point: variant.point,
    side: variant.side,
    samples: samples.get(variant) ?? [],
  }));
}

function textOf({ eventsPerSecond, figures = {} }: Sample): string {
  const rate = eventsPerSecond === undefined ? [] : [`${Math.round(eventsPerSecond)} events/s`];
  return [...rate, ...Object.entries(figures).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)].join(
    ', ',
  );
}
