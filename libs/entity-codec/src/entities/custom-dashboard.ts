import { text } from './field-shapes';
import { optional, required, struct } from './struct-shape';

/** The columns that a user sees on the dashboard; strings, as written by the gateways' portals. */
export interface CustomDashboard {
  readonly airavataInternalUserId: string;
  readonly experimentId?: string;
  readonly name?: string;
  readonly description?: string;
  readonly project?: string;
  readonly owner?: string;
  readonly application?: string;
  readonly computeResource?: string;
  readonly jobName?: string;
  readonly jobId?: string;
  readonly jobStatus?: string;
  readonly jobCreationTime?: string;
  readonly notificationsTo?: string;
  readonly workingDir?: string;
  readonly jobDescription?: string;
  readonly creationTime?: string;
  readonly lastModifiedTime?: string;
  readonly wallTime?: string;
  readonly cpuCount?: string;
  readonly nodeCount?: string;
  readonly queue?: string;
  readonly inputs?: string;
  readonly outputs?: string;
  readonly storageDir?: string;
  readonly errors?: string;
}

export const customDashboardShape = struct<CustomDashboard>({
  airavataInternalUserId: required(text),
  experimentId: optional(text),
  name: optional(text),
  description: optional(text),
  project: optional(text),
  owner: optional(text),
  application: optional(text),
  computeResource: optional(text),
  jobName: optional(text),
  jobId: optional(text),
  jobStatus: optional(text),
  jobCreationTime: optional(text),
  notificationsTo: optional(text),
  workingDir: optional(text),
  jobDescription: optional(text),
  creationTime: optional(text),
  lastModifiedTime: optional(text),
  wallTime: optional(text),
  cpuCount: optional(text),
  nodeCount: optional(text),
  queue: optional(text),
  inputs: optional(text),
  outputs: optional(text),
  storageDir: optional(text),
  errors: optional(text),
});
