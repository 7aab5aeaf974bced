import type { Pool } from 'pg';
import { REPLICATED } from '../history/states';
import type { ServiceName } from '../system/instances';
import { checkDefaultProjects } from './check-default-projects';
import { checkDomainTypes } from './check-domain-types';
import { checkStates } from './check-states';
import { checkSteps } from './check-steps';
import { compareRows } from './compare-rows';
import type { Finding } from './finding';

/**
 * Checks the databases with plain SQL; shares no code with the product. `compare` requires that writes have stopped;
 * the history can be checked at any time.
 */
export class Checker {
  constructor(private readonly database: (service: ServiceName) => Pool) {}

  /** Current differences between replicas and sources. */
  async compare(): Promise<Finding[]> {
    const findings = [];
    for (const { source, replica } of REPLICATED) {
      findings.push(
        await compareRows(
          { table: source, database: this.database(source.database) },
          { table: replica, database: this.database(replica.database) },
        ),
      );
    }
    findings.push(await checkDomainTypes(this.database('sharing')));
    return findings.flat();
  }

  /** All violations in the recorded history. */
  async checkHistory(): Promise<Finding[]> {
    const findings = [];
    for (const { source, replica } of REPLICATED) {
      findings.push(
        await checkStates(
          { table: source, database: this.database(source.database) },
          { table: replica, database: this.database(replica.database) },
        ),
      );
    }
    for (const service of ['sharing', 'registry'] as const) {
      findings.push(await checkSteps(service, this.database(service)));
    }
    findings.push(await checkDefaultProjects(this.database('profile'), this.database('registry')));
    return findings.flat();
  }
}
