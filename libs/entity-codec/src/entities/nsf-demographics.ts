import { enumeration, list, text } from './field-shapes';
import { optional, required, struct } from './struct-shape';

const US_CITIZENSHIPS = ['US_CITIZEN', 'US_PERMANENT_RESIDENT', 'OTHER_NON_US_CITIZEN'] as const;
const ETHNICITIES = ['HISPANIC_LATINO', 'NOT_HISPANIC_LATINO'] as const;
const RACES = [
  'ASIAN',
  'AMERICAN_INDIAN_OR_ALASKAN_NATIVE',
  'BLACK_OR_AFRICAN_AMERICAN',
  'NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER',
  'WHITE',
] as const;
const DISABILITIES = [
  'HEARING_IMPAIRED',
  'VISUAL_IMPAIRED',
  'MOBILITY_OR_ORTHOPEDIC_IMPAIRMENT',
  'OTHER_IMPAIRMENT',
] as const;

export interface NsfDemographics {
  readonly airavataInternalUserId: string;
  readonly gender?: string;
  readonly usCitizenship?: (typeof US_CITIZENSHIPS)[number];
  readonly ethnicities?: readonly (typeof ETHNICITIES)[number][];
  readonly races?: readonly (typeof RACES)[number][];
  readonly disabilities?: readonly (typeof DISABILITIES)[number][];
}

export const nsfDemographicsShape = struct<NsfDemographics>({
  airavataInternalUserId: required(text),
  gender: optional(text),
  usCitizenship: optional(enumeration(US_CITIZENSHIPS)),
  ethnicities: optional(list(enumeration(ETHNICITIES))),
  races: optional(list(enumeration(RACES))),
  disabilities: optional(list(enumeration(DISABILITIES))),
});
