import { runMain } from '@dbem/service-kit';
import { start } from './start';

runMain(() => start(process.env));
