import { runMain } from '@dbem/platform';
import { start } from './start';

runMain(() => start(process.env));
