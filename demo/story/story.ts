import { profileAlone } from './1-profile-alone';
import { subscribersArrive } from './2-subscribers-arrive';
import { changesFlow } from './3-changes-flow';
import { managerKilled } from './4-manager-killed';
import { secondInstance } from './5-second-instance';
import { unsubscribeAndAgain } from './6-unsubscribe-and-again';
import { badInput } from './7-bad-input';
import type { StoryStep } from './story-system';

/** The steps in order; each depends on the earlier ones. */
export const STORY: readonly StoryStep[] = [
  profileAlone,
  subscribersArrive,
  changesFlow,
  managerKilled,
  secondInstance,
  unsubscribeAndAgain,
  badInput,
];
